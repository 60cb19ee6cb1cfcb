/**
 * Who holds how much of what: slots, ports, memory, named locks.
 *
 * A flow has at most one hold: its resources with their amounts, one fencing token, one owner, one end.
 * Amounts and capacities are numbers from 0 up; anything else, NaN included, is refused (`invalid_value`).
 * A hold or ticket whose time is over counts for nothing and is never returned.
 *
 * @module
 */
import type { AlongOption, Store } from "./store.ts";

/** Amounts by resource. */
export type Amounts = Readonly<Record<string, number>>;

/** Who holds and how long. */
export interface HoldOptions {
  /** Any text that lets others judge whether the holder is alive; default null. */
  readonly owner?: string | null;
  /** The hold ends by itself after this time; default null: never. */
  readonly ttlMs?: number | null;
}

/** Options of {@linkcode ResourceLockStorage.acquireWithin}. */
export interface AcquireOptions extends HoldOptions, AlongOption {
  /** How long to try for the store's write lock; 0 (default) = exactly one try. */
  readonly timeoutSec?: number;
}

/** Answer of {@linkcode ResourceLockStorage.acquireWithin}. */
export type AcquireResult =
  /** Held. Tokens grow with each hold of the store, so that a later one beats an earlier one. */
  | { readonly kind: "acquired"; readonly token: number }
  /** The first resource, by name, that has too little left for this flow. Nothing was written. */
  | { readonly kind: "insufficient"; readonly resource_id: string; readonly free: number }
  /** An older ticket of that flow wants one of the same resources. Nothing was written. */
  | { readonly kind: "queued"; readonly behind: string }
  /** The write lock was not to be had in time. */
  | { readonly kind: "contention" };

/** One held resource. */
export interface LockRow {
  /** The flow that holds it. */
  readonly dfid: string;
  /** What. */
  readonly resource_id: string;
  /** How much. */
  readonly amount: number;
  /** Of the flow's hold. */
  readonly token: number;
  /** Of the flow's hold. */
  readonly owner: string | null;
  /** When the hold was last acquired. */
  readonly acquired_at: string;
  /** When it ends by itself. */
  readonly expires_at: string | null;
}

/** One who waits. */
export interface TicketRow {
  /** The flow that waits. */
  readonly dfid: string;
  /** The smaller, the earlier its turn. */
  readonly ticket: number;
  /** What it waits for. */
  readonly resources: Amounts;
  /** As given. */
  readonly owner: string | null;
  /** When the ticket was drawn. */
  readonly queued_at: string;
  /** When it ends by itself. */
  readonly expires_at: string | null;
}

/** Holds and tickets. */
export interface ResourceLockStorage extends Store {
  /** Prepares the store; idempotent. */
  initSchema(): Promise<void>;
  /** What all flows but one hold of a resource. */
  getLockedAmount(resourceId: string, excludeDfid: string): Promise<number>;
  /**
   * Holds all of them, whatever the capacity, without an end; resources that the flow holds already and
   * does not name stay (D2). `timeoutSec` 0 is exactly one try (D3). False when another writer held the
   * store for all that time; every other failure is thrown.
   */
  acquireBatch(dfid: string, resources: Amounts, timeoutSec: number): Promise<boolean>;
  /**
   * Ends a flow's hold, or with `token` only the hold of that token, so that what was judged dead cannot
   * be confused with its successor. False when there was none.
   */
  release(dfid: string, options?: { readonly token?: number } & AlongOption): Promise<boolean>;
  /**
   * In one transaction: checks for each resource that what others hold and what is wanted fit into its
   * capacity, then holds all (D2). Token, owner and end are new for the whole hold; the flow's ticket
   * ends. Capacity is looked at first, then the queue: a flow waits behind older tickets for the same resources (without a ticket of its own behind
   * all of them), unless it wants no more than it holds. Refuses a resource without capacity. With no resources only
   * the token is new.
   */
  acquireWithin(
    dfid: string,
    resources: Amounts,
    capacities: Amounts,
    options?: AcquireOptions,
  ): Promise<AcquireResult>;
  /** Makes the hold of that token end `ttlMs` from now; false when it has ended. */
  renew(dfid: string, token: number, ttlMs: number): Promise<boolean>;
  /** Everything held, holds in the order of their tokens, resources by name. */
  listLocks(): Promise<LockRow[]>;
  /** Draws a ticket, or renews the flow's own: its number stays, the rest is as given now. */
  enqueue(dfid: string, resources: Amounts, options?: HoldOptions): Promise<number>;
  /** Ends a flow's ticket, or with `ticket` only that one; false when there was none. */
  leave(dfid: string, options?: { readonly ticket?: number }): Promise<boolean>;
  /** Everybody who waits, in order. */
  listTickets(): Promise<TicketRow[]>;
}
