/**
 * `task wait`: until a task is as somebody wants it.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { TaskRef } from "../query/find_task.ts";
import { loadTask } from "../query/load_tasks.ts";
import type { TaskMeta } from "../query/task_meta.ts";
import type { TaskStatus } from "../query/effective_status.ts";
import { isActiveState } from "../query/launched_container.ts";

/** What to wait for: an end, readiness, absence, or a status word. */
export type WaitCondition = "exited" | "ready" | "deleted" | { readonly status: TaskStatus };

/** How long to pause between two looks. */
const POLL_MS_MIN = 50;
const POLL_MS_MAX = 1000;

/**
 * Waits; what is true already is success at once. Returns the task, or null when it is gone and
 * that satisfies the condition. Errors: `wait_timeout`, `task_not_found` (gone, and not waited
 * for), `wrong_state` (it can no longer become so), exit 9.
 */
export async function waitForTask(
  carrel: Carrel,
  ref: TaskRef,
  condition: WaitCondition,
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<TaskMeta | null> {
  const { clock } = carrel.host;
  const deadline = options.timeoutMs === undefined ? Infinity : clock.monotonicMs() + options.timeoutMs;
  for (let pauseMs = POLL_MS_MIN;; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    const meta = await loadOrNull(carrel, ref, condition);
    if (meta === null || holds(meta, condition)) return meta;
    refuseHopeless(meta, condition);
    const leftMs = deadline - clock.monotonicMs();
    if (leftMs <= 0) {
      throw new AppError(
        "wait_timeout",
        `task ${ref.project}/${ref.id} is ${meta.status} and the time is up`,
        {
          hint: "give a longer --timeout, or none",
        },
      );
    }
    await clock.sleep(Math.min(pauseMs, leftMs), options.signal);
  }
}

async function loadOrNull(carrel: Carrel, ref: TaskRef, condition: WaitCondition): Promise<TaskMeta | null> {
  try {
    return (await loadTask(carrel, ref)).meta;
  } catch (error) {
    if (condition === "deleted" && isAppError(error, "task_not_found", "project_not_found")) return null;
    throw error;
  }
}

function holds(meta: TaskMeta, condition: WaitCondition): boolean {
  if (condition === "deleted") return false;
  if (condition === "ready") return meta.initialized;
  if (condition === "exited") {
    const mayRun = meta.container_state !== null && isActiveState(meta.container_state);
    return !mayRun && ["completed", "failed", "stopped", "not found"].includes(meta.status);
  }
  return meta.status === condition.status;
}

/** A task that has ended before it was ready will not become so by waiting. */
function refuseHopeless(meta: TaskMeta, condition: WaitCondition): void {
  if (condition !== "ready" || !["completed", "failed", "stopped"].includes(meta.status)) return;
  throw new AppError("wrong_state", `task ${meta.project_id}/${meta.task_id} ended before it was ready`, {
    hint: `see its output: \`carrel task logs ${meta.project_id}/${meta.task_id}\``,
  });
}
