/**
 * How long the writes of a store take, waiting for other writers included.
 *
 * @module
 */
import type { StorageBundle } from "../../core/state/mod.ts";
import { StateDatabase } from "../../core/state/sqlite/state_database.ts";

/** Starts watching; the function gives the longest write since it was last called, in milliseconds. */
export function watchWrites({ context: { unit } }: StorageBundle): () => number {
  if (!(unit instanceof StateDatabase)) throw new TypeError("only writes into a file are watched");
  let longestMs = 0;
  const write: StateDatabase["write"] = unit.write.bind(unit);
  unit.write = async (action, timeoutMs) => {
    const begin = performance.now();
    try {
      return await write(action, timeoutMs);
    } finally {
      longestMs = Math.max(longestMs, performance.now() - begin);
    }
  };
  return () => {
    const longest = longestMs;
    longestMs = 0;
    return longest;
  };
}
