/**
 * Holds and tickets in SQLite.
 *
 * @module
 */
import {
  checkAmount,
  checkAmounts,
  checkCapacities,
  checkSpan,
  checkText,
  checkTextOrNull,
} from "../check_input.ts";
import type {
  AcquireOptions,
  AcquireResult,
  Amounts,
  HoldOptions,
  LockRow,
  ResourceLockStorage,
  TicketRow,
} from "../contracts/resource_lock.ts";
import type { AlongOption } from "../contracts/store.ts";
import { ResourceContentionError } from "../errors.ts";
import { leaseEnd } from "../lease_end.ts";
import { formatStamp, formatStampOrNull } from "../stamp.ts";
import type { Connection } from "./connection.ts";
import { END_HOLDS } from "./end_holds.ts";
import { SqliteStore } from "./sqlite_store.ts";
import { writeAlong } from "./write_along.ts";

const ANYTHING_OVER = `SELECT EXISTS (SELECT 1 FROM holds WHERE expires_at <= ?1)
    OR EXISTS (SELECT 1 FROM tickets WHERE expires_at <= ?1) AS over`;

/** Asks first whether anything is over, which nearly always saves the question for each row. */
const HELD_BY_OTHERS = `SELECT total(amount) AS amount FROM held_resources
  WHERE resource_id = ?1 AND dfid <> ?2
    AND (NOT EXISTS (SELECT 1 FROM holds WHERE expires_at <= ?3)
      OR dfid NOT IN (SELECT dfid FROM holds WHERE expires_at <= ?3))`;
const HELD_BY_FLOW = `SELECT amount FROM held_resources WHERE dfid = ? AND resource_id = ?`;
const BEHIND = `SELECT tickets.dfid, tickets.ticket
  FROM ticket_resources AS wanted CROSS JOIN tickets ON tickets.ticket = wanted.ticket
  WHERE wanted.resource_id = ?1 AND tickets.dfid <> ?2
    AND wanted.ticket < coalesce((SELECT ticket FROM tickets WHERE dfid = ?2), ${Number.MAX_SAFE_INTEGER})
  ORDER BY wanted.ticket LIMIT 1`;
/** The token is new even where the flow holds already: the row is another one. */
const HOLD = `INSERT OR REPLACE INTO holds (dfid, owner, acquired_at, expires_at) VALUES (?, ?, ?, ?)
  RETURNING token`;
const HOLD_RESOURCE = `INSERT INTO held_resources (dfid, resource_id, amount) VALUES (?1, ?2, ?3)
  ON CONFLICT (dfid, resource_id) DO UPDATE SET amount = ?3`;
const HOLDS_ANYTHING = `SELECT 1 AS held FROM held_resources WHERE dfid = ? LIMIT 1`;
const RELEASE = `DELETE FROM holds WHERE dfid = ?1 AND token = coalesce(?2, token)`;
const RELEASE_RESOURCES = `DELETE FROM held_resources WHERE dfid = ?`;
const RENEW = `UPDATE holds SET expires_at = ? WHERE dfid = ? AND token = ?`;
/** Earlier versions wrote ends that JavaScript does not hold exactly: they are read as the last that it does. */
const EXACT_END = `min(expires_at, ${Number.MAX_SAFE_INTEGER}) AS expires_at`;
const LIST_LOCKS = `SELECT holds.dfid, held.resource_id, held.amount, holds.token, holds.owner,
    holds.acquired_at, ${EXACT_END}
  FROM holds CROSS JOIN held_resources AS held ON held.dfid = holds.dfid
  WHERE holds.token > 0 AND (holds.expires_at IS NULL OR holds.expires_at > ?)
  ORDER BY holds.token, held.resource_id`;

const ENQUEUE = `INSERT INTO tickets (dfid, owner, queued_at, expires_at) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (dfid) DO UPDATE SET owner = ?2, expires_at = ?4
  RETURNING ticket`;
const WANT = `INSERT INTO ticket_resources (ticket, resource_id, amount) VALUES (?, ?, ?)`;
const LEAVE = `DELETE FROM tickets WHERE dfid = ?1 AND ticket = coalesce(?2, ticket) RETURNING ticket`;
const WANT_NOTHING = `DELETE FROM ticket_resources WHERE ticket = ?`;
const LIST_TICKETS = `SELECT dfid, ticket, owner, queued_at, ${EXACT_END} FROM tickets
  WHERE ticket > 0 AND (expires_at IS NULL OR expires_at > ?) ORDER BY ticket`;
