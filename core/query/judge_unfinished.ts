/**
 * Operations that have not ended, and whether somebody is still at them.
 *
 * @module
 */
import { judgeProcessOwner, type OwnerHost, type OwnerVerdict } from "../state/managers/lock_owner.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { listUnfinished, type OperationFacts, readBeginning } from "./operations.ts";

/** An operation that has not ended. */
export interface JudgedOperation extends OperationFacts {
  /** The step that was begun last; null when none was: then there is nothing to undo. */
  readonly step: string | null;
  /** When that step was begun, or the operation. */
  readonly since: string;
  /** How often it was tried to settle it, and how the last try ended. */
  readonly attempts: number;
  readonly last_outcome: string | null;
  /** Its process: `gone` says that it was interrupted; `unknown` is never taken for `gone`. */
  readonly verdict: OwnerVerdict;
}

/** The stores that know of them. */
export type UnfinishedStores = Pick<StorageBundle, "saga" | "lifecycle" | "decisionAudit">;

/** Lists all operations that have not ended, also those that have begun no step, each judged; oldest first. */
export async function judgeUnfinished(host: OwnerHost, stores: UnfinishedStores): Promise<JudgedOperation[]> {
  const marked = await judgeMarked(host, stores);
  const known = new Set(marked.map(({ op }) => op));
  const unmarked = (await judgeUnmarked(host, stores)).filter(({ op }) => !known.has(op));
  return [...marked, ...unmarked].sort((a, b) => a.since < b.since ? -1 : a.since > b.since ? 1 : 0);
}

/** Lists those that have begun a step: only they may have left something. */
export async function judgeMarked(
  host: OwnerHost,
  stores: Pick<StorageBundle, "saga">,
): Promise<JudgedOperation[]> {
  const judged: JudgedOperation[] = [];
  for (const { process, marked_at, notes: _notes, ...facts } of await listUnfinished(stores)) {
    const verdict = process === null ? "unknown" : await judgeProcessOwner(process, host);
    judged.push({ ...facts, since: marked_at, verdict });
  }
  return judged;
}

async function judgeUnmarked(
  host: OwnerHost,
  { lifecycle, decisionAudit }: UnfinishedStores,
): Promise<JudgedOperation[]> {
  const judged: JudgedOperation[] = [];
  for (const { dfid, changed_at } of await lifecycle.listFlows({ statuses: ["CREATED", "ACTIVE"] })) {
    const begun = readBeginning(await decisionAudit.eventsForDfid(dfid));
    // A flow of an embedder's own.
    if (begun === null) continue;
    const { process, ...facts } = begun;
    const verdict = process === null ? "unknown" : await judgeProcessOwner(process, host);
    judged.push({ ...facts, step: null, since: changed_at, attempts: 0, last_outcome: null, verdict });
  }
  return judged;
}
