/**
 * Holds and tickets, in memory.
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
import { leaseEnd } from "../lease_end.ts";
import { formatStamp, formatStampOrNull } from "../stamp.ts";
import { atomically, type MemoryOptions, MemoryUnit, removeWhere } from "./memory_unit.ts";

interface Term {
  readonly amounts: ReadonlyMap<string, number>;
  readonly owner: string | null;
  readonly since: number;
  readonly endsAt: number | null;
}

interface Hold extends Term {
  readonly token: number;
}

interface Ticket extends Term {
  readonly ticket: number;
}

/** Holds and tickets in Maps. Nobody else writes, so no time limit is ever reached. */
export class MemoryResourceLockStorage implements ResourceLockStorage {
  /** Stores of the same unit are written together. */
  readonly unit: MemoryUnit;
  readonly #clock: MemoryOptions["clock"];
  readonly #holds = new Map<string, Hold>();
  readonly #tickets = new Map<string, Ticket>();
  #lastToken = 0;
  #lastTicket = 0;

  /** A store without holds. */
  constructor({ clock, unit = new MemoryUnit() }: MemoryOptions) {
    this.#clock = clock;
    this.unit = unit;
  }

  /** Nothing to prepare. */
  initSchema(): Promise<void> {
    return Promise.resolve();
  }

  /** See {@linkcode ResourceLockStorage.getLockedAmount}. */
  getLockedAmount(resourceId: string, excludeDfid: string): Promise<number> {
    return atomically(() => {
      this.#dropEnded();
      return this.#lockedByOthers(resourceId, excludeDfid);
    });
  }

  /** See {@linkcode ResourceLockStorage.acquireBatch}. */
  acquireBatch(dfid: string, resources: Amounts, timeoutSec: number): Promise<boolean> {
    return atomically(() => {
      checkText(dfid, "dfid");
      const amounts = new Map(checkAmounts(resources, "resources"));
      checkTimeout(timeoutSec);
      const now = this.#dropEnded();
      this.#hold(dfid, { amounts, owner: null, since: now, endsAt: null });
      return true;
    });
  }

  /** See {@linkcode ResourceLockStorage.release}. */
  release(dfid: string, { token, along }: { readonly token?: number } & AlongOption = {}): Promise<boolean> {
    return atomically(() => {
      const commit = this.unit.prepare(along);
      this.#dropEnded();
      const hold = this.#holds.get(dfid);
      if (hold === undefined || (token !== undefined && hold.token !== token)) return false;
      this.#holds.delete(dfid);
      commit();
      return true;
    });
  }

  /** See {@linkcode ResourceLockStorage.acquireWithin}. */
  acquireWithin(
    dfid: string,
    resources: Amounts,
    capacities: Amounts,
    options: AcquireOptions = {},
  ): Promise<AcquireResult> {
    return atomically((): AcquireResult => {
      checkText(dfid, "dfid");
      const wanted = checkCapacities(resources, capacities);
      checkTimeout(options.timeoutSec ?? 0);
      checkHoldOptions(options);
      const commit = this.unit.prepare(options.along);
      const now = this.#dropEnded();
      for (const { resourceId, amount, capacity } of wanted) {
        const locked = this.#lockedByOthers(resourceId, dfid);
        if (locked + amount > capacity) {
          return { kind: "insufficient", resource_id: resourceId, free: capacity - locked };
        }
      }
      const amounts = new Map(wanted.map(({ resourceId, amount }) => [resourceId, amount]));
      const behind = this.#ahead(dfid, amounts);
      if (behind !== null) return { kind: "queued", behind };
      const token = this.#hold(dfid, newTerm(amounts, now, options));
      this.#tickets.delete(dfid);
      commit();
      return { kind: "acquired", token };
    });
  }

  /** See {@linkcode ResourceLockStorage.renew}. */
  renew(dfid: string, token: number, ttlMs: number): Promise<boolean> {
    return atomically(() => {
      checkSpan(ttlMs, "ttlMs");
      const now = this.#dropEnded();
      const hold = this.#holds.get(dfid);
      if (hold === undefined || hold.token !== token) return false;
      this.#holds.set(dfid, { ...hold, endsAt: leaseEnd(now, ttlMs) });
      return true;
    });
  }