const WANTED = `SELECT resource_id, amount FROM ticket_resources WHERE ticket = ? ORDER BY resource_id`;

interface StoredLock extends Record<string, string | number | null> {
  dfid: string;
  resource_id: string;
  amount: number;
  token: number;
  owner: string | null;
  acquired_at: number;
  expires_at: number | null;
}

interface StoredTicket extends Record<string, string | number | null> {
  dfid: string;
  ticket: number;
  owner: string | null;
  queued_at: number;
  expires_at: number | null;
}

type Wanted = readonly { readonly resourceId: string; readonly amount: number }[];

/** {@linkcode ResourceLockStorage} in SQLite. */
export class SqliteResourceLockStorage extends SqliteStore implements ResourceLockStorage {
  /** What all flows but one hold of a resource. */
  getLockedAmount(resourceId: string, excludeDfid: string): Promise<number> {
    return this.unit.read((connection) =>
      heldByOthers(connection, resourceId, excludeDfid, this.unit.nowMicros())
    );
  }

  /** Holds all of them, whatever the capacity; false when the write lock was not to be had in time. */
  async acquireBatch(dfid: string, resources: Amounts, timeoutSec: number): Promise<boolean> {
    checkText(dfid, "dfid");
    const wanted = checkAmounts(resources, "resources").map(([resourceId, amount]) => ({
      resourceId,
      amount,
    }));
    const written = await this.#writeWithin(timeoutSec, (connection, now) => {
      hold(connection, dfid, wanted, now, {});
      return true;
    });
    return written ?? false;
  }

  /** Ends a flow's hold, or only the hold of that token; false when there was none. */
  release(dfid: string, options: { readonly token?: number } & AlongOption = {}): Promise<boolean> {
    const { token, along } = options;
    return this.#write((connection, now) => {
      if (connection.run(RELEASE, dfid, token ?? null) === 0) return false;
      connection.run(RELEASE_RESOURCES, dfid);
      writeAlong(connection, along, now);
      return true;
    });
  }

  /** Holds all of them if they fit and nobody is before the flow. */
  async acquireWithin(
    dfid: string,
    resources: Amounts,
    capacities: Amounts,
    options: AcquireOptions = {},
  ): Promise<AcquireResult> {
    checkText(dfid, "dfid");
    checkHold(options);
    const wanted = checkCapacities(resources, capacities);
    const { timeoutSec = 0 } = options;
    const result = await this.#writeWithin(timeoutSec, (connection, now): AcquireResult => {
      for (const { resourceId, amount, capacity } of wanted) {
        const held = heldByOthers(connection, resourceId, dfid, now);
        if (held + amount > capacity) {
          return { kind: "insufficient", resource_id: resourceId, free: capacity - held };
        }
      }
      const behind = oldestBefore(connection, dfid, wanted);
      if (behind !== null) return { kind: "queued", behind };
      const token = hold(connection, dfid, wanted, now, options);
      endTicket(connection, dfid);
      writeAlong(connection, options.along, now);
      return { kind: "acquired", token };
    });
    return result ?? { kind: "contention" };
  }

  /** Makes the hold of that token end `ttlMs` from now; false when it has ended. */
  async renew(dfid: string, token: number, ttlMs: number): Promise<boolean> {
    checkSpan(ttlMs, "ttlMs");
    return await this.#write((connection, now) =>
      connection.run(RENEW, leaseEnd(now, ttlMs), dfid, token) > 0
    );
  }

  /** Everything held. */
  listLocks(): Promise<LockRow[]> {
    return this.unit.read((connection) =>
      connection.all<StoredLock>(LIST_LOCKS, this.unit.nowMicros()).map(toLockRow)
    );
  }

  /** Draws a ticket, or renews the flow's own. */
  async enqueue(dfid: string, resources: Amounts, options: HoldOptions = {}): Promise<number> {
    checkText(dfid, "dfid");
    checkHold(options);
    const wanted = checkAmounts(resources, "resources");
    const { owner = null, ttlMs = null } = options;
    return await this.#write((connection, now) => {
      const expiresAt = ttlMs === null ? null : leaseEnd(now, ttlMs);
      const ticket = connection.get<{ ticket: number }>(ENQUEUE, dfid, owner, now, expiresAt)?.ticket ?? 0;
      connection.run(WANT_NOTHING, ticket);
      for (const [resourceId, amount] of wanted) connection.run(WANT, ticket, resourceId, amount);
      return ticket;
    });
  }

  /** Ends a flow's ticket, or only that one; false when there was none. */
  leave(dfid: string, options: { readonly ticket?: number } = {}): Promise<boolean> {
    return this.#write((connection) => endTicket(connection, dfid, options.ticket));
  }

  /** Everybody who waits, in order. */
  listTickets(): Promise<TicketRow[]> {
    return this.unit.snapshot((connection) =>
      connection.all<StoredTicket>(LIST_TICKETS, this.unit.nowMicros()).map((row) => ({
        dfid: row.dfid,
        ticket: row.ticket,
        resources: wantedBy(connection, row.ticket),
        owner: row.owner,
        queued_at: formatStamp(row.queued_at),
        expires_at: formatStampOrNull(row.expires_at),
      }))
    );
  }

  /** A write for which what is over is gone. */
  #write<Result>(
    action: (connection: Connection, nowMicros: number) => Result,
    timeoutMs?: number,
  ): Promise<Result> {
    return this.unit.write((connection) => {
      const now = this.unit.nowMicros();
      if (connection.get<{ over: number }>(ANYTHING_OVER, now)?.over === 1) {
        for (const statement of END_HOLDS) connection.run(statement, now);
      }
      return action(connection, now);
    }, timeoutMs);
  }

  /** The same; null when the write lock was not to be had in time. */
  async #writeWithin<Result>(
    timeoutSec: number,
    action: (connection: Connection, nowMicros: number) => Result,
  ): Promise<Result | null> {
    const timeoutMs = Math.max(0, timeoutSec) * 1000;
    checkAmount(timeoutMs, "timeoutSec");
    try {
      return await this.#write(action, timeoutMs);
    } catch (error) {
      if (error instanceof ResourceContentionError) return null;
      throw error;
    }
  }
}

