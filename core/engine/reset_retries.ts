/**
 * `retry reset`: the failed starts of a task are forgotten.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { formatAddress } from "../identity/address.ts";
import type { TaskRef } from "../query/find_task.ts";
import { IntentRetryGovernor } from "../state/managers/intent_retry_governor.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";

/** How often it was turned down until then. */
export interface RetriesReset {
  readonly count: number;
}

/** Forgets them; nothing is changed when there are none. */
export async function resetRetries(
  carrel: Carrel,
  { project, id }: TaskRef,
  options: MutationOptions = {},
): Promise<Performed<RetriesReset>> {
  const deed = { verb: "retry reset", project, task: id };
  return await perform(carrel, deed, options, async (op): Promise<RetriesReset> => {
    const stores = await carrel.existingState();
    if (stores === null) return { count: 0 };
    const governor = new IntentRetryGovernor({ storage: stores.intentRetry });
    const flow = formatAddress(project, id);
    const count = await governor.getCount(flow);
    if (count > 0) await op.step("forget failed starts", flow, () => governor.reset(flow));
    return { count };
  });
}
