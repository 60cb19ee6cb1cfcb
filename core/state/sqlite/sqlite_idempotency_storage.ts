/**
 * Results by key in SQLite.
 *
 * @module
 */
import { checkSpan, checkText, checkTextOrNull } from "../check_input.ts";
import type { IdempotencyStorage, Reservation, ReserveOptions } from "../contracts/idempotency.ts";
import type { AlongOption } from "../contracts/store.ts";
import { dumpsJsonDict } from "../json_dialect.ts";
import { type JsonValue, parseStoredJson } from "../json_value.ts";
import { leaseEnd } from "../lease_end.ts";
import { formatStamp } from "../stamp.ts";
import { SqliteStore } from "./sqlite_store.ts";
import { writeAlong } from "./write_along.ts";

const GET = `SELECT fingerprint, work, result, owner, settled_at FROM results WHERE key = ?`;
const SET = `INSERT INTO results (key, result, settled_at) VALUES (?1, ?2, ?3)
  ON CONFLICT (key) DO UPDATE SET fingerprint = NULL, work = NULL, result = ?2, owner = NULL, settled_at = ?3`;
const RESERVE = `INSERT INTO results (key, fingerprint, work, owner, settled_at) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT (key) DO UPDATE SET fingerprint = coalesce(fingerprint, ?2), work = coalesce(work, ?3),
    owner = ?4, settled_at = ?5`;
const COMPLETE = `UPDATE results SET result = ?3, owner = NULL, settled_at = ?4
  WHERE key = ?1 AND owner = ?2 AND result IS NULL`;
const ABANDON = `DELETE FROM results WHERE key = ? AND owner = ? AND result IS NULL`;
const RENEW = `UPDATE results SET settled_at = ?3 WHERE key = ?1 AND owner = ?2 AND result IS NULL`;
const PRUNE = `DELETE FROM results WHERE settled_at < ?`;

interface StoredResult extends Record<string, string | number | null> {
  fingerprint: string | null;
  work: string | null;
  result: string | null;
  owner: string | null;
  settled_at: number;
}

/** {@linkcode IdempotencyStorage} in SQLite. */
export class SqliteIdempotencyStorage extends SqliteStore implements IdempotencyStorage {
  /** The result; null when there is none, or none yet, or it is null. */
  get(key: string): Promise<JsonValue> {
    return this.unit.read((connection) => {
      const result = connection.get<StoredResult>(GET, key)?.result ?? null;
      return result === null ? null : parseStoredJson(result);
    });
  }

  /** The fingerprint that the key was reserved with; null when there is none, or no such key. */
  fingerprintOf(key: string): Promise<string | null> {
    return this.unit.read((connection) => connection.get<StoredResult>(GET, key)?.fingerprint ?? null);
  }

  /** Stores a result whatever there was. */
  async set(key: string, result: unknown): Promise<void> {
    checkText(key, "key");
    const text = dumpsJsonDict(result, { allowNan: false });
    await this.unit.write((connection) => connection.run(SET, key, text, this.unit.nowMicros()));
  }

  /** The result if there is one, else a reservation unless another owner's lease still holds. */
  async reserve(key: string, options: ReserveOptions): Promise<Reservation> {
    const { owner, leaseMs, fingerprint = null, work = null, replacing } = options;
    checkText(key, "key");
    checkText(owner, "owner");
    checkSpan(leaseMs, "leaseMs");
    checkTextOrNull(fingerprint, "fingerprint");
    checkTextOrNull(work, "work");
    return await this.unit.write((connection): Reservation => {
      const now = this.unit.nowMicros();
      const found = connection.get<StoredResult>(GET, key);
      const known = found?.fingerprint ?? null;
      if (fingerprint !== null && known !== null && fingerprint !== known) return { kind: "mismatch" };
      if (found !== undefined && found.result !== null) {
        return { kind: "done", result: parseStoredJson(found.result) };
      }
      const other = found === undefined || found.owner === owner ? null : found.owner;
      if (found !== undefined && other !== null && other !== replacing && found.settled_at > now) {
        return { kind: "busy", owner: other, expires_at: formatStamp(found.settled_at), work: found.work };
      }
      connection.run(RESERVE, key, fingerprint, work, owner, leaseEnd(now, leaseMs));
      return { kind: "reserved", took_over: other !== null, work: found?.work ?? work };
    });
  }

  /** Stores the result if the owner's reservation still stands; else false. */
  async complete(key: string, owner: string, result: unknown, options: AlongOption = {}): Promise<boolean> {
    const text = dumpsJsonDict(result, { allowNan: false });
    return await this.unit.write((connection) => {
      const now = this.unit.nowMicros();
      if (connection.run(COMPLETE, key, owner, text, now) === 0) return false;
      writeAlong(connection, options.along, now);
      return true;
    });
  }

  /** Frees a key that the owner has reserved and not completed; else false. */
  abandon(key: string, owner: string): Promise<boolean> {
    return this.unit.write((connection) => connection.run(ABANDON, key, owner) > 0);
  }

  /** Makes the lease end `leaseMs` from now; false if the owner's reservation no longer stands. */
  async renew(key: string, owner: string, leaseMs: number): Promise<boolean> {
    checkSpan(leaseMs, "leaseMs");
    return await this.unit.write((connection) =>
      connection.run(RENEW, key, owner, leaseEnd(this.unit.nowMicros(), leaseMs)) > 0
    );
  }

  /** Removes results stored, and leases ended, before that time; returns how many. */
  prune(beforeMicros: number): Promise<number> {
    return this.unit.write((connection) => connection.run(PRUNE, beforeMicros));
  }
}
