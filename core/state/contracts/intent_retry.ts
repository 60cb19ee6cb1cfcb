/**
 * How often a flow was turned down.
 *
 * @module
 */
import type { Store } from "./store.ts";

/** Counts by flow. */
export interface IntentRetryStorage extends Store {
  /** The count; 0 for an unknown flow. */
  getCount(dfid: string): Promise<number>;
  /** Sets the count, a safe integer. */
  setCount(dfid: string, count: number): Promise<void>;
  /** Forgets a flow; nothing for an unknown one. */
  delete(dfid: string): Promise<void>;
  /** Adds one, in the store; returns the new count. */
  increment(dfid: string): Promise<number>;
  /** Forgets flows whose count last changed before that time; returns how many. */
  prune(beforeMicros: number): Promise<number>;
}
