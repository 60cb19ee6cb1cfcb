/**
 * An operation as lists show it, from what was recorded of it.
 *
 * @module
 */
import { parseTimestamp } from "../meta/time.ts";
import type { AuditEvent } from "../state/contracts/decision_audit.ts";
import type { JsonValue } from "../state/json_value.ts";
import { formatStamp } from "../state/stamp.ts";
import { type JsonObject, objectOf, OPERATION_EVENTS } from "./operations.ts";

/** Who did it. */
export interface WhoView {
  readonly user: string;
  /** The machine's name. */
  readonly host: string;
  readonly pid: number;
}

/** An operation; JSON. */
export interface OperationView {
  /** UUIDv7. */
  readonly op: string;
  /** The command, such as `task run`. */
  readonly verb: string;
  readonly project_id: string | null;
  readonly task_id: string | null;
  /** CREATED and ACTIVE: it has not ended; CLOSED: done; ABORTED: failed, undone or abandoned. */
  readonly status: string;
  readonly began_at: string | null;
  readonly ended_at: string | null;
  /** Null while that is not known, and of one that failed. */
  readonly changed: boolean | null;
  /** Of the operation, not of what a task it started did; null while it has not ended, and of one that was undone. */
  readonly exit: number | null;
  /** Null when its beginning was removed by retention. */
  readonly who: WhoView | null;
  /** The operation, or the request on several targets, that it is a part of. */
  readonly parent: string | null;
}

/** How an operation ended: by itself, or when it was settled. */
export type OperationEnd = Pick<OperationView, "ended_at" | "changed" | "exit">;

const NAMES: ReadonlySet<string> = new Set(Object.values(OPERATION_EVENTS));
const UNENDED: OperationEnd = { ended_at: null, changed: null, exit: null };

/**
 * Puts an operation's events together; null for a flow that is none of carrel's operations.
 *
 * @param events of one flow, in order
 *
 * @example
 * ```ts
 * import { toOperationView } from "./operation_view.ts";
 * import { assertEquals } from "@std/assert";
 * const event = { dfid: "0190", timestamp: "2026-09-14T08:21:33.504117Z", step_id: "task stop", seq: 1, hash: "" };
 * const details = { verb: "task stop", project: "demo", task: "q7m2x" };
 * const begun = { ...event, event: "operation.begun", state: "CREATED", details };
 * const view = toOperationView([begun]);
 * assertEquals([view?.verb, view?.project_id, view?.status, view?.exit], ["task stop", "demo", "CREATED", null]);
 * assertEquals(toOperationView([{ ...begun, event: "PAID" }]), null);
 * ```
 */
export function toOperationView(events: readonly AuditEvent[]): OperationView | null {
  const own = events.filter(({ event }) => NAMES.has(event));
  const last = own.at(-1);
  if (last === undefined) return null;
  const begun = own.find(({ event }) => event === OPERATION_EVENTS.begun);
  const beginning = objectOf(begun?.details);
  const ended = own.findLast(isEnd);
  const facts = own.map(({ details }) => objectOf(details));
  return {
    op: last.dfid,
    verb: textOf(beginning["verb"]) ?? ended?.step_id ?? "",
    // It may have come to its task on the way.
    project_id: lastText(facts, "project"),
    task_id: lastText(facts, "task"),
    status: last.state,
    began_at: begun === undefined ? null : timeOf(begun),
    ...(ended === undefined ? UNENDED : toEnd(ended)),
    who: toWho(beginning["who"]),
    parent: textOf(beginning["parent"]),
  };
}

/** Whether the event is the end of an operation. */
export function isEnd({ event }: AuditEvent): boolean {
  return event === OPERATION_EVENTS.ended || event === OPERATION_EVENTS.settled;
}

/** Whether the beginning of an operation came into the store later, from the journal. */
export function wasJournaled(events: readonly AuditEvent[]): boolean {
  const begun = events.find(({ event }) => event === OPERATION_EVENTS.begun);
  return typeof objectOf(begun?.details)["journaled"] === "string";
}

function toEnd(end: AuditEvent): OperationEnd {
  const { changed, undone, error } = objectOf(end.details);
  const failure = objectOf(error);
  return {
    ended_at: timeOf(end),
    changed: typeof changed === "boolean" ? changed : undone === true ? false : null,
    exit: end.state === "CLOSED" ? 0 : typeof failure["exit"] === "number" ? failure["exit"] : null,
  };
}

/** What had to be journaled came into the store only later. */
function timeOf({ timestamp, details }: AuditEvent): string {
  const { journaled } = objectOf(details);
  const micros = typeof journaled === "string" ? parseTimestamp(journaled) : null;
  return micros === null ? timestamp : formatStamp(micros);
}

function lastText(facts: readonly JsonObject[], name: string): string | null {
  return textOf(facts.findLast((known) => textOf(known[name]) !== null)?.[name]);
}

function toWho(value: JsonValue | undefined): WhoView | null {
  const { user, host, pid }: JsonObject = objectOf(value);
  if (typeof user !== "string" || typeof host !== "string" || typeof pid !== "number") return null;
  return { user, host, pid };
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
