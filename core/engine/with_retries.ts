/**
 * Trying again what failed for reasons of the runtime.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { IntentRetryGovernor } from "../state/managers/intent_retry_governor.ts";
import { resourceFlow } from "./task_resources.ts";
import type { HeldTask } from "./with_task.ts";

/** However often it was doubled, a pause is no longer than this. */
const PAUSE_MAX_S = 300;

/**
 * Makes the attempt, and as long as the runtime fails makes it again: `run.retries.max` times, after pauses that
 * begin with `run.retries.backoff` and double. Failures are counted per task until a start succeeds, over all
 * commands: a task whose tries are used up gets one attempt a command (`carrel retry reset` forgives it).
 *
 * @param isDone whether an attempt that failed has had its effect all the same
 */
export async function withRetries(
  carrel: Carrel,
  task: HeldTask,
  attempt: () => Promise<void>,
  isDone: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<void> {
  const { config } = task.project;
  const max = config.getOrDefault("run.retries.max");
  const governor = new IntentRetryGovernor({ storage: (await carrel.state()).intentRetry });
  const flow = resourceFlow(task.ref);
  for (let pauseS = config.getOrDefault("run.retries.backoff");; pauseS = Math.min(2 * pauseS, PAUSE_MAX_S)) {
    try {
      await attempt();
      break;
    } catch (error) {
      if (isAppError(error) && await isDone()) break;
      if (!isAppError(error, "runtime_unavailable", "runtime_failed", "runtime_timeout")) throw error;
      const failures = await governor.recordRejection(flow);
      if (failures > max) throw error;
      const text = `${error.message}; trying again in ${pauseS} s (${failures} of ${max})`;
      carrel.notify({ kind: "warning", text });
      await carrel.host.clock.sleep(1000 * pauseS);
    }
  }
  if (await governor.getCount(flow) > 0) await governor.reset(flow);
}
