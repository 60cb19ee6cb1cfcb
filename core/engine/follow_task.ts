/**
 * Streams a running task's output until it ends.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { newTaskMarkerPath } from "../meta/paths.ts";
import type { ExitReason, LogChunk, Runtime } from "../port/runtime.ts";
import type { TaskRef } from "../query/find_task.ts";
import { findContainer } from "../query/launched_container.ts";
import { endFacts } from "../query/live_states.ts";
import { openProject, type Project } from "../query/open_project.ts";
import { readStoredTask } from "../query/stored_task.ts";
import { INIT_FAILED_EXIT } from "./init_script.ts";
import { recordEnd } from "./record_end.ts";

/** The exit status for a task that was stopped and whose own is not known: as of SIGTERM. */
const STOPPED_EXIT = 143;

/** How a followed task ended. */
export interface FollowEnd {
  readonly exit_code: number | null;
  readonly exit_reason: ExitReason;
}

/**
 * Follows a task from the beginning of its output. Returns how it ended and records it. Errors:
 * `never_ran`, `container_absent`, `init_failed` (its workspace could not be prepared), exit 9, and
 * the signal's reason when aborted.
 */
export async function followTask(
  carrel: Carrel,
  ref: TaskRef,
  onChunk: (chunk: LogChunk) => Promise<void>,
  signal: AbortSignal,
): Promise<FollowEnd> {
  const project = await openProject(carrel, ref.project);
  const task = await readStoredTask(carrel, project, ref.id);
  const { runtime, name } = await findContainer(carrel, task);
  const report = await awaitEnd(runtime, name, onChunk, signal);
  await recordEnd(carrel, task, carrel.lockTimeoutMs);
  const stoppedByUs = await wasStopped(carrel, project, ref);
  if (!stoppedByUs && report.exit_code === INIT_FAILED_EXIT && await isUnprepared(carrel, ref)) {
    throw new AppError(
      "init_failed",
      `the workspace of task ${ref.project}/${ref.id} could not be prepared`,
      {
        hint: `see what the container said: \`carrel task logs ${ref.project}/${ref.id}\``,
      },
    );
  }
  return stoppedByUs ? { ...report, exit_reason: "stopped" } : report;
}

/** Passes the output on until the container has ended; how it did. One that is taken away meanwhile ended unseen. */
async function awaitEnd(
  runtime: Runtime,
  name: string,
  onChunk: (chunk: LogChunk) => Promise<void>,
  signal: AbortSignal,
): Promise<FollowEnd> {
  // Begun before following: whoever deletes the task takes its container away with it.
  const ending = runtime.wait(name, { signal });
  ending.catch(() => {});
  try {
    for await (const chunk of runtime.logs(name, { follow: true, signal })) await onChunk(chunk);
    return endFacts(await ending);
  } catch (error) {
    if (!isAppError(error, "container_absent")) throw error;
    return { exit_code: null, exit_reason: "unknown" };
  }
}

/** Whether carrel stopped the task; a task that is gone was deleted, which stops it first. */
async function wasStopped(carrel: Carrel, project: Project, ref: TaskRef): Promise<boolean> {
  try {
    return (await readStoredTask(carrel, project, ref.id)).record.stopped_at !== null;
  } catch (error) {
    if (isAppError(error, "task_not_found")) return true;
    throw error;
  }
}

/** Whether the init script ended before it was done: it writes the ready file, then deletes the new-task marker. */
async function isUnprepared(carrel: Carrel, ref: TaskRef): Promise<boolean> {
  const { record, taskDir, readyFile } = await readStoredTask(
    carrel,
    await openProject(carrel, ref.project),
    ref.id,
  );
  if (record.initialized || readyFile) return false;
  return await carrel.host.files.info(newTaskMarkerPath(taskDir)) !== null;
}

/** The exit status of a command that followed a task to its end. */
export function followExitStatus({ exit_code, exit_reason }: FollowEnd): number {
  if (exit_code !== null) return exit_code;
  if (exit_reason === "stopped") return STOPPED_EXIT;
  throw new AppError("runtime_failed", "the container is gone and its exit code is not known");
}