  /** See {@linkcode ResourceLockStorage.listLocks}. */
  listLocks(): Promise<LockRow[]> {
    return atomically(() => {
      this.#dropEnded();
      const holds = [...this.#holds].sort(([, one], [, other]) => one.token - other.token);
      return holds.flatMap(([dfid, hold]) =>
        sorted(hold.amounts).map(([resource_id, amount]) => ({
          dfid,
          resource_id,
          amount,
          token: hold.token,
          owner: hold.owner,
          acquired_at: formatStamp(hold.since),
          expires_at: formatStampOrNull(hold.endsAt),
        }))
      );
    });
  }

  /** See {@linkcode ResourceLockStorage.enqueue}. */
  enqueue(dfid: string, resources: Amounts, options: HoldOptions = {}): Promise<number> {
    return atomically(() => {
      checkText(dfid, "dfid");
      const amounts = new Map(checkAmounts(resources, "resources"));
      checkHoldOptions(options);
      const now = this.#dropEnded();
      const { ticket, since } = this.#tickets.get(dfid) ?? { ticket: ++this.#lastTicket, since: now };
      this.#tickets.set(dfid, { ...newTerm(amounts, now, options), ticket, since });
      return ticket;
    });
  }

  /** See {@linkcode ResourceLockStorage.leave}. */
  leave(dfid: string, { ticket }: { readonly ticket?: number } = {}): Promise<boolean> {
    return atomically(() => {
      this.#dropEnded();
      const found = this.#tickets.get(dfid);
      return found !== undefined && (ticket ?? found.ticket) === found.ticket && this.#tickets.delete(dfid);
    });
  }

  /** See {@linkcode ResourceLockStorage.listTickets}. */
  listTickets(): Promise<TicketRow[]> {
    return atomically(() => {
      this.#dropEnded();
      return [...this.#tickets].map(([dfid, { ticket, amounts, owner, since, endsAt }]) => ({
        dfid,
        ticket,
        resources: Object.fromEntries(sorted(amounts)),
        owner,
        queued_at: formatStamp(since),
        expires_at: formatStampOrNull(endsAt),
      }));
    });
  }

  /** Forgets what has ended; returns the time that was the judge of it. */
  #dropEnded(): number {
    const now = this.#clock.nowMicros();
    const hasEnded = ({ endsAt }: Term) => endsAt !== null && endsAt <= now;
    removeWhere(this.#holds, hasEnded);
    removeWhere(this.#tickets, hasEnded);
    return now;
  }

  #lockedByOthers(resourceId: string, dfid: string): number {
    let sum = 0;
    for (const [holder, { amounts }] of this.#holds) {
      if (holder !== dfid) sum += amounts.get(resourceId) ?? 0;
    }
    return sum;
  }

  /** The flow with the oldest ticket that goes before this one; null when it is its turn. */
  #ahead(dfid: string, wanted: ReadonlyMap<string, number>): string | null {
    const held = this.#holds.get(dfid)?.amounts;
    if (wanted.entries().every(([resourceId, amount]) => amount <= (held?.get(resourceId) ?? -1))) {
      return null;
    }
    const own = this.#tickets.get(dfid)?.ticket ?? Infinity;
    for (const [other, { ticket, amounts }] of this.#tickets) {
      if (ticket < own && wanted.keys().some((resourceId) => amounts.has(resourceId))) return other;
    }
    return null;
  }

  #hold(dfid: string, term: Term): number {
    const token = ++this.#lastToken;
    const amounts = new Map([...this.#holds.get(dfid)?.amounts ?? [], ...term.amounts]);
    if (amounts.size > 0) this.#holds.set(dfid, { ...term, amounts, token });
    return token;
  }
}

function newTerm(amounts: Term["amounts"], since: number, { owner = null, ttlMs = null }: HoldOptions): Term {
  return { amounts, owner, since, endsAt: ttlMs === null ? null : leaseEnd(since, ttlMs) };
}

function checkHoldOptions({ owner = null, ttlMs = null }: HoldOptions): void {
  checkTextOrNull(owner, "owner");
  if (ttlMs !== null) checkSpan(ttlMs, "ttlMs");
}

/** Negative values are as good as 0: one try. */
function checkTimeout(timeoutSec: number): void {
  checkAmount(Math.max(0, timeoutSec), "timeoutSec");
}

function sorted(amounts: ReadonlyMap<string, number>): [string, number][] {
  return [...amounts].sort(([one], [other]) => one < other ? -1 : one > other ? 1 : 0);
}
