/**
 * The answer of `storage usage`: what takes the disk, in the words of JSON output.
 *
 * All figures are bytes. `..._bytes` are apparent sizes, `..._allocated_bytes` what that takes on the disk. A file
 * counts once in each part that has a name of it, so that sums are those of their parts (decision 7).
 *
 * @module
 */
import type { Unreadable } from "./tree_usage.ts";

/** A task's directory. */
export interface TaskUsage {
  readonly project_id: string;
  readonly task_id: string;
  readonly name: string | null;
  readonly workspace_bytes: number;
  readonly agent_config_bytes: number;
  /** Workspace and agent configuration together. */
  readonly total_bytes: number;
  readonly logs_bytes: number;
  /** The whole directory, with its logs and whatever else is in it. */
  readonly directory_bytes: number;
  readonly workspace_allocated_bytes: number;
  readonly agent_config_allocated_bytes: number;
  readonly logs_allocated_bytes: number;
  readonly directory_allocated_bytes: number;
}

/** Something with one figure. */
interface SingleUsage {
  readonly bytes: number;
  readonly allocated_bytes: number;
}

/** An agent's directory that all containers share. */
export interface MountUsage extends SingleUsage {
  readonly name: string;
  readonly label: string;
}

/** A project's clone cache. */
export interface CacheUsage extends SingleUsage {
  readonly project_id: string;
}

/** What a deletion left. */
export interface ArchiveUsage extends SingleUsage {
  readonly project_id: string;
  readonly archive_id: string;
  readonly task_id: string;
}

/** What a container has written outside of its mounts; engines do not tell blocks and sizes apart. */
export interface ContainerUsage {
  /** Null when its labels do not tell, as the next one. */
  readonly project_id: string | null;
  readonly task_id: string | null;
  readonly container_name: string;
  readonly bytes: number;
}

/** What lies among tasks or archives and is neither. */
export interface OtherUsage extends SingleUsage {
  readonly project_id: string;
  readonly path: string;
}

/** All of it. */
export interface StorageUsage {
  /** By project and id. */
  readonly tasks: readonly TaskUsage[];
  /** By name. */
  readonly mounts: readonly MountUsage[];
  readonly caches: readonly CacheUsage[];
  readonly archives: readonly ArchiveUsage[];
  readonly others: readonly OtherUsage[];
  /** Null unless asked for. */
  readonly containers: readonly ContainerUsage[] | null;
  /** Everything that is listed. */
  readonly total_bytes: number;
  readonly total_allocated_bytes: number;
  readonly unreadable: readonly Unreadable[];
}
