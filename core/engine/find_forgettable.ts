/**
 * What of the history may be forgotten: what has ended long enough ago, and nobody refers to.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { formatAddress } from "../identity/address.ts";
import { invariant } from "../invariant.ts";
import { listTaskIds } from "../meta/record_store.ts";
import { parseTimestamp } from "../meta/time.ts";
import { listProjectArchives, projectsWithArchives } from "../query/archives.ts";
import { eachFlow } from "../query/list_operations.ts";
import { listProjectIds } from "../query/list_project_ids.ts";
import type { EscalationDecision } from "../state/contracts/escalation.ts";
import { FLOW_STATUSES, isFinalFlowStatus } from "../state/managers/flow_status.ts";
import { formatStamp } from "../state/stamp.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";

/** Statuses of flows that have come to rest. */
export const ENDED_STATUSES = FLOW_STATUSES.filter(isFinalFlowStatus);
const UNENDED_STATUSES = FLOW_STATUSES.filter((status) => !isFinalFlowStatus(status));

/** `run.escalations.window` is at most a year: who asks is judged by what was asked since. */
const QUESTIONS_KEPT_MIN_MICROS = 365 * 86_400e6;
const PAGE = 500;

/** How much is older than a time, and who needs it nevertheless. Times are in microseconds. */
export interface Forgettable {
  readonly operations: { readonly before: number; readonly count: number };
  /** The audit is cut at its beginning only: `neededBy` is what keeps it from being cut further. */
  readonly events: { readonly before: number; readonly count: number; readonly neededBy: string | null };
  readonly decisions: { readonly before: number; readonly count: number };
}

/**
 * Finds what can go of what is older than `before`. The events of an operation that has not ended stay, and
 * those of a task that is there or archived, with its questions and their decisions; and all later events.
 */
export async function findForgettable(
  carrel: Carrel,
  stores: StorageBundle,
  before: number,
): Promise<Forgettable> {
  const tasks = await listAddresses(carrel);
  const ended = await lookAtEnded(stores, formatStamp(before));
  const needs = [
    ...await listUnended(stores),
    ...tasks.map((address): Need => [address, `task ${address}, which has asked for a decision`]),
    ...ended.oldestKept.map((op): Need => [op, `operation ${op}, which ended later`]),
  ];
  const { micros: eventsBefore, neededBy } = await findNeeded(stores, needs, before);
  const decisionsBefore = await findDecided(stores, tasks, carrel.host.clock.nowMicros(), before);
  return {
    operations: { before, count: ended.count },
    events: { before: eventsBefore, count: await countEvents(stores, formatStamp(eventsBefore)), neededBy },
    decisions: {
      before: decisionsBefore,
      count: await countDecisions(stores, formatStamp(decisionsBefore)),
    },
  };
}

/** All tasks that are there, or could be restored. */
async function listAddresses(carrel: Carrel): Promise<string[]> {
  const addresses = new Set<string>();
  for (const project of await listProjectIds(carrel)) {
    const ids = await listTaskIds(carrel.host.files, carrel.paths.tasksMetaDir(project)) ?? [];
    for (const id of ids) addresses.add(formatAddress(project, id));
  }
  for (const project of await projectsWithArchives(carrel)) {
    const archives = await listProjectArchives(carrel, project);
    for (const { taskId } of archives) addresses.add(formatAddress(project, taskId));
  }
  return [...addresses];
}

/** A flow whose events are needed, and the words for why. */
type Need = readonly [flow: string, why: string];

/** Operations that have not ended, and other flows that stand somewhere on their way. */
async function listUnended({ lifecycle, saga }: StorageBundle): Promise<Need[]> {
  const flows = await lifecycle.listFlows({ statuses: UNENDED_STATUSES });
  const dirty = await saga.getDirtyFlows();
  const unended = new Set([...flows.map(({ dfid }) => dfid), ...dirty]);
  return Array.from(unended, (flow) => [flow, `operation ${flow}, which has not ended`]);
}

/** Up to where the audit can go, and because of what no further. */
async function findNeeded(
  { decisionAudit }: StorageBundle,
  needs: readonly Need[],
  before: number,
): Promise<{ readonly micros: number; readonly neededBy: string | null }> {
  let needed = { micros: before, neededBy: null as string | null };
  for (const [flow, neededBy] of needs) {
    const [first] = await decisionAudit.eventsForDfid(flow, { limit: 1 });
    if (first === undefined) continue;
    const micros = microsOf(first.timestamp);
    if (micros < needed.micros) needed = { micros, neededBy };
  }
  return needed;
}

async function findDecided(
  { escalation }: StorageBundle,
  tasks: readonly string[],
  now: number,
  before: number,
): Promise<number> {
  let micros = Math.min(before, now - QUESTIONS_KEPT_MIN_MICROS);
  for (const address of tasks) {
    const decidedAt = (await escalation.getRequest(address))?.resolved_at ?? null;
    if (decidedAt !== null) micros = Math.min(micros, microsOf(decidedAt));
  }
  return micros;
}

/** How many operations ended before that time; and the one that began first of those that ended later, if any. */
async function lookAtEnded(
  stores: StorageBundle,
  before: string,
): Promise<{ readonly count: number; readonly oldestKept: readonly string[] }> {
  let count = 0;
  let oldestKept: readonly string[] = [];
  // In the order of their beginnings, the last one first.
  for await (const { dfid, changed_at } of eachFlow(stores, ENDED_STATUSES)) {
    if (changed_at < before) count++;
    else oldestKept = [dfid];
  }
  return { count, oldestKept };
}

async function countEvents({ decisionAudit }: StorageBundle, before: string): Promise<number> {
  let count = 0;
  for (let after = 0;;) {
    const events = await decisionAudit.allEventsChronological({ after, limit: PAGE });
    const kept = events.findIndex(({ timestamp }) => timestamp >= before);
    count += kept < 0 ? events.length : kept;
    if (kept >= 0 || events.length < PAGE) return count;
    after = events.at(-1)?.seq ?? after;
  }
}

async function countDecisions({ escalation }: StorageBundle, before: string): Promise<number> {
  const goes = async ({ dfid, resolved_at }: EscalationDecision) => {
    if (resolved_at >= before) return false;
    const latest = await escalation.getRequest(dfid);
    return latest === null || (latest.resolved_at !== null && latest.resolved_at < before);
  };
  let count = 0;
  for (let after = 0;;) {
    const decisions = await escalation.getDecisions(undefined, { after, limit: PAGE });
    for (const decision of decisions) if (await goes(decision)) count++;
    if (decisions.length < PAGE) return count;
    after = decisions.at(-1)?.seq ?? after;
  }
}

function microsOf(stamp: string): number {
  const micros = parseTimestamp(stamp);
  invariant(micros !== null, "a store gives its times in one form");
  return micros;
}
