/**
 * Locks in memory, first come, first served, with time limits in virtual time.
 *
 * @module
 */
import type { Clock, FileLock, FileLockOptions } from "../port/host.ts";
import { lockTimeout } from "./lock_timeout.ts";

/** Locks on things of one kind; a thing is locked as long as somebody holds it. */
export interface MemoryLocks<Thing extends object> {
  /** Waits for the lock; `lock_timeout` after `timeoutMs`, the signal's reason when aborted. */
  take(thing: Thing, path: string, options: FileLockOptions): Promise<FileLock>;
  /** Frees everything at once; the next in each queue gets its turn. */
  releaseAll(): void;
}

interface Turn {
  readonly shared: boolean;
  readonly start: () => void;
}

/** New locks, none held. */
export function newMemoryLocks<Thing extends object>(clock: Clock): MemoryLocks<Thing> {
  /** Per thing: the holders first, then those who wait. */
  const queues = new Map<Thing, Turn[]>();

  /** How many at the head of the queue may hold the lock together. */
  const holderCount = (queue: readonly Turn[]) => {
    const firstAlone = queue.findIndex(({ shared }) => !shared);
    return firstAlone === 0 ? 1 : firstAlone < 0 ? queue.length : firstAlone;
  };
  /** Starts all whose turn it is; to start again is harmless. */
  const advance = (queue: readonly Turn[]) => {
    for (const turn of queue.slice(0, holderCount(queue))) turn.start();
  };
  const leave = (thing: Thing, turn: Turn) => {
    const queue = queues.get(thing);
    const position = queue?.indexOf(turn) ?? -1;
    if (queue === undefined || position < 0) return;
    queue.splice(position, 1);
    if (queue.length === 0) queues.delete(thing);
    else advance(queue);
  };

  return {
    take: async (thing, path, { timeoutMs, signal, shared = false }) => {
      signal?.throwIfAborted();
      const started = Promise.withResolvers<"started">();
      const turn: Turn = { shared, start: () => started.resolve("started") };
      const queue = queues.get(thing) ?? [];
      queues.set(thing, queue);
      if (holderCount([...queue, turn]) === queue.push(turn)) turn.start();
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
        for (const holder of queue.slice(0, holderCount(queue))) leave(thing, holder);
      }
    },
  };
}
