/**
 * When to stop trying.
 *
 * @module
 */
import { sharesUnit, type Store } from "../contracts/store.ts";
import { MemoryIntentRetryStorage } from "../memory/memory_intent_retry_storage.ts";
import { openStateWorld } from "../state_world.ts";
import { type ArgumentList, byName, ManagedStore, type ManagerOptions } from "./manager_arguments.ts";

/** Why a flow is turned down when its attempts are used up. */
export const REASONING_EXHAUSTION = "REASONING_EXHAUSTION";

/** Options of {@linkcode IntentRetryGovernor}. */
export interface IntentRetryGovernorOptions extends ManagerOptions<"intentRetry"> {
  /** So many rejections of a flow are enough; default 3. */
  readonly maxRetries?: number;
}

const METHODS = ["getCount", "increment", "delete"] as const;

/**
 * Counts how often a flow was turned down. Without a store it counts in memory.
 *
 * @example
 * ```ts
 * import { IntentRetryGovernor } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const governor = new IntentRetryGovernor({ maxRetries: 2 });
 * assertEquals([await governor.recordRejection("df1"), await governor.shouldAbort("df1")], [1, false]);
 * assertEquals([await governor.recordRejection("df1"), await governor.shouldAbort("df1")], [2, true]);
 * ```
 */
export class IntentRetryGovernor implements AsyncDisposable {
  readonly #store: ManagedStore<"intentRetry">;
  /** So many rejections of a flow are enough. */
  readonly maxRetries: number;

  /** On a store, or in memory; throws `invalid_value` for a store that lacks a method. */
  constructor(
    ...args: ArgumentList<[dbPath?: string | null, maxRetries?: number], IntentRetryGovernorOptions>
  ) {
    const options = byName<IntentRetryGovernorOptions>(args, ["dbPath", "maxRetries"]);
    const needs = { manager: "IntentRetryGovernor", slot: "intentRetry", methods: METHODS } as const;
    const given = options.storage ?? options.dbPath ?? null;
    const own = given === null ? { storage: new MemoryIntentRetryStorage(openStateWorld(options)) } : options;
    this.#store = new ManagedStore(needs, own);
    this.maxRetries = options.maxRetries ?? 3;
  }

  /** Counts a rejection; the new count. */
  async recordRejection(dfid: string): Promise<number> {
    return await (await this.#store.get()).increment(dfid);
  }

  /** How often the flow was turned down. */
  async getCount(dfid: string): Promise<number> {
    return await (await this.#store.get()).getCount(dfid);
  }

  /** Whether the flow has used up its attempts. */
  async shouldAbort(dfid: string): Promise<boolean> {
    return await this.getCount(dfid) >= this.maxRetries;
  }

  /** Forgets a flow. */
  async reset(dfid: string): Promise<void> {
    await (await this.#store.get()).delete(dfid);
  }

  /** Whether that store can forget a flow in its own transactions. */
  async commitsWith(other: Store): Promise<boolean> {
    return sharesUnit(await this.#store.get(), other);
  }

  /** Closes the file of `dbPath`. */
  close(): Promise<void> {
    return this.#store.close();
  }

  /** {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
