/**
 * Measures all of carrel's, or one project's.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { AppError } from "../error.ts";
import { isProjectId, type ProjectId } from "../identity/project_id.ts";
import { invariant } from "../invariant.ts";
import { listProjectIds } from "../query/list_project_ids.ts";
import { measureContainers } from "./measure_containers.ts";
import { listMountItems } from "./mount_items.ts";
import { listProjectItems, type TaskItem } from "./project_items.ts";
import { readOrMiss } from "./read_or_miss.ts";
import type { ScanProgress } from "./scan_trees.ts";
import { type ItemUsage, measureItems, type StorageItem } from "./storage_item.ts";
import type { StorageUsage, TaskUsage } from "./storage_usage.ts";
import { sumUsage } from "./tree_usage.ts";

/** The figures, and why they may be incomplete. */
export interface MeasuredStorage {
  readonly usage: StorageUsage;
  /** One for each place that could not be looked at as a whole. */
  readonly problems: readonly AppError[];
}

/** What {@linkcode measureStorage} may be given. */
export interface MeasureStorageOptions {
  /** Whether to ask the runtimes what containers have written outside of their mounts. */
  readonly containers?: boolean;
  /** Is called as figures come. */
  readonly onProgress?: (progress: ScanProgress) => void;
}

/**
 * Measures what one project has on the disk, also a deleted one; or, with null, what all have, and the
 * shared mounts. Errors: `storage_failed` when a scan breaks off, and those of listing projects.
 */
export async function measureStorage(
  carrel: Carrel,
  project: ProjectId | null,
  options: MeasureStorageOptions = {},
): Promise<MeasuredStorage> {
  const problems: AppError[] = [];
  const projects = project === null ? await listEveryProject(carrel, problems) : [project];
  const found = await Promise.all(projects.map((id) => listProjectItems(carrel, id, problems)));
  const tasks = found.flatMap((items) => items.tasks);
  const caches = found.flatMap((items) => items.caches);
  const archives = found.flatMap((items) => items.archives);
  const others = found.flatMap((items) => items.others);
  const mounts = project === null ? await listMountItems(carrel, carrel.paths.mountsDir, problems) : [];

  const items: StorageItem[] = [...tasks, ...mounts, ...caches, ...archives, ...others];
  const measured = await measureItems(carrel, items, options.onProgress);
  const containers = options.containers === true
    ? await measureContainers(carrel, projects, project === null ? {} : { project }, problems)
    : null;
  const usageOf = (item: StorageItem): ItemUsage => {
    const usage = measured.get(item);
    invariant(usage !== undefined, "every item was measured");
    return usage;
  };
  const single = (item: StorageItem) => {
    const { bytes, allocatedBytes } = usageOf(item).whole;
    return { bytes, allocated_bytes: allocatedBytes };
  };
  const total = sumUsage([
    ...items.map((item) => usageOf(item).whole),
    ...(containers ?? []).map(({ bytes }) => ({ bytes, allocatedBytes: bytes })),
  ]);
  const usage: StorageUsage = {
    tasks: tasks.map((task) => toTaskUsage(task, usageOf(task))),
    mounts: mounts.map((mount) => ({ name: mount.name, label: mount.label, ...single(mount) })),
    caches: caches.map((cache) => ({ project_id: cache.project, ...single(cache) })),
    archives: archives.map((archive) => ({
      project_id: archive.project,
      archive_id: archive.archiveId,
      task_id: archive.taskId,
      ...single(archive),
    })),
    others: others.map((other) => ({ project_id: other.project, path: other.path, ...single(other) })),
    containers,
    total_bytes: total.bytes,
    total_allocated_bytes: total.allocatedBytes,
    unreadable: items.flatMap((item) => usageOf(item).unreadable),
  };
  return { usage, problems };
}

function toTaskUsage({ project, id, name }: TaskItem, usage: ItemUsage): TaskUsage {
  const [workspace, agentConfig, logs] = [usage.of("workspace"), usage.of("agent_config"), usage.of("logs")];
  return {
    project_id: project,
    task_id: id,
    name,
    workspace_bytes: workspace.bytes,
    agent_config_bytes: agentConfig.bytes,
    total_bytes: workspace.bytes + agentConfig.bytes,
    logs_bytes: logs.bytes,
    directory_bytes: usage.whole.bytes,
    workspace_allocated_bytes: workspace.allocatedBytes,
    agent_config_allocated_bytes: agentConfig.allocatedBytes,
    logs_allocated_bytes: logs.allocatedBytes,
    directory_allocated_bytes: usage.whole.allocatedBytes,
  };
}

/** Names of all projects that have, or have left, anything. */
async function listEveryProject(carrel: Carrel, problems: AppError[]): Promise<ProjectId[]> {
  const { liveRoot, cloneCacheRoot, archiveRoot } = carrel.paths;
  const [listed, ...left] = await Promise.all([
    listProjectIds(carrel),
    ...[liveRoot, cloneCacheRoot, archiveRoot].map(async (root) => {
      const entries = await readOrMiss(problems, carrel.host.files.list(root)) ?? [];
      return entries.flatMap(({ name, kind }) => kind === "directory" && isProjectId(name) ? [name] : []);
    }),
  ]);
  return [...new Set([listed, ...left].flat())].sort();
}
