/**
 * Waiting in a queue for resources.
 *
 * @module
 */
import type { Clock } from "../../port/host.ts";
import type { Amounts, ResourceLockStorage } from "../contracts/resource_lock.ts";

/** A waiter that has died keeps others waiting no longer than this, even when nobody can judge it. */
const TICKET_TTL_MS = 5_000;

/** Who waits for what. */
export interface Waiter {
  /** The flow. */
  readonly dfid: string;
  /** What it waits for. */
  readonly resources: Amounts;
  /** As the store keeps it; null for nobody that can be judged. */
  readonly owner: string | null;
}

/** The place of one caller in the queue; taken when it first has to wait. */
export class QueueTicket {
  readonly #store: ResourceLockStorage;
  readonly #clock: Clock;
  readonly #waiter: Waiter;
  #number: number | null = null;
  #renewAtMs = 0;

  /** No ticket yet. */
  constructor(store: ResourceLockStorage, clock: Clock, waiter: Waiter) {
    this.#store = store;
    this.#clock = clock;
    this.#waiter = waiter;
  }

  /** Takes the place, or makes it last. */
  async keep(): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#renewAtMs) return;
    const { dfid, resources, owner } = this.#waiter;
    this.#number = await this.#store.enqueue(dfid, resources, { owner, ttlMs: TICKET_TTL_MS });
    this.#renewAtMs = nowMs + TICKET_TTL_MS / 2;
  }

  /** The store has ended the ticket itself. */
  served(): void {
    this.#number = null;
  }

  /** Gives the place up. */
  async leave(): Promise<void> {
    if (this.#number === null) return;
    // What cannot be removed now ends by itself, and must not hide why the waiting ended.
    await this.#store.leave(this.#waiter.dfid, { ticket: this.#number }).catch(() => false);
  }
}
