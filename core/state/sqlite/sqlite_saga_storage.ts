/**
 * Dirty flows in SQLite.
 *
 * @module
 */
import { checkSpan, checkText } from "../check_input.ts";
import type {
  ClaimOptions,
  CompensationClaim,
  CompensationEnd,
  DirtyState,
  SagaStorage,
} from "../contracts/saga.ts";
import type { AlongOption } from "../contracts/store.ts";
import { parseStoredJson } from "../json_value.ts";
import { leaseEnd } from "../lease_end.ts";
import { formatStamp } from "../stamp.ts";
import { clearFlow, markFlow } from "./dirty_flows.ts";
import { SqliteStore } from "./sqlite_store.ts";
import { writeAlong } from "./write_along.ts";

const LIST = `SELECT dfid FROM dirty_flows WHERE seq > 0 ORDER BY seq`;
const STATE = `failed_step, partial_state, attempts, last_outcome, marked_at`;
const GET = `SELECT ${STATE} FROM dirty_flows WHERE dfid = ?`;
const GET_WITH_CLAIM = `SELECT ${STATE}, owner, expires_at FROM dirty_flows WHERE dfid = ?`;
const CLAIM = `UPDATE dirty_flows SET attempts = attempts + 1, owner = ?, expires_at = ? WHERE dfid = ?`;
const RENEW = `UPDATE dirty_flows SET expires_at = ? WHERE dfid = ? AND owner = ?`;
const FINISH = `UPDATE dirty_flows SET last_outcome = ?, owner = NULL, expires_at = NULL
  WHERE dfid = ? AND owner = ?`;
const FINISH_CLEAN = `DELETE FROM dirty_flows WHERE dfid = ? AND owner = ?`;

interface StoredFlow extends Record<string, string | number | null> {
  failed_step: string;
  partial_state: string;
  attempts: number;
  last_outcome: string | null;
  marked_at: number;
}

interface ClaimedFlow extends StoredFlow {
  owner: string | null;
  expires_at: number | null;
}

/** {@linkcode SagaStorage} in SQLite. */
export class SqliteSagaStorage extends SqliteStore implements SagaStorage {
  /** Marks a flow; attempts and claims of an earlier mark end. */
  async markDirty(
    dfid: string,
    failedStep: string,
    partialStateJson: string,
    { along }: AlongOption = {},
  ): Promise<void> {
    await this.unit.write((connection) => {
      const now = this.unit.nowMicros();
      markFlow(connection, { dfid, failedStep, partialStateJson }, now);
      writeAlong(connection, along, now);
    });
  }

  /** The dirty flows. */
  getDirtyFlows(): Promise<string[]> {
    return this.unit.read((connection) => connection.all<{ dfid: string }>(LIST).map(({ dfid }) => dfid));
  }

  /** What is known of one, or null. */
  getDirtyState(dfid: string): Promise<DirtyState | null> {
    return this.unit.read((connection) => {
      const row = connection.get<StoredFlow>(GET, dfid);
      return row === undefined ? null : toDirtyState(row);
    });
  }

  /** Makes a flow clean. */
  async clearDirty(dfid: string): Promise<void> {
    await this.unit.write((connection) => clearFlow(connection, dfid));
  }

  /** Begins an attempt unless another owner's lease still holds. */
  async claimCompensation(
    dfid: string,
    { owner, leaseMs, alone = false }: ClaimOptions,
  ): Promise<CompensationClaim> {
    checkText(owner, "owner");
    checkSpan(leaseMs, "leaseMs");
    return await this.unit.write((connection): CompensationClaim => {
      const now = this.unit.nowMicros();
      const row = connection.get<ClaimedFlow>(GET_WITH_CLAIM, dfid);
      if (row === undefined) return { kind: "clean" };
      const { attempts, expires_at } = row;
      const other = alone || row.owner === owner ? null : row.owner;
      if (other !== null && expires_at !== null && expires_at > now) {
        return { kind: "busy", owner: other, expires_at: formatStamp(expires_at), attempts };
      }
      connection.run(CLAIM, owner, leaseEnd(now, leaseMs), dfid);
      return { kind: "claimed", ...toDirtyState(row), attempts: attempts + 1 };
    });
  }

  /** Makes the lease end `leaseMs` from now; false if the owner's claim no longer stands. */
  async renewCompensation(dfid: string, owner: string, leaseMs: number): Promise<boolean> {
    checkSpan(leaseMs, "leaseMs");
    return await this.unit.write((connection) =>
      connection.run(RENEW, leaseEnd(this.unit.nowMicros(), leaseMs), dfid, owner) > 0
    );
  }

  /** Ends the owner's attempt; false, and nothing written, if its claim no longer stands. */
  async finishCompensation(dfid: string, owner: string, end: CompensationEnd): Promise<boolean> {
    checkText(end.outcome, "outcome");
    return await this.unit.write((connection) => {
      const changed = end.clear
        ? connection.run(FINISH_CLEAN, dfid, owner)
        : connection.run(FINISH, end.outcome, dfid, owner);
      if (changed > 0) writeAlong(connection, end.along, this.unit.nowMicros());
      return changed > 0;
    });
  }
}

function toDirtyState(row: StoredFlow): DirtyState {
  const { failed_step, partial_state, attempts, last_outcome, marked_at } = row;
  return {
    failed_step,
    partial_state: parseStoredJson(partial_state),
    attempts,
    last_outcome,
    marked_at: formatStamp(marked_at),
  };
}