function checkHold({ owner = null, ttlMs = null }: HoldOptions): void {
  checkTextOrNull(owner, "owner");
  if (ttlMs !== null) checkSpan(ttlMs, "ttlMs");
}

function heldByOthers(connection: Connection, resourceId: string, dfid: string, nowMicros: number): number {
  return connection.get<{ amount: number }>(HELD_BY_OTHERS, resourceId, dfid, nowMicros)?.amount ?? 0;
}

/** Whose ticket for one of these resources comes first, before the flow's own; null when nobody's does. */
function oldestBefore(connection: Connection, dfid: string, wanted: Wanted): string | null {
  const grows = wanted.some(({ resourceId, amount }) =>
    amount > (connection.get<{ amount: number }>(HELD_BY_FLOW, dfid, resourceId)?.amount ?? -1)
  );
  if (!grows) return null;
  const before = wanted
    .map(({ resourceId }) => connection.get<{ dfid: string; ticket: number }>(BEHIND, resourceId, dfid))
    .filter((row) => row !== undefined)
    .sort((one, other) => one.ticket - other.ticket);
  return before[0]?.dfid ?? null;
}

/** Writes the flow's hold; its token. A hold of nothing is none. */
function hold(
  connection: Connection,
  dfid: string,
  wanted: Wanted,
  nowMicros: number,
  { owner = null, ttlMs = null }: HoldOptions,
): number {
  const expiresAt = ttlMs === null ? null : leaseEnd(nowMicros, ttlMs);
  const token = connection.get<{ token: number }>(HOLD, dfid, owner, nowMicros, expiresAt)?.token ?? 0;
  for (const { resourceId, amount } of wanted) connection.run(HOLD_RESOURCE, dfid, resourceId, amount);
  if (wanted.length === 0 && connection.get(HOLDS_ANYTHING, dfid) === undefined) {
    connection.run(RELEASE, dfid, token);
  }
  return token;
}

function endTicket(connection: Connection, dfid: string, only?: number): boolean {
  const ticket = connection.get<{ ticket: number }>(LEAVE, dfid, only ?? null)?.ticket;
  if (ticket === undefined) return false;
  connection.run(WANT_NOTHING, ticket);
  return true;
}

function toLockRow(row: StoredLock): LockRow {
  const { dfid, resource_id, amount, token, owner, acquired_at, expires_at } = row;
  return {
    dfid,
    resource_id,
    amount,
    token,
    owner,
    acquired_at: formatStamp(acquired_at),
    expires_at: formatStampOrNull(expires_at),
  };
}

function wantedBy(connection: Connection, ticket: number): Amounts {
  const rows = connection.all<{ resource_id: string; amount: number }>(WANTED, ticket);
  return Object.fromEntries(rows.map((row) => [row.resource_id, row.amount]));
}
