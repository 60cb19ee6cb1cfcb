/**
 * Transitions of flows in SQLite.
 *
 * @module
 */
import { checkText, checkTextOrNull } from "../check_input.ts";
import type {
  FlowRow,
  LifecycleStorage,
  NewestFlows,
  TransitionOptions,
  TransitionResult,
  TransitionRow,
} from "../contracts/lifecycle.ts";
import type { Page } from "../contracts/store.ts";
import { formatStamp } from "../stamp.ts";
import type { Connection } from "./connection.ts";
import { PAGE, pageParameters, SqliteStore } from "./sqlite_store.ts";
import { writeAlong } from "./write_along.ts";

const APPEND = `INSERT INTO transitions (dfid, from_status, to_status, created_at) VALUES (?, ?, ?, ?)`;
const SET_STATUS = `INSERT INTO flows (dfid, status, changed_at) VALUES (?1, ?2, ?3)
  ON CONFLICT (dfid) DO UPDATE SET status = ?2, changed_at = ?3`;
const GET_STATUS = `SELECT status FROM flows WHERE dfid = ?`;
const OF_FLOW = `SELECT seq, dfid, from_status, to_status, created_at FROM transitions
  WHERE dfid = ? AND ${PAGE}`;
const ALL = `SELECT seq, dfid, from_status, to_status, created_at FROM transitions
  WHERE ${PAGE}`;
const FLOWS = `SELECT seq, dfid, status, changed_at FROM flows WHERE ${PAGE}`;
const FLOWS_AT = `SELECT seq, dfid, status, changed_at FROM flows
  WHERE status IN (SELECT value FROM json_each(?)) AND ${PAGE}`;
const NEWEST = `SELECT seq, dfid, status, changed_at FROM flows WHERE seq < ? ORDER BY seq DESC LIMIT ?`;
const NEWEST_AT = `SELECT seq, dfid, status, changed_at FROM flows
  WHERE status IN (SELECT value FROM json_each(?)) AND seq < ? ORDER BY seq DESC LIMIT ?`;
const PRUNE_TRANSITIONS = `DELETE FROM transitions
  WHERE dfid IN (SELECT dfid FROM flows WHERE status = ? AND changed_at < ?)`;
const PRUNE_FLOWS = `DELETE FROM flows WHERE status = ? AND changed_at < ?`;

interface StoredTransition extends Record<string, string | number | null> {
  seq: number;
  dfid: string;
  from_status: string | null;
  to_status: string;
  created_at: number;
}

interface StoredFlow extends Record<string, string | number> {
  seq: number;
  dfid: string;
  status: string;
  changed_at: number;
}

/** {@linkcode LifecycleStorage} in SQLite. */
export class SqliteLifecycleStorage extends SqliteStore implements LifecycleStorage {
  /** Appends a transition whatever the current status. */
  async recordTransition(dfid: string, fromStatus: string | null, toStatus: string): Promise<void> {
    checkTransition(dfid, fromStatus, toStatus);
    await this.unit.write((connection) =>
      append(connection, dfid, fromStatus, toStatus, this.unit.nowMicros())
    );
  }

  /** Appends a transition if the flow stands where it is expected. */
  async transitionIf(
    dfid: string,
    fromStatus: string | null,
    toStatus: string,
    options: TransitionOptions = {},
  ): Promise<TransitionResult> {
    checkTransition(dfid, fromStatus, toStatus);
    const { expected = [fromStatus], along } = options;
    return await this.unit.write((connection) => {
      const current = readStatus(connection, dfid);
      if (!expected.includes(current)) return { moved: false, current };
      const now = this.unit.nowMicros();
      append(connection, dfid, fromStatus, toStatus, now);
      writeAlong(connection, along, now);
      return { moved: true, current };
    });
  }

  /** Where a flow stands; null for an unknown one. */
  getStatus(dfid: string): Promise<string | null> {
    return this.unit.read((connection) => readStatus(connection, dfid));
  }

  /** The steps of a flow, or of all flows. */
  async getTransitions(dfid?: string, page: Page = {}): Promise<TransitionRow[]> {
    const parameters = pageParameters(page);
    return await this.unit.read((connection) => {
      const rows = dfid === undefined
        ? connection.all<StoredTransition>(ALL, ...parameters)
        : connection.all<StoredTransition>(OF_FLOW, dfid, ...parameters);
      return rows.map(({ seq, dfid, from_status, to_status, created_at }) => ({
        seq,
        dfid,
        from_status,
        to_status,
        created_at: formatStamp(created_at),
      }));
    });
  }

  /** All flows, or those with one of these statuses. */
  async listFlows(options: { readonly statuses?: readonly string[] } & Page = {}): Promise<FlowRow[]> {
    const { statuses, ...page } = options;
    const parameters = pageParameters(page);
    return await this.unit.read((connection) => {
      const rows = statuses === undefined
        ? connection.all<StoredFlow>(FLOWS, ...parameters)
        : connection.all<StoredFlow>(FLOWS_AT, JSON.stringify(statuses), ...parameters);
      return rows.map(({ seq, dfid, status, changed_at }) => ({
        seq,
        dfid,
        status,
        changed_at: formatStamp(changed_at),
      }));
    });
  }

  /** The same, the one that was begun last first. */
  async listNewestFlows(options: NewestFlows = {}): Promise<FlowRow[]> {
    const { statuses, before = Number.MAX_SAFE_INTEGER, ...page } = options;
    const parameters = pageParameters({ ...page, after: before });
    return await this.unit.read((connection) => {
      const rows = statuses === undefined
        ? connection.all<StoredFlow>(NEWEST, ...parameters)
        : connection.all<StoredFlow>(NEWEST_AT, JSON.stringify(statuses), ...parameters);
      return rows.map((row) => ({ ...row, changed_at: formatStamp(row.changed_at) }));
    });
  }

  /** Forgets flows that stand at one of `statuses` since before that time; returns how many. */
  prune(beforeMicros: number, statuses: readonly string[]): Promise<number> {
    return this.unit.write((connection) => {
      let flows = 0;
      for (const status of new Set(statuses)) {
        connection.run(PRUNE_TRANSITIONS, status, beforeMicros);
        flows += connection.run(PRUNE_FLOWS, status, beforeMicros);
      }
      return flows;
    });
  }
}

function checkTransition(dfid: string, fromStatus: string | null, toStatus: string): void {
  checkText(dfid, "dfid");
  checkTextOrNull(fromStatus, "fromStatus");
  checkText(toStatus, "toStatus");
}

function readStatus(connection: Connection, dfid: string): string | null {
  return connection.get<{ status: string }>(GET_STATUS, dfid)?.status ?? null;
}

function append(
  connection: Connection,
  dfid: string,
  fromStatus: string | null,
  toStatus: string,
  nowMicros: number,
): void {
  connection.run(APPEND, dfid, fromStatus, toStatus, nowMicros);
  connection.run(SET_STATUS, dfid, toStatus, nowMicros);
}
