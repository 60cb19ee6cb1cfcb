/**
 * What tasks and shared mounts take on the disk.
 *
 * @module
 */
import { basename, isAbsolute, join, normalize } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { isTaskId } from "../identity/task_id.ts";
import { ifPresent } from "../if_present.ts";
import { listMountItems } from "../storage/mount_items.ts";
import { type ItemUsage, listTaskParts, measureItems } from "../storage/storage_item.ts";

/**
 * What a task's directories take. Bytes are apparent sizes of regular files, each inode once in each of the two;
 * links are not followed.
 *
 * @example
 * ```ts
 * import { TaskStorageInfo } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * assertEquals(new TaskStorageInfo("q7m2x", 4096, 12).total_bytes, 4108);
 * ```
 */
export class TaskStorageInfo {
  /** Workspace and agent configuration together. */
  readonly total_bytes: number;

  /** Makes a value; nothing is measured. */
  constructor(
    /** The task; the name of its directory. */
    readonly task_id: string,
    /** What the agent has written into its workspace. */
    readonly workspace_bytes: number,
    /** The files between carrel and the agent. */
    readonly agent_config_bytes: number,
  ) {
    this.total_bytes = workspace_bytes + agent_config_bytes;
  }

  /**
   * Measures a task's directory; zero for what is absent. What cannot be read is named in warnings. Throws
   * `invalid_value` for a relative path, `storage_failed` when the scan breaks off.
   */
  static async measure(carrel: Carrel, taskDir: string): Promise<TaskStorageInfo> {
    const dir = requireAbsolute(taskDir);
    const [info = new TaskStorageInfo(basename(dir), 0, 0)] = await measureTasks(carrel, [dir]);
    return info;
  }

  /**
   * Measures every task below a directory of tasks, sorted by id; none when it is absent. What is not named
   * as a task is no task. Throws as {@linkcode TaskStorageInfo.measure} does.
   */
  static async measureAll(carrel: Carrel, tasksRoot: string): Promise<TaskStorageInfo[]> {
    const root = requireAbsolute(tasksRoot);
    const entries = await ifPresent(carrel.host.files.list(root)) ?? [];
    const tasks = entries.filter(({ name, kind }) => kind === "directory" && isTaskId(name));
    return await measureTasks(carrel, tasks.map(({ name }) => join(root, name)));
  }
}

/**
 * What a directory takes that all containers share.
 *
 * @example
 * ```ts
 * import { SharedMountStorageInfo } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * assertEquals(new SharedMountStorageInfo("_claude-config", "Claude", 4096).label, "Claude");
 * ```
 */
export class SharedMountStorageInfo {
  /** Makes a value; nothing is measured. */
  constructor(
    /** The name of the directory. */
    readonly name: string,
    /** What people call it. */
    readonly label: string,
    /** Apparent sizes of its regular files, each inode once. */
    readonly bytes: number,
  ) {}

  /**
   * Measures each shared mount, sorted by name; none when their directory, by default carrel's own, is
   * absent. Labels are those of `agents` in the configuration, else made from the name. What cannot be read
   * is named in warnings. Throws `invalid_value` for a relative path, `storage_failed`.
   */
  static async measureAll(
    carrel: Carrel,
    mountsBase: string | null = null,
  ): Promise<SharedMountStorageInfo[]> {
    const base = requireAbsolute(mountsBase ?? carrel.paths.mountsDir);
    const problems: AppError[] = [];
    const mounts = await listMountItems(carrel, base, problems);
    const [problem] = problems;
    if (problem !== undefined) throw problem;
    const measured = await measureItems(carrel, mounts);
    return Array.from(measured, ([{ name, label }, usage]) => {
      warnOfUnreadable(carrel, usage);
      return new SharedMountStorageInfo(name, label, usage.whole.bytes);
    });
  }
}

async function measureTasks(carrel: Carrel, dirs: readonly string[]): Promise<TaskStorageInfo[]> {
  const config = await carrel.config();
  const items = await Promise.all(dirs.map(async (dir) => ({
    config,
    id: basename(dir),
    parts: (await listTaskParts(carrel.host.files, dir))
      .filter(({ part }) => part === "workspace" || part === "agent_config"),
  })));
  return Array.from(await measureItems(carrel, items), ([{ id }, usage]) => {
    warnOfUnreadable(carrel, usage);
    return new TaskStorageInfo(id, usage.of("workspace").bytes, usage.of("agent_config").bytes);
  });
}

function warnOfUnreadable(carrel: Carrel, { unreadable }: ItemUsage): void {
  for (const { path, reason } of unreadable) {
    carrel.notify({ kind: "warning", text: `${path} is not counted: ${reason}` });
  }
}

function requireAbsolute(path: string): string {
  if (isAbsolute(path)) return normalize(path).replace(/(?<=.)\/$/, "");
  throw new AppError("invalid_value", `${JSON.stringify(path)} is not an absolute path`);
}
