/**
 * Counts of rejections in SQLite.
 *
 * @module
 */
import { checkInteger, checkText } from "../check_input.ts";
import type { IntentRetryStorage } from "../contracts/intent_retry.ts";
import { SqliteStore } from "./sqlite_store.ts";

const GET = `SELECT count FROM rejections WHERE dfid = ?`;
const SET = `INSERT INTO rejections (dfid, count, updated_at) VALUES (?1, ?2, ?3)
  ON CONFLICT (dfid) DO UPDATE SET count = ?2, updated_at = ?3`;
const INCREMENT = `INSERT INTO rejections (dfid, count, updated_at) VALUES (?1, 1, ?2)
  ON CONFLICT (dfid) DO UPDATE SET count = count + 1, updated_at = ?2
  RETURNING count`;
const PRUNE = `DELETE FROM rejections WHERE updated_at < ?`;
/** Forgets a flow. */
export const DELETE_REJECTIONS = `DELETE FROM rejections WHERE dfid = ?`;

/** {@linkcode IntentRetryStorage} in SQLite. */
export class SqliteIntentRetryStorage extends SqliteStore implements IntentRetryStorage {
  /** The count; 0 for an unknown flow. */
  getCount(dfid: string): Promise<number> {
    return this.unit.read((connection) => connection.get<{ count: number }>(GET, dfid)?.count ?? 0);
  }

  /** Sets the count. */
  async setCount(dfid: string, count: number): Promise<void> {
    checkText(dfid, "dfid");
    checkInteger(count, "count");
    await this.unit.write((connection) => connection.run(SET, dfid, count, this.unit.nowMicros()));
  }

  /** Forgets a flow. */
  async delete(dfid: string): Promise<void> {
    await this.unit.write((connection) => connection.run(DELETE_REJECTIONS, dfid));
  }

  /** Adds one; the new count. */
  async increment(dfid: string): Promise<number> {
    checkText(dfid, "dfid");
    return await this.unit.write((connection) =>
      connection.get<{ count: number }>(INCREMENT, dfid, this.unit.nowMicros())?.count ?? 0
    );
  }

  /** Forgets flows whose count last changed before that time; returns how many. */
  prune(beforeMicros: number): Promise<number> {
    return this.unit.write((connection) => connection.run(PRUNE, beforeMicros));
  }
}
