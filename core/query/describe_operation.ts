/**
 * Everything that is known of one operation.
 *
 * @module
 */
import type { AuditEvent } from "../state/contracts/decision_audit.ts";
import type { JsonValue } from "../state/json_value.ts";
import type { OwnerHost, OwnerVerdict } from "../state/managers/lock_owner.ts";
import type { StorageBundle } from "../state/storage_bundle.ts";
import { isEnd, type OperationView, toOperationView } from "./operation_view.ts";
import { type JsonObject, objectOf, OPERATION_EVENTS } from "./operations.ts";
import { judgeUnfinished } from "./judge_unfinished.ts";

/** A step that was begun. */
export interface StepView {
  readonly at: string;
  readonly action: string;
  readonly target: string;
}

/** Where an operation that has not ended stands. */
export interface UnfinishedView {
  /** The step that was begun last; null when none was. */
  readonly step: string | null;
  /** Since when. */
  readonly since: string;
  /** Whether the process that is (or was) at it lives; `unknown` on another machine, for one. */
  readonly process: OwnerVerdict;
  /** How often it was tried to settle it, and how the last try ended. */
  readonly attempts: number;
  readonly last_outcome: string | null;
}

/** An operation with its particulars; JSON. */
export interface OperationDetails extends Omit<OperationView, "status"> {
  /** As in lists; null for a request on several targets, of which only the parts are recorded. */
  readonly status: string | null;
  /** Arguments without secrets. */
  readonly args: JsonObject;
  readonly steps: readonly StepView[];
  /** What its verb gave; null while it has not succeeded. */
  readonly result: JsonValue;
  /** Why it failed. */
  readonly error: JsonObject | null;
  /** How it was settled after its process had died; null for one that ended by itself, or has not ended. */
  readonly settled: "finished" | "undone" | "abandoned" | null;
  readonly unfinished: UnfinishedView | null;
  /** The operations that have it as their parent. */
  readonly parts: readonly OperationView[];
}

/** The stores that know something of it. */
export type HistoryStores = Pick<StorageBundle, "lifecycle" | "decisionAudit" | "saga">;

/** Reads what is known of an operation, as `findOperation` has found it. */
export async function describeOperation(
  host: OwnerHost,
  stores: HistoryStores,
  operation: OperationView,
): Promise<OperationDetails> {
  const events = await stores.decisionAudit.eventsForDfid(operation.op);
  const begun = events.find(({ event }) => event === OPERATION_EVENTS.begun);
  const end = events.findLast(isEnd);
  const { result = null, error = null } = objectOf(end?.details);
  return {
    ...operation,
    args: objectOf(objectOf(begun?.details)["args"]),
    steps: events.filter(({ event }) => event === OPERATION_EVENTS.step).map(toStep),
    result,
    error: error === null ? null : objectOf(error),
    settled: end?.event === OPERATION_EVENTS.settled ? toSettled(end) : null,
    unfinished: await findUnfinished(host, stores, operation.op),
    parts: await listParts(stores, operation.op, events),
  };
}

/** What is known of a request on several targets. */
export function describeRequest(op: string, parts: readonly OperationView[]): OperationDetails {
  const [first] = parts;
  return {
    op,
    verb: first?.verb ?? "",
    project_id: null,
    task_id: null,
    status: null,
    began_at: first?.began_at ?? null,
    ended_at: null,
    changed: null,
    exit: null,
    who: first?.who ?? null,
    parent: null,
    args: {},
    steps: [],
    result: null,
    error: null,
    settled: null,
    unfinished: null,
    parts,
  };
}

function toSettled({ state, details }: AuditEvent): "finished" | "undone" | "abandoned" {
  if (state === "CLOSED") return "finished";
  return objectOf(details)["undone"] === true ? "undone" : "abandoned";
}

function toStep({ timestamp, step_id, details }: AuditEvent): StepView {
  const { target } = objectOf(details);
  return { at: timestamp, action: step_id, target: typeof target === "string" ? target : "" };
}

async function findUnfinished(
  host: OwnerHost,
  stores: HistoryStores,
  op: string,
): Promise<UnfinishedView | null> {
  const left = (await judgeUnfinished(host, stores)).find((candidate) => candidate.op === op);
  if (left === undefined) return null;
  const { step, since, verdict, attempts, last_outcome } = left;
  return { step, since, process: verdict, attempts, last_outcome };
}

const PAGE = 1000;

/** Parts are begun while their whole is under way: between its first event and its last. */
async function listParts(
  { decisionAudit, lifecycle }: HistoryStores,
  op: string,
  events: readonly AuditEvent[],
): Promise<OperationView[]> {
  const parts: OperationView[] = [];
  const end = events.findLast(isEnd)?.seq ?? Infinity;
  for (let after = events[0]?.seq ?? 0; after < end;) {
    const page = await decisionAudit.allEventsChronological({ after, limit: PAGE });
    for (const { event, dfid, details } of page) {
      if (event !== OPERATION_EVENTS.begun || objectOf(details)["parent"] !== op) continue;
      const part = toOperationView(await decisionAudit.eventsForDfid(dfid));
      const status = await lifecycle.getStatus(dfid);
      if (part !== null) parts.push({ ...part, status: status ?? part.status });
    }
    if (page.length < PAGE) break;
    after = page.at(-1)?.seq ?? end;
  }
  return parts;
}
