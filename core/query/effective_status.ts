/**
 * What state a task is in, from its record and its container.
 *
 * @module
 */

/** The status words. */
export const TASK_STATUSES = [
  "created",
  "starting",
  "init",
  "running",
  "stopped",
  "completed",
  "failed",
  "not found",
  "deleting",
] as const;

/** A status word; `unknown` only where the runtime could not answer. */
export type TaskStatus = typeof TASK_STATUSES[number] | "unknown";

/** The facts a status is computed from. */
export interface TaskState {
  /** The runtime's word for the container's state; null when there is no container. */
  readonly container_state: string | null;
  /** How the last run ended; null when it has not, or the code is not known. */
  readonly exit_code: number | null;
  /** Whether a deletion has begun. */
  readonly deleting: boolean;
  /** Whether the task has been ready at least once. */
  readonly initialized: boolean;
  /** A start is under way in this process; never stored. */
  readonly starting: boolean;
}

/**
 * The effective status: deletion first, then the container, then what the record remembers.
 *
 * @example
 * ```ts
 * import { effectiveStatus } from "./effective_status.ts";
 * import { assertEquals } from "@std/assert";
 * const facts = { container_state: "exited", exit_code: 7, deleting: false, initialized: true, starting: false };
 * assertEquals(effectiveStatus(facts), "failed");
 * ```
 */
export function effectiveStatus(state: TaskState): TaskStatus {
  if (state.deleting) return "deleting";
  if (state.container_state === "running") return state.initialized ? "running" : "init";
  if (state.container_state !== null) return finishedStatus(state.exit_code) ?? "stopped";
  if (state.starting) return "starting";
  if (!state.initialized) return "created";
  return finishedStatus(state.exit_code) ?? "not found";
}

function finishedStatus(exitCode: number | null): TaskStatus | null {
  if (exitCode === null) return null;
  return exitCode === 0 ? "completed" : "failed";
}
