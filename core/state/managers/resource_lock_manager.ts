/**
 * Sharing what there is only so much of: slots, ports, memory, named locks.
 *
 * @module
 */
import { AppError } from "../../error.ts";
import type { Clock } from "../../port/host.ts";
import type { AcquireResult, Amounts, LockRow, TicketRow } from "../contracts/resource_lock.ts";
import { openStateWorld } from "../state_world.ts";
import { type AuditOption, withAudit } from "./audit_option.ts";
import { encodeLockOwner, type LockOwner } from "./lock_owner.ts";
import { type ArgumentList, byName, ManagedStore, type ManagerOptions } from "./manager_arguments.ts";
import { nextPauseMs } from "./next_pause_ms.ts";
import { QueueTicket } from "./queue_ticket.ts";
import { type OwnerJudge, takeOver } from "./take_over.ts";

/** Answer to a request. */
export type LockResult = "ACQUIRED" | "INSUFFICIENT_LIQUIDITY" | "RESOURCE_CONTENTION_TIMEOUT";

/** How much there is of a resource in all. It is asked before each try, never inside a transaction. */
export type AvailabilityProvider = (resourceId: string) => number | Promise<number>;

/** Options of {@linkcode ResourceLockManager}. */
export interface ResourceLockManagerOptions extends ManagerOptions<"resourceLock"> {
  /** How much there is; must be given. */
  readonly availabilityProvider?: AvailabilityProvider;
  /** Whose holds and tickets may be taken over; default: nobody's. */
  readonly judgeOwner?: OwnerJudge;
}

/** Options of {@linkcode ResourceLockManager.acquire}. */
export interface AcquireLockOptions extends AuditOption {
  /** Wait for others to let go, first come, first served, as long as `timeoutSec`; default: answer at once. */
  readonly wait?: boolean;
  /** Ends the waiting, which then rejects with the signal's reason; the place in the queue is given up. */
  readonly signal?: AbortSignal;
  /** Who holds it, for others to judge; default: nobody that can be judged. */
  readonly owner?: LockOwner;
  /** The hold ends by itself unless it is renewed within this time; default: never. */
  readonly ttlMs?: number;
}

/** Answer of {@linkcode ResourceLockManager.hold}. */
export type HoldResult =
  /** Held; a later hold of anything has a greater token, so that latecomers can be told and turned away. */
  | { readonly result: "ACQUIRED"; readonly token: number }
  /** The first resource, by name, that has too little left; null when earlier waiters have their turn first. */
  | {
    readonly result: "INSUFFICIENT_LIQUIDITY";
    readonly resource_id: string | null;
    readonly free: number | null;
  }
  /** Other writers held the store for all that time. */
  | { readonly result: "RESOURCE_CONTENTION_TIMEOUT" };

const METHODS = [
  "acquireWithin",
  "release",
  "renew",
  "listLocks",
  "enqueue",
  "leave",
  "listTickets",
] as const;

/**
 * Locks by amount. That what all flows hold fits into what there is is checked in the transaction that
 * writes, so that it is never exceeded.
 *
 * @example
 * ```ts
 * import { memoryStorage, ResourceLockManager } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const locks = new ResourceLockManager({
 *   storage: memoryStorage().resourceLock,
 *   availabilityProvider: () => 1000,
 * });
 * const first = await locks.acquire("df1", { memory: 600 });
 * const second = await locks.acquire("df2", { memory: 600 });
 * assertEquals([first, second], ["ACQUIRED", "INSUFFICIENT_LIQUIDITY"]);
 * ```
 */
export class ResourceLockManager implements AsyncDisposable {
  readonly #store: ManagedStore<"resourceLock">;
  readonly #clock: Clock;
  readonly #provider: AvailabilityProvider;
  readonly #judgeOwner: OwnerJudge;

  /** Throws `invalid_value` for no store, one that lacks a method, or no provider. */
  constructor(
    ...args: ArgumentList<
      [dbPath?: string | null, availabilityProvider?: AvailabilityProvider],
      ResourceLockManagerOptions
    >
  ) {
    const options = byName<ResourceLockManagerOptions>(args, ["dbPath", "availabilityProvider"]);
    const needs = { manager: "ResourceLockManager", slot: "resourceLock", methods: METHODS } as const;
    this.#store = new ManagedStore(needs, options);
    if (options.availabilityProvider === undefined) {
      throw new AppError("invalid_value", "ResourceLockManager needs an availabilityProvider");
    }
    this.#clock = openStateWorld(options).clock;
    this.#provider = options.availabilityProvider;
    this.#judgeOwner = options.judgeOwner ?? (() => "unknown");
  }

