/**
 * The audit as people read it: each event with what is known of its operation.
 *
 * @module
 */
import type { AuditEvent, DecisionAuditStorage } from "../state/contracts/decision_audit.ts";
import type { JsonValue } from "../state/json_value.ts";
import { isEnd, type OperationView, toOperationView, type WhoView } from "./operation_view.ts";
import { objectOf, OPERATION_EVENTS } from "./operations.ts";

/** An event; JSON. */
export interface AuditEntry {
  /** Its place in the chain. */
  readonly seq: number;
  readonly time: string;
  readonly event: string;
  /** The flow: an operation, or what else has events. */
  readonly op: string;
  /** What the operation does; null for a flow that is none. */
  readonly verb: string | null;
  /** What comes next, in the event of a step. */
  readonly step: string | null;
  readonly project_id: string | null;
  readonly task_id: string | null;
  readonly who: WhoView | null;
  /** State of the flow, as the event says. */
  readonly status: string;
  readonly details: JsonValue;
  /** Its link of the chain. */
  readonly hash: string;
}

/** Which events; what is left out does not matter. Times are `YYYY-MM-DDTHH:MM:SS.ffffffZ`. */
export interface AuditFilter {
  /** From this time on. */
  readonly since?: string | undefined;
  /** Before this time. */
  readonly until?: string | undefined;
  readonly project?: string | undefined;
  /** Of that project. */
  readonly task?: string | undefined;
  /** Only these flows. */
  readonly ops?: readonly string[] | undefined;
  /** By name, or by the word before the dot. */
  readonly event?: string | undefined;
}

/** What entries are made from. */
export type AuditReader = Pick<DecisionAuditStorage, "eventsForDfid" | "allEventsChronological" | "head">;

const PAGE = 500;
/** So many operations are kept in mind, so that memory does not grow with the audit. */
const OPERATIONS_MAX = 1000;

/**
 * The events that match, page by page and in order. Pages may be empty.
 *
 * @param after only events with a greater `seq`
 */
export async function* listAuditEntries(
  audit: AuditReader,
  filter: AuditFilter = {},
  after = 0,
): AsyncGenerator<AuditEntry[]> {
  const operations = new OperationsInMind(audit);
  for await (const events of pages(audit, filter.ops, after)) {
    const entries: AuditEntry[] = [];
    const wanted = events.filter((event) => matchesEvent(event, filter));
    if (wanted.length > 0) operations.learn(events);
    for (const event of wanted) {
      const entry = toEntry(event, await operations.find(event.dfid));
      if (matchesPlace(entry, filter)) entries.push(entry);
    }
    yield entries;
  }
}

/** The operations of the events around, so that each is put together once and memory does not grow. */
class OperationsInMind {
  readonly #audit: AuditReader;
  readonly #known = new Map<string, OperationView | null>();

  constructor(audit: AuditReader) {
    this.#audit = audit;
  }

  /** Takes what can be told without another look: operations that begin and end among these events. */
  learn(events: readonly AuditEvent[]): void {
    if (this.#known.size >= OPERATIONS_MAX) this.#known.clear();
    for (const [dfid, own] of Map.groupBy(events, (event) => event.dfid)) {
      const isWhole = own[0]?.event === OPERATION_EVENTS.begun && own.some(isEnd);
      if (isWhole) this.#known.set(dfid, toOperationView(own));
    }
  }

  /** Looks it up where it is not known yet; null for a flow that is no operation. */
  async find(dfid: string): Promise<OperationView | null> {
    const known = this.#known.get(dfid);
    if (known !== undefined) return known;
    const operation = toOperationView(await this.#audit.eventsForDfid(dfid));
    this.#known.set(dfid, operation);
    return operation;
  }
}

/** The last of the events that match, in order. */
export async function latestAuditEntries(
  audit: AuditReader,
  filter: AuditFilter,
  count: number,
): Promise<AuditEntry[]> {
  const isAll = Object.values(filter).every((wanted) => wanted === undefined);
  const after = isAll ? Math.max(0, (await audit.head()).seq - count) : 0;
  let latest: AuditEntry[] = [];
  for await (const page of listAuditEntries(audit, filter, after)) {
    latest.push(...page);
    if (latest.length > 2 * count) latest = latest.slice(-count);
  }
  return latest.slice(-count);
}

async function* pages(
  audit: AuditReader,
  ops: readonly string[] | undefined,
  first: number,
): AsyncGenerator<AuditEvent[]> {
  const [only, ...others] = ops ?? [];
  const wanted = ops === undefined ? null : new Set(ops);
  for (let after = first;;) {
    const page = { after, limit: PAGE };
    const isOne = only !== undefined && others.length === 0;
    const events = await (isOne ? audit.eventsForDfid(only, page) : audit.allEventsChronological(page));
    yield wanted === null ? events : events.filter(({ dfid }) => wanted.has(dfid));
    if (events.length < PAGE) return;
    after = events.at(-1)?.seq ?? after;
  }
}

function toEntry(event: AuditEvent, operation: OperationView | null): AuditEntry {
  const { seq, timestamp, dfid, step_id, state, details, hash } = event;
  const { project, task } = objectOf(details);
  return {
    seq,
    time: timestamp,
    event: event.event,
    op: dfid,
    verb: operation?.verb ?? null,
    step: operation === null || event.event === OPERATION_EVENTS.step ? step_id || null : null,
    project_id: operation?.project_id ?? (typeof project === "string" ? project : null),
    task_id: operation?.task_id ?? (typeof task === "string" ? task : null),
    who: operation?.who ?? null,
    status: state,
    details,
    hash,
  };
}

function matchesEvent({ event, timestamp }: AuditEvent, { since, until, event: name }: AuditFilter): boolean {
  if (since !== undefined && timestamp < since) return false;
  if (until !== undefined && timestamp >= until) return false;
  return name === undefined || event === name || event.startsWith(`${name}.`);
}

function matchesPlace({ op, project_id, task_id }: AuditEntry, { project, task }: AuditFilter): boolean {
  if (project === undefined) return true;
  // A task has events of its own too, under its address.
  if (op === `${project}/${task ?? ""}` || task === undefined && op.startsWith(`${project}/`)) return true;
  return project_id === project && (task === undefined || task_id === task);
}
