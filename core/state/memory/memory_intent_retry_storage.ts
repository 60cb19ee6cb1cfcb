/**
 * Counts of rejections, in memory.
 *
 * @module
 */
import { checkInteger, checkText } from "../check_input.ts";
import type { IntentRetryStorage } from "../contracts/intent_retry.ts";
import { atomically, type MemoryOptions, MemoryUnit, removeWhere } from "./memory_unit.ts";

/** Counts in a Map. */
export class MemoryIntentRetryStorage implements IntentRetryStorage {
  /** Stores of the same unit are written together. */
  readonly unit: MemoryUnit;
  readonly #clock: MemoryOptions["clock"];
  readonly #counts = new Map<string, { readonly count: number; readonly updatedAt: number }>();

  /** A store without counts. */
  constructor({ clock, unit = new MemoryUnit() }: MemoryOptions) {
    this.#clock = clock;
    this.unit = unit;
    unit.joinRetries((dfid) => {
      checkText(dfid, "dfid");
      return () => void this.#counts.delete(dfid);
    });
  }

  /** See {@linkcode IntentRetryStorage.getCount}. */
  getCount(dfid: string): Promise<number> {
    return atomically(() => this.#count(dfid));
  }

  /** See {@linkcode IntentRetryStorage.setCount}. */
  setCount(dfid: string, count: number): Promise<void> {
    return atomically(() => void this.#put(dfid, count));
  }

  /** See {@linkcode IntentRetryStorage.delete}. */
  delete(dfid: string): Promise<void> {
    return atomically(() => void this.#counts.delete(dfid));
  }

  /** See {@linkcode IntentRetryStorage.increment}. */
  increment(dfid: string): Promise<number> {
    return atomically(() => this.#put(dfid, this.#count(dfid) + 1));
  }

  /** See {@linkcode IntentRetryStorage.prune}. */
  prune(beforeMicros: number): Promise<number> {
    return atomically(() => removeWhere(this.#counts, ({ updatedAt }) => updatedAt < beforeMicros));
  }

  #count(dfid: string): number {
    return this.#counts.get(dfid)?.count ?? 0;
  }

  #put(dfid: string, count: number): number {
    checkText(dfid, "dfid");
    checkInteger(count, "count");
    this.#counts.set(dfid, { count, updatedAt: this.#clock.nowMicros() });
    return count;
  }
}
