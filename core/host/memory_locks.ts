/**
 * Exclusive locks in memory, first come, first served, with time limits in virtual time.
 *
 * @module
 */
import type { Clock, FileLock } from "../port/host.ts";
import { lockTimeout } from "./lock_timeout.ts";

/** Locks on things of one kind; a thing is locked as long as somebody holds it. */
export interface MemoryLocks<Thing extends object> {
  /** Waits for the lock; `lock_timeout` after `timeoutMs`, the signal's reason when aborted. */
  take(thing: Thing, path: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<FileLock>;
  /** Frees everything at once; the next in each queue gets its turn. */
  releaseAll(): void;
}

interface Turn {
  readonly start: () => void;
}

/** New locks, none held. */
export function newMemoryLocks<Thing extends object>(clock: Clock): MemoryLocks<Thing> {
  /** Per thing: the holder first, then those who wait. */
  const queues = new Map<Thing, Turn[]>();

  const leave = (thing: Thing, turn: Turn) => {
    const queue = queues.get(thing);
    const position = queue?.indexOf(turn) ?? -1;
    if (queue === undefined || position < 0) return;
    queue.splice(position, 1);
    if (queue.length === 0) queues.delete(thing);
    else if (position === 0) queue[0]?.start();
  };

  return {
    take: async (thing, path, { timeoutMs, signal }) => {
      signal?.throwIfAborted();
      const started = Promise.withResolvers<"started">();
      const turn: Turn = { start: () => started.resolve("started") };
      const queue = queues.get(thing) ?? [];
      queues.set(thing, queue);
      if (queue.push(turn) === 1) turn.start();
      else await waitForTurn();
      const release = async () => {
        await Promise.resolve();
        leave(thing, turn);
      };
      return { release, [Symbol.asyncDispose]: release };

      async function waitForTurn() {
        const giveUp = new AbortController();
        const limit = signal === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, signal]);
        try {
          const outcome = await Promise.race([started.promise, clock.sleep(timeoutMs, limit)]);
          if (outcome !== "started") throw lockTimeout(path, timeoutMs);
        } catch (error) {
          leave(thing, turn);
          throw error;
        } finally {
          giveUp.abort();
        }
      }
    },
    releaseAll: () => {
      for (const [thing, queue] of [...queues]) {
        const [holder] = queue;
        if (holder !== undefined) leave(thing, holder);
      }
    },
  };
}
