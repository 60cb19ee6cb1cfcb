/**
 * Task records on disk: where they are, reading them, writing them.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { withTask } from "../engine/with_task.ts";
import { AppError } from "../error.ts";
import { isProjectId, parseProjectId } from "../identity/project_id.ts";
import { isTaskId, parseTaskId } from "../identity/task_id.ts";
import * as paths from "../meta/paths.ts";
import * as records from "../meta/record_store.ts";
import { replaceRecord } from "../meta/replace_record.ts";
import { toTaskRecord } from "../meta/task_record.ts";
import { openProject } from "../query/open_project.ts";
import { findTaskDir, noSuchTask } from "../query/stored_task.ts";
import { parseTaskRef } from "./parse_task_ref.ts";

/** A task's merged record, by the reference's names: `project_id`, `task_id`, `name`, `mode`, ... */
export type TaskMetaMap = Record<string, unknown>;

/** What {@linkcode loadTaskMeta} returns. */
export interface LoadedTaskMeta {
  /** The merged record of dossier and bookkeeping. */
  readonly meta: TaskMetaMap;
  /** The handle to write it back with {@linkcode writeTaskMeta}. */
  readonly dossier_path: string;
}

/** The directory of a project's task records. Nothing is read. Throws `invalid_project_name`. */
export function tasksMetaDir(carrel: Carrel, project: string): string {
  return carrel.paths.tasksMetaDir(parseProjectId(project));
}

/** The directory of a project's archived tasks. Nothing is read. Throws `invalid_project_name`. */
export function tasksArchiveDir(carrel: Carrel, project: string): string {
  return carrel.paths.archiveDir(parseProjectId(project));
}

/**
 * The path of a task's dossier, the public identity that other programs read. Throws `invalid_task_id`.
 *
 * @example
 * ```ts
 * import { dossierPath } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * assertEquals(dossierPath("/srv/tasks", "q7m2x"), "/srv/tasks/q7m2x_dossier.json");
 * ```
 */
export function dossierPath(metaDir: string, taskId: string): string {
  return paths.dossierPath(metaDir, parseTaskId(taskId));
}

/**
 * The path of a task's bookkeeping, which is carrel's own. Throws `invalid_task_id`.
 *
 * @example
 * ```ts
 * import { metaPath } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * assertEquals(metaPath("/srv/tasks", "q7m2x"), "/srv/tasks/q7m2x_meta.yml");
 * ```
 */
export function metaPath(metaDir: string, taskId: string): string {
  return paths.metaPath(metaDir, parseTaskId(taskId));
}

/**
 * The directory on the host that a task's container sees at `CONTAINER_TEROK_CONFIG`: where the record says,
 * else the project's usual place. It need not exist. Throws `project_not_found`, `record_damaged`.
 */
export async function agentConfigDir(carrel: Carrel, project: string, taskId: string): Promise<string> {
  const ref = parseTaskRef(project, taskId);
  const opened = await openProject(carrel, ref.project);
  const map = await records.readTaskMeta(carrel.host.files, opened.metaDir, ref.id);
  const taskDir = await findTaskDir(carrel.host, opened, toTaskRecord(map ?? {}, ref));
  return paths.agentConfigDir(taskDir);
}

/** Every id with a record in the directory, sorted; none when the directory does not exist. */
export async function* iterTaskIds(carrel: Carrel, metaDir: string): AsyncGenerator<string, void, void> {
  yield* await records.listTaskIds(carrel.host.files, metaDir) ?? [];
}

/** Whether a task has a record, sound or not; false for what is no name or id. */
export async function taskExists(carrel: Carrel, project: string, taskId: string): Promise<boolean> {
  if (!isProjectId(project) || !isTaskId(taskId)) return false;
  const metaDir = carrel.paths.tasksMetaDir(project);
  const files = [paths.dossierPath(metaDir, taskId), paths.metaPath(metaDir, taskId)];
  const found = await Promise.all(files.map((path) => carrel.host.files.info(path)));
  return found.some((info) => info !== null);
}

/**
 * The merged record of dossier and bookkeeping, either of which may be missing; null when both are. Throws
 * `record_damaged`.
 */
export async function readTaskMeta(
  carrel: Carrel,
  metaDir: string,
  taskId: string,
): Promise<TaskMetaMap | null> {
  return await records.readTaskMeta(carrel.host.files, metaDir, parseTaskId(taskId));
}

/**
 * A task's record, and the handle to write it back. Throws `task_not_found`, `record_damaged`, and
 * `wrong_state` when the task was launched in another mode than `expectedMode`; one that never ran fits any.
 */
export async function loadTaskMeta(
  carrel: Carrel,
  project: string,
  taskId: string,
  expectedMode: string | null = null,
): Promise<LoadedTaskMeta> {
  const ref = parseTaskRef(project, taskId);
  const { metaDir } = await openProject(carrel, ref.project);
  const meta = await records.readTaskMeta(carrel.host.files, metaDir, ref.id);
  if (meta === null) throw noSuchTask(ref.project, ref.id);
  const { mode } = toTaskRecord(meta, ref);
  if (expectedMode !== null && mode !== null && mode !== expectedMode) {
    throw new AppError("wrong_state", `task ${project}/${taskId} runs in mode ${mode}, not ${expectedMode}`);
  }
  return { meta, dossier_path: paths.dossierPath(metaDir, ref.id) };
}

/**
 * Writes a whole record under the task's lock: keys that `meta` lacks are removed, lines of keys that keep
 * their value stay as they are. `dossierHandle` is the path of the dossier; a project or task that `meta`
 * does not name is taken from it.
 *
 * Throws `invalid_value` for a handle that is no dossier's path and for values that a record cannot hold,
 * `record_damaged`, `lock_timeout`, and the errors of writing.
 */
export async function writeTaskMeta(
  carrel: Carrel,
  dossierHandle: string,
  meta: Readonly<TaskMetaMap>,
): Promise<void> {
  const metaDir = dirname(dossierHandle);
  const id = paths.recordFileId(basename(dossierHandle));
  const project = basename(dirname(metaDir));
  if (id === null || !isTaskId(id) || !isProjectId(project)) {
    throw new AppError("invalid_value", `${dossierHandle} is not the path of a dossier`, {
      hint: "a handle comes from dossierPath or loadTaskMeta",
    });
  }
  const whole = { ...meta, project_id: meta["project_id"] ?? meta["project_name"] ?? project };
  const lock = { project, id, timeoutMs: carrel.lockTimeoutMs };
  await records.withTaskLock(
    carrel.host.files,
    carrel.paths,
    lock,
    () => replaceRecord(carrel.host, metaDir, id, { ...whole, task_id: meta["task_id"] ?? id }),
  );
}

/**
 * Records how a task's command ended; null = not known. Throws `task_not_found`, `record_damaged`,
 * `lock_timeout`.
 */
export async function updateTaskExitCode(
  carrel: Carrel,
  project: string,
  taskId: string,
  exitCode: number | null,
): Promise<void> {
  await updateRecord(carrel, project, taskId, { exit_code: exitCode });
}

/** Records that a task is being deleted. Throws `task_not_found`, `record_damaged`, `lock_timeout`. */
export async function markTaskDeleting(carrel: Carrel, project: string, taskId: string): Promise<void> {
  await updateRecord(carrel, project, taskId, { deleting: true });
}

async function updateRecord(
  carrel: Carrel,
  project: string,
  taskId: string,
  changes: records.RecordChanges,
): Promise<void> {
  await withTask(carrel, { dryRun: false }, parseTaskRef(project, taskId), (task) => task.update(changes));
}
