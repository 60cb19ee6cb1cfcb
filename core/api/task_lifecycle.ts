/**
 * The life of a task: made, named, looked at, stopped, deleted.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { formatFields } from "../text/format_fields.ts";
import { captureLogs } from "../engine/capture_logs.ts";
import { createTask } from "../engine/create_task.ts";
import { deleteTask } from "../engine/delete_task.ts";
import { loginArgv } from "../engine/exec_task.ts";
import { observeTask } from "../engine/observe_tasks.ts";
import { recordEnd } from "../engine/record_end.ts";
import { renameTask } from "../engine/rename_task.ts";
import { stopTask } from "../engine/stop_task.ts";
import { isAppError } from "../error.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { invariant } from "../invariant.ts";
import { parseTaskName } from "../naming/parse_task_name.ts";
import { findContainer, neverRan } from "../query/launched_container.ts";
import { runtimeOf } from "../query/runtime_of.ts";
import { openProject } from "../query/open_project.ts";
import { readStoredTask } from "../query/stored_task.ts";
import { taskFields } from "../query/task_fields.ts";
import { toTaskView } from "../query/task_meta.ts";
import { parseTaskRef } from "./parse_task_ref.ts";

/** What a new task may be given. */
export interface TaskNewOptions {
  /** A name as a person types it; a random one when null or absent. */
  readonly name?: string | null;
}

/**
 * Makes a task: an id of its own, a directory with an empty workspace and the new-task marker (the first
 * start sets the workspace to the remote's head), a record. Returns the id. Throws `project_not_found`,
 * `invalid_task_name`, `disk_full`, `permission_denied`, `storage_failed`.
 */
export async function taskNew(
  carrel: Carrel,
  project: string,
  options: TaskNewOptions = {},
): Promise<string> {
  const { ref } = await createTask(carrel, parseProjectId(project), { name: options.name ?? null });
  invariant(ref !== null, "a task that was made has an id");
  return ref.id;
}

/**
 * Gives a task another name, running or not, and says so. Throws `task_not_found`, `invalid_task_name`,
 * `lock_timeout`.
 */
export async function taskRename(
  carrel: Carrel,
  project: string,
  taskId: string,
  newName: string,
): Promise<string> {
  const { changed } = await renameTask(carrel, parseTaskRef(project, taskId), newName);
  return `${project}/${taskId} is ${changed ? "now" : "already"} named ${parseTaskName(newName)}`;
}

/** How a task is stopped. */
export interface TaskStopOptions {
  /** Seconds between the request to end and the kill; `run.shutdown_timeout` when null or absent. */
  readonly timeout?: number | null;
}

/**
 * Stops a task's container and says so; one that does not run is left as it is. Throws `task_not_found`,
 * `never_ran` (the commands take that for stopped already), `lock_timeout`, and the error of a runtime that
 * fails.
 */
export async function taskStop(
  carrel: Carrel,
  project: string,
  taskId: string,
  options: TaskStopOptions = {},
): Promise<string> {
  const ref = parseTaskRef(project, taskId);
  const { record } = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
  if (record.mode === null) throw neverRan(`${project}/${taskId}`);
  const { changed } = await stopTask(carrel, ref, { timeoutS: options.timeout ?? null });
  const address = `${project}/${taskId}`;
  return changed
    ? `stopped ${address}; start it again with \`carrel task start ${address}\``
    : `${address} is not running`;
}

/**
 * What a deletion left to say. The task is deleted, whatever the warnings.
 *
 * @example
 * ```ts
 * import { TaskDeleteResult } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * assertEquals(new TaskDeleteResult("q7m2x", []).warnings, []);
 * ```
 */
export class TaskDeleteResult {
  /** Makes a value; nothing is deleted. */
  constructor(
    /** The id that the task had. */
    readonly task_id: string,
    /** One sentence for each thing that could not be cleaned up. */
    readonly warnings: readonly string[],
  ) {}
}

