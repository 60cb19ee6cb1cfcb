/**
 * Waiting for a database that another process is writing to.
 *
 * @module
 */
import type { Clock } from "../../port/host.ts";
import { isBusy } from "./sqlite_failure.ts";

/**
 * Between two tries, as a part of the time waited so far; the statement itself has waited already. Where many
 * wait long, those who look too often take the processor from the one who writes.
 */
const PAUSE_PER_WAITED = 1 / 32;
const PAUSE_MIN_MS = 1;
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
  const startMs = clock.monotonicMs();
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      const waitedMs = clock.monotonicMs() - startMs;
      if (!isBusy(error) || waitedMs >= timeoutMs) throw error;
      const pauseMs = Math.min(Math.max(waitedMs * PAUSE_PER_WAITED, PAUSE_MIN_MS), PAUSE_MAX_MS);
      await clock.sleep(Math.min(pauseMs, timeoutMs - waitedMs));
    }
  }
}
