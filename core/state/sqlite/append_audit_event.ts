/**
 * Writing an event at the end of the audit chain.
 *
 * @module
 */
import { type AuditContent, auditHash, EMPTY_HEAD } from "../audit_chain.ts";
import { checkText } from "../check_input.ts";
import type { AuditHead, NewAuditEvent } from "../contracts/decision_audit.ts";
import { dumpsJsonDict } from "../json_dialect.ts";
import { formatStamp } from "../stamp.ts";
import type { Connection } from "./connection.ts";

const LAST = `SELECT seq, hash FROM audit_events WHERE seq > 0 ORDER BY seq DESC LIMIT 1`;
const CHECKPOINT = `SELECT seq, hash FROM audit_checkpoint WHERE id = 1`;
const INSERT = `INSERT INTO audit_events (seq, dfid, event, timestamp, step_id, state, details_json, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

/** Where retention has cut the chain. */
export function readCheckpoint(connection: Connection): AuditHead {
  const row = connection.get<{ seq: number; hash: string }>(CHECKPOINT);
  return row === undefined ? EMPTY_HEAD : { seq: row.seq, hash: row.hash };
}

/** The end of the chain. */
export function readHead(connection: Connection): AuditHead {
  const row = connection.get<{ seq: number; hash: string }>(LAST);
  return row === undefined ? readCheckpoint(connection) : { seq: row.seq, hash: row.hash };
}

/** Appends an event, within a transaction; the chain's new head. */
export function appendAuditEvent(connection: Connection, event: NewAuditEvent, nowMicros: number): AuditHead {
  const { dfid, event: name, stepId = "", state = "", details } = event;
  const content = {
    dfid,
    event: name,
    timestamp: formatStamp(nowMicros),
    step_id: stepId,
    state,
    details_json: dumpsJsonDict(details ?? {}, { allowNan: false }),
  };
  checkText(content.dfid, "dfid");
  checkText(content.event, "event");
  checkText(content.step_id, "stepId");
  checkText(content.state, "state");
  return appendAuditContent(connection, content);
}

/** The same for what was recorded elsewhere: texts are checked, and the timestamp is as `formatStamp` writes it. */
export function appendAuditContent(connection: Connection, content: Omit<AuditContent, "seq">): AuditHead {
  const previous = readHead(connection);
  const seq = previous.seq + 1;
  const hash = auditHash(previous.hash, { seq, ...content });
  const { dfid, event, timestamp, step_id, state, details_json } = content;
  connection.run(INSERT, seq, dfid, event, timestamp, step_id, state, details_json, hash);
  return { seq, hash };
}