  /**
   * Takes all of the resources or none. A flow that holds some of them already is judged without its own
   * amounts, which are replaced; what it holds beside them it keeps. `timeoutSec` 0 is exactly one try.
   */
  async acquire(
    dfid: string,
    resources: Amounts,
    timeoutSec = 5,
    options: AcquireLockOptions = {},
  ): Promise<LockResult> {
    return (await this.hold(dfid, resources, timeoutSec, options)).result;
  }

  /** {@linkcode ResourceLockManager.acquire} with the token, or with what is lacking. */
  async hold(
    dfid: string,
    resources: Amounts,
    timeoutSec = 5,
    options: AcquireLockOptions = {},
  ): Promise<HoldResult> {
    const store = await this.#store.get();
    const endMs = this.#clock.monotonicMs() + timeoutSec * 1000;
    const queue = new QueueTicket(store, this.#clock, { dfid, resources, owner: encodeOwner(options) });
    try {
      for (let pauseMs = 0;;) {
        options.signal?.throwIfAborted();
        const capacities = await this.#capacities(resources);
        const leftMs = () => Math.max(0, endMs - this.#clock.monotonicMs());
        const answer = await store.acquireWithin(dfid, resources, capacities, {
          timeoutSec: leftMs() / 1000,
          owner: encodeOwner(options),
          ttlMs: options.ttlMs ?? null,
          ...withAudit(options),
        });
        if (answer.kind === "acquired") {
          queue.served();
          return { result: "ACQUIRED", token: answer.token };
        }
        if (answer.kind === "contention") return { result: "RESOURCE_CONTENTION_TIMEOUT" };
        if (await takeOver(store, dfid, resources, this.#judgeOwner)) continue;
        const hopeless = Object.entries(resources).some(([id, amount]) => amount > (capacities[id] ?? 0));
        if (options.wait !== true || hopeless || leftMs() === 0) return insufficient(answer);
        await queue.keep();
        pauseMs = nextPauseMs(pauseMs);
        await this.#clock.sleep(Math.min(pauseMs, leftMs()), options.signal);
      }
    } finally {
      await queue.leave();
    }
  }

  /**
   * Lets go of everything that a flow holds, or with `token` only of the hold of that token; false when
   * there was none.
   */
  async release(dfid: string, options: AuditOption & { readonly token?: number } = {}): Promise<boolean> {
    const { token } = options;
    const which = token === undefined ? {} : { token };
    return await (await this.#store.get()).release(dfid, { ...which, ...withAudit(options) });
  }

  /** Makes the hold of that token last `ttlMs` from now; false when it has ended. */
  async renew(dfid: string, token: number, ttlMs: number): Promise<boolean> {
    return await (await this.#store.get()).renew(dfid, token, ttlMs);
  }

  /** Everything that is held. */
  async listLocks(): Promise<LockRow[]> {
    return await (await this.#store.get()).listLocks();
  }

  /** Everybody who waits, in order. */
  async listTickets(): Promise<TicketRow[]> {
    return await (await this.#store.get()).listTickets();
  }

  /** Closes the file of `dbPath`. */
  close(): Promise<void> {
    return this.#store.close();
  }

  /** {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #capacities(resources: Amounts): Promise<Amounts> {
    const capacities: [resourceId: string, capacity: number][] = [];
    for (const resourceId of Object.keys(resources).sort()) {
      capacities.push([resourceId, await this.#provider(resourceId)]);
    }
    return Object.fromEntries(capacities);
  }
}

function insufficient(answer: Extract<AcquireResult, { kind: "insufficient" | "queued" }>): HoldResult {
  const { resource_id, free } = answer.kind === "insufficient" ? answer : { resource_id: null, free: null };
  return { result: "INSUFFICIENT_LIQUIDITY", resource_id, free };
}

function encodeOwner({ owner }: AcquireLockOptions): string | null {
  return owner === undefined ? null : encodeLockOwner(owner);
}
