/**
 * Virtual time: stands still until it is moved, or jumps to the next sleeper when nothing else runs.
 *
 * @module
 */
import type { Clock } from "../port/host.ts";

/** Options of {@linkcode newMemoryClock}. */
export interface MemoryClockOptions {
  /** The first instant, microseconds since the epoch. Default 2026-01-01T00:00:00Z. */
  readonly startMicros?: number;
  /** Every reading of the wall clock moves it by this much, so that no two are equal. Default 1. */
  readonly tickMicros?: number;
  /**
   * `jump` (default): when all that can run has run, time jumps to the next sleeper.
   * `manual`: only {@linkcode MemoryClock.advance} moves it.
   */
  readonly sleep?: "jump" | "manual";
}

/** A {@linkcode Clock} that tests move. */
export interface MemoryClock extends Clock {
  /** The time without a tick, for those who must not disturb it. */
  peekMicros(): number;
  /** Moves time forward, waking sleepers in order; at once when nobody sleeps. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly dueMicros: number;
  readonly wake: () => void;
}

/** A new virtual clock. */
export function newMemoryClock(options: MemoryClockOptions = {}): MemoryClock {
  const startMicros = options.startMicros ?? Date.UTC(2026, 0, 1) * 1000;
  const tickMicros = options.tickMicros ?? 1;
  const jumps = options.sleep !== "manual";
  const sleepers = new Set<Sleeper>();
  let micros = startMicros;
  let jumping = false;

  const nextSleeper = () => {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (next === undefined || sleeper.dueMicros < next.dueMicros) next = sleeper;
    }
    return next;
  };
  const wake = (sleeper: Sleeper) => {
    sleepers.delete(sleeper);
    micros = Math.max(micros, sleeper.dueMicros);
    sleeper.wake();
  };
  const jumpWhenIdle = async () => {
    if (jumping || !jumps) return;
    jumping = true;
    while (sleepers.size > 0) {
      await idle();
      const next = nextSleeper();
      if (next !== undefined) wake(next);
    }
    jumping = false;
  };

  return {
    nowMicros: () => micros += tickMicros,
    peekMicros: () => micros,
    monotonicMs: () => (micros - startMicros) / 1000,
    sleep: (ms, signal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          dueMicros: micros + Math.round(Math.max(0, ms) * 1000),
          wake: () => {
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        };
        signal?.addEventListener("abort", abort, { once: true });
        sleepers.add(sleeper);
        jumpWhenIdle();
      }),
    advance: async (ms) => {
      const target = micros + Math.round(ms * 1000);
      for (let next = nextSleeper(); next !== undefined && next.dueMicros <= target; next = nextSleeper()) {
        wake(next);
        await idle();
      }
      micros = Math.max(micros, target);
    },
  };
}

/** Resolves when every callback that was ready has run. */
function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