/**
 * Deletes a task: stops it, moves its whole directory into the archive, removes containers and record.
 *
 * Throws before anything is removed: `task_not_found`, `lock_timeout`, the error of a runtime that cannot
 * say whether the task runs, `archive_failed` (the task is stopped but whole). Once the archive is made it
 * does not throw; what could not be cleaned up is in the warnings.
 */
export async function taskDelete(carrel: Carrel, project: string, taskId: string): Promise<TaskDeleteResult> {
  const { warnings } = await deleteTask(carrel, parseTaskRef(project, taskId));
  return new TaskDeleteResult(taskId, warnings);
}

/**
 * The argv that logs a person in to a running task: tmux, bash or sh, what the image has. Throws
 * `task_not_found`, `never_ran`, `wrong_state` (not running), and the error of a runtime that fails.
 */
export async function getLoginCommand(
  carrel: Carrel,
  project: string,
  taskId: string,
): Promise<readonly [string, ...string[]]> {
  return await loginArgv(carrel, parseTaskRef(project, taskId));
}

/**
 * Logs the person at this process's own terminal in to a running task; the exit code of the shell once
 * they have left (1 when a signal ended it). Throws as {@linkcode getLoginCommand} does.
 */
export async function taskLogin(carrel: Carrel, project: string, taskId: string): Promise<number> {
  const argv = await getLoginCommand(carrel, project, taskId);
  const { code } = await carrel.host.processes.attach({ argv });
  return code ?? 1;
}

/**
 * How a task is, as aligned lines for people. Throws `task_not_found`, `record_damaged`, and the error of a
 * runtime that does not answer.
 */
export async function taskStatus(carrel: Carrel, project: string, taskId: string): Promise<string> {
  const { meta, question } = await observeTask(carrel, parseTaskRef(project, taskId));
  return formatFields(taskFields(toTaskView(meta), (text) => text, question ?? undefined)).trimEnd();
}

/**
 * Makes sure that a container's output, both streams, is in the task's `logs/container.log`; the path of
 * it. Null when there is no container in that mode and no log of it, or the runtime fails. Throws
 * `task_not_found`, `record_damaged`.
 */
export async function captureTaskLogs(
  carrel: Carrel,
  project: string,
  taskId: string,
  mode: string,
): Promise<string | null> {
  const ref = parseTaskRef(project, taskId);
  const stored = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
  const task = { ...stored, record: { ...stored.record, mode } };
  try {
    return await captureLogs(carrel, task, await findContainer(carrel, task));
  } catch (error) {
    if (isAppError(error, "runtime_unavailable", "runtime_failed", "runtime_timeout")) return null;
    throw error;
  }
}

/** How waiting for a container ended: one of the two is null. */
export interface ContainerExit {
  /** The exit code; null when it did not end in time or is not known. */
  readonly exit_code: number | null;
  /** Why there is no exit code; null when there is one. */
  readonly error_message: string | null;
}

/**
 * Waits until a task's container has ended, at most `timeout` seconds, and records its exit code (but for
 * a container that carrel stopped: that is no end of its own). What goes wrong with the container is told,
 * not thrown. Throws `task_not_found`, `record_damaged`.
 */
export async function waitForContainerExit(
  carrel: Carrel,
  containerName: string,
  project: string,
  taskId: string,
  timeout = 7200,
): Promise<ContainerExit> {
  const ref = parseTaskRef(project, taskId);
  const task = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
  try {
    const { runtime } = await runtimeOf(carrel, task.project, task.record);
    const { code } = await runtime.wait(containerName, { timeoutMs: timeout * 1000 });
    await recordEnd(carrel, task, carrel.lockTimeoutMs);
    const error_message = code === null ? `the exit code of container ${containerName} is not known` : null;
    return { exit_code: code, error_message };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const error_message = error.code === "wait_timeout"
      ? `container ${containerName} has not ended within ${timeout} seconds`
      : error.message;
    return { exit_code: null, error_message };
  }
}
