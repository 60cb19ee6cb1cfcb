/**
 * Waits until a task that serves a port answers on it.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { TaskRef } from "../query/find_task.ts";
import { waitForTask } from "./wait_for_task.ts";
import { markReady } from "./readiness.ts";
import { withTask } from "./with_task.ts";

const READY_TIMEOUT_MS = 60_000;

/** Waits at most a minute (`wait_timeout`), then records that the task is ready. `wrong_state` if it ended first. */
export async function awaitReady(carrel: Carrel, ref: TaskRef): Promise<void> {
  await waitForTask(carrel, ref, "ready", { timeoutMs: READY_TIMEOUT_MS, heedsQuestions: false });
  await withTask(
    carrel,
    { dryRun: false },
    ref,
    (task) => markReady(carrel, task, carrel.host.clock.nowMicros()),
  );
}
