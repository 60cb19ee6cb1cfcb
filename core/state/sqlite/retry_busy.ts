/**
 * Waiting for a database that another process is writing to.
 *
 * @module
 */
import type { Clock } from "../../port/host.ts";
import { isBusy } from "./sqlite_failure.ts";

/**
 * Between two tries; the statement itself has waited already. Where many wait, those who look too often take
 * the processor from the one who writes, and the unlucky wait longer.
 */
const PAUSE_MAX_MS = 100;

/**
 * Calls `attempt` again, with pauses, while it fails because the database is busy; then throws that error.
 *
 * @param timeoutMs from now until the last try; 0 = exactly one
 */
export async function retryBusy<Result>(
  attempt: () => Result,
  timeoutMs: number,
  clock: Pick<Clock, "monotonicMs" | "sleep">,
): Promise<Result> {
  const endMs = clock.monotonicMs() + timeoutMs;
  for (let pauseMs = 1;; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    try {
      return attempt();
    } catch (error) {
      const leftMs = endMs - clock.monotonicMs();
      if (!isBusy(error) || leftMs <= 0) throw error;
      await clock.sleep(Math.min(pauseMs, leftMs));
    }
  }
}
