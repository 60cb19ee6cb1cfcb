/**
 * Streams a running task's output until it ends.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { newTaskMarkerPath } from "../meta/paths.ts";
import type { ExitReason, LogChunk } from "../port/runtime.ts";
import type { TaskRef } from "../query/find_task.ts";
import { findContainer } from "../query/launched_container.ts";
import { openProject } from "../query/open_project.ts";
import { readStoredTask } from "../query/stored_task.ts";
import { recordEnd } from "./record_end.ts";

/** The exit status of a run that the runtime ended because its time was up, as of timeout(1). */
const TIMED_OUT_EXIT = 124;

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
  for await (const chunk of runtime.logs(name, { follow: true, signal })) await onChunk(chunk);
  const report = await runtime.wait(name, { signal });
  await recordEnd(carrel, task, carrel.lockTimeoutMs);
  const stoppedByUs = (await readStoredTask(carrel, project, ref.id)).record.stopped_at !== null;
  if (!stoppedByUs && await initFailed(carrel, task)) {
    throw new AppError(
      "init_failed",
      `the workspace of task ${ref.project}/${ref.id} could not be prepared`,
      {
        hint: `see what the container said: \`carrel task logs ${ref.project}/${ref.id}\``,
        exit: report.code ?? 125,
      },
    );
  }
  return { exit_code: report.code, exit_reason: stoppedByUs ? "stopped" : report.reason };
}

/** The init script deletes the new-task marker last; without an upstream nobody does. */
async function initFailed(
  carrel: Carrel,
  task: Awaited<ReturnType<typeof readStoredTask>>,
): Promise<boolean> {
  if (task.project.config.get("git.upstream_url") === null) return false;
  return await carrel.host.files.info(newTaskMarkerPath(task.taskDir)) !== null;
}

/** The exit status of a command that followed a task to its end. */
export function followExitStatus({ exit_code, exit_reason }: FollowEnd): number {
  if (exit_reason === "timeout") return TIMED_OUT_EXIT;
  if (exit_code !== null) return exit_code;
  throw new AppError("runtime_failed", "the container is gone and its exit code is not known");
}
