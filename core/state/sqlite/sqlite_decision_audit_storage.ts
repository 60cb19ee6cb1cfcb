/**
 * The decision audit in SQLite.
 *
 * @module
 */
import type {
  AuditEvent,
  AuditHead,
  AuditLink,
  AuditOptions,
  DecisionAuditStorage,
} from "../contracts/decision_audit.ts";
import type { Page } from "../contracts/store.ts";
import { parseStoredJson } from "../json_value.ts";
import { formatStamp } from "../stamp.ts";
import { appendAuditEvent, readCheckpoint, readHead } from "./append_audit_event.ts";
import { PAGE, pageParameters, SqliteStore } from "./sqlite_store.ts";

const COLUMNS = `seq, dfid, event, timestamp, step_id, state, details_json, hash`;
const OF_FLOW = `SELECT ${COLUMNS} FROM audit_events WHERE dfid = ? AND ${PAGE}`;
const ALL = `SELECT ${COLUMNS} FROM audit_events WHERE ${PAGE}`;
/** Times have one form, so that texts compare as times do. Reads no further than what is to be removed. */
const FIRST_KEPT = `SELECT seq FROM audit_events WHERE seq > 0 AND timestamp >= ? ORDER BY seq LIMIT 1`;
const LAST_BEFORE = `SELECT seq, hash FROM audit_events WHERE seq < ? ORDER BY seq DESC LIMIT 1`;
const REMOVE = `DELETE FROM audit_events WHERE seq <= ?`;
const SET_CHECKPOINT = `INSERT INTO audit_checkpoint (id, seq, hash) VALUES (1, ?1, ?2)
  ON CONFLICT (id) DO UPDATE SET seq = ?1, hash = ?2`;

interface StoredEvent extends Record<string, string | number> {
  seq: number;
  dfid: string;
  event: string;
  timestamp: string;
  step_id: string;
  state: string;
  details_json: string;
  hash: string;
}

/** {@linkcode DecisionAuditStorage} in SQLite. */
export class SqliteDecisionAuditStorage extends SqliteStore implements DecisionAuditStorage {
  /** Appends an event; the chain's new head. */
  record(dfid: string, event: string, options: AuditOptions = {}): Promise<AuditHead> {
    return this.unit.write((connection) =>
      appendAuditEvent(connection, { ...options, dfid, event }, this.unit.nowMicros())
    );
  }

  /** Events of one flow. */
  async eventsForDfid(dfid: string, page: Page = {}): Promise<AuditEvent[]> {
    const parameters = pageParameters(page);
    return await this.unit.read((connection) =>
      connection.all<StoredEvent>(OF_FLOW, dfid, ...parameters).map(toAuditEvent)
    );
  }

  /** Events of all flows. */
  async allEventsChronological(page: Page = {}): Promise<AuditEvent[]> {
    const parameters = pageParameters(page);
    return await this.unit.read((connection) =>
      connection.all<StoredEvent>(ALL, ...parameters).map(toAuditEvent)
    );
  }

  /** The end of the chain. */
  head(): Promise<AuditHead> {
    return this.unit.snapshot(readHead);
  }

  /** The last event that retention has removed. */
  checkpoint(): Promise<AuditHead> {
    return this.unit.read(readCheckpoint);
  }

  /** The stored events as they are. */
  async chain(page: Page = {}): Promise<AuditLink[]> {
    const parameters = pageParameters(page);
    return await this.unit.read((connection) =>
      connection.all<StoredEvent>(ALL, ...parameters).map(toAuditLink)
    );
  }

  /** Removes the oldest events, all of them older than that time, and sets the checkpoint; how many. */
  prune(beforeMicros: number): Promise<number> {
    return this.unit.write((connection) => {
      const firstKept = connection.get<{ seq: number }>(FIRST_KEPT, formatStamp(beforeMicros))?.seq ??
        Number.MAX_SAFE_INTEGER;
      const last = connection.get<{ seq: number; hash: string }>(LAST_BEFORE, firstKept);
      if (last === undefined) return 0;
      connection.run(SET_CHECKPOINT, last.seq, last.hash);
      return connection.run(REMOVE, last.seq);
    });
  }
}

function toAuditLink(row: StoredEvent): AuditLink {
  const { seq, dfid, event, timestamp, step_id, state, details_json, hash } = row;
  return { seq, dfid, event, timestamp, step_id, state, details_json, hash };
}

function toAuditEvent(row: StoredEvent): AuditEvent {
  const { dfid, event, timestamp, step_id, state, details_json, seq, hash } = row;
  return { dfid, event, timestamp, step_id, state, details: parseStoredJson(details_json), seq, hash };
}
