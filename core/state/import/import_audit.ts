/**
 * What was decided in the reference.
 *
 * @module
 */
import { invalid } from "../check_input.ts";
import { appendAuditContent } from "../sqlite/append_audit_event.ts";
import { formatStamp } from "../stamp.ts";
import type { ImportRun } from "./import_run.ts";
import type { ReferenceRow } from "./reference_row.ts";
import { Tally } from "./tally.ts";

const EVENTS = `SELECT dfid, event, timestamp, step_id, state, details_json FROM audit_events WHERE dfid = ?`;

interface Event extends Record<string, string> {
  dfid: string;
  event: string;
  timestamp: string;
  step_id: string;
  state: string;
  details_json: string;
}

/** Appends events to our chain, with the times at which they were recorded. */
export function importAudit(run: ImportRun): void {
  const ours = new Tally((dfid) => run.target.all<Event>(EVENTS, dfid).map(textOf));
  run.importTable({
    table: "decision_audit_events",
    named: ["dfid"],
    columns: ["event", "event_type", "timestamp", "created_at", "step_id", "state", "detail_json"],
    read: readEvent,
    write: (event, target) => {
      if (ours.take(event.dfid, textOf(event))) return false;
      appendAuditContent(target, event);
      return true;
    },
  });
}

function readEvent(row: ReferenceRow): Event {
  const recordedAt = row.timeOrNull("timestamp", "created_at");
  if (recordedAt === null) throw invalid("timestamp is missing");
  return {
    dfid: row.text("dfid"),
    event: row.text("event", "event_type"),
    timestamp: formatStamp(recordedAt),
    step_id: row.textOrNull("step_id") ?? "",
    state: row.textOrNull("state") ?? "",
    details_json: row.json("detail_json"),
  };
}

function textOf({ event, timestamp, step_id, state, details_json }: Event): string {
  return JSON.stringify([event, timestamp, step_id, state, details_json]);
}
