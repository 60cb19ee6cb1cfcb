/**
 * Marking flows as dirty and clean, for their own store and for its neighbours.
 *
 * @module
 */
import { checkJson, checkText } from "../check_input.ts";
import type { DirtyMark } from "../contracts/store.ts";
import type { Connection } from "./connection.ts";

const MARK = `INSERT INTO dirty_flows (dfid, failed_step, partial_state, attempts, marked_at)
  VALUES (?1, ?2, ?3, 0, ?4)
  ON CONFLICT (dfid) DO UPDATE SET failed_step = ?2, partial_state = ?3, attempts = 0, marked_at = ?4,
    last_outcome = NULL, owner = NULL, expires_at = NULL`;
const CLEAR = `DELETE FROM dirty_flows WHERE dfid = ?`;

/** Marks a flow, within a transaction; attempts and claims of an earlier mark end. */
export function markFlow(connection: Connection, mark: DirtyMark, nowMicros: number): void {
  const { dfid, failedStep, partialStateJson } = mark;
  checkText(dfid, "dfid");
  checkText(failedStep, "failedStep");
  checkJson(partialStateJson, "partialStateJson");
  connection.run(MARK, dfid, failedStep, partialStateJson, nowMicros);
}

/** Makes a flow clean, within a transaction. */
export function clearFlow(connection: Connection, dfid: string): void {
  checkText(dfid, "dfid");
  connection.run(CLEAR, dfid);
}
