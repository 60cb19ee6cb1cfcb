/**
 * `state prune`: what was done long ago is forgotten.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { formatStamp } from "../state/stamp.ts";
import { ENDED_STATUSES, findForgettable } from "./find_forgettable.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";

/** What `state prune` gives; times are `YYYY-MM-DDTHH:MM:SS.ffffffZ`. */
export interface PrunedState {
  /** What ended before this time was looked at. */
  readonly before: string;
  /** How many operations were forgotten. */
  readonly operations: number;
  /** How many events the audit has lost, all at its beginning. */
  readonly events: number;
  /** How many decisions on questions of agents, with the questions and the spent tokens of that time. */
  readonly decisions: number;
  /** What keeps the audit from being cut further: its first event is needed; null when nothing does. */
  readonly audit_needed_by: string | null;
}

/** What is to be pruned. */
export interface PruneStateRequest {
  /** At least `HISTORY_KEPT_MIN_S`. */
  readonly olderThanS: number;
  /** The setting that asks for it; default: a person does. */
  readonly by?: string;
}

/**
 * Forgets operations that ended so long ago, events of the audit, decided questions. What has not ended, and what
 * a task refers to, stays; the audit can be verified from its checkpoint on. Errors: `permission_denied` when it
 * cannot be seen which tasks there are.
 */
export async function pruneState(
  carrel: Carrel,
  { olderThanS, by }: PruneStateRequest,
  options: MutationOptions = {},
): Promise<Performed<PrunedState>> {
  const args = { older_than_s: olderThanS, ...(by === undefined ? {} : { by }) };
  const deed = { verb: "state prune", project: null, task: null, args };
  return await perform(carrel, deed, options, async (op): Promise<PrunedState> => {
    const before = carrel.host.clock.nowMicros() - olderThanS * 1e6;
    const pruned = { operations: 0, events: 0, decisions: 0 };
    const stores = await carrel.existingState();
    if (stores === null) return { before: formatStamp(before), ...pruned, audit_needed_by: null };
    const { operations, events, decisions } = await findForgettable(carrel, stores, before);
    const { lifecycle, decisionAudit, escalation } = stores;
    if (operations.count > 0) {
      await op.step("forget operations", describe(operations), async () => {
        pruned.operations = await lifecycle.prune(operations.before, ENDED_STATUSES);
      });
    }
    if (events.count > 0) {
      await op.step("cut the audit", describe(events), async () => {
        pruned.events = await decisionAudit.prune(events.before);
      });
    }
    if (decisions.count > 0) {
      await op.step("forget decided questions", describe(decisions), async () => {
        await escalation.prune(decisions.before);
        pruned.decisions = decisions.count;
      });
    }
    return { before: formatStamp(before), ...pruned, audit_needed_by: events.neededBy };
  });
}

function describe({ before, count }: { readonly before: number; readonly count: number }): string {
  return `${count} from before ${formatStamp(before)}`;
}
