/**
 * The real clock.
 *
 * @module
 */
import type { Clock } from "../port/host.ts";

/** Longer timers fire at once (they are 32 bits wide), so that long sleeps are made of several. */
const TIMER_MAX_MS = 2 ** 31 - 1;
/** The two clocks are read one after the other; a larger difference means that one was set. */
const CLOCKS_APART_MS = 5;

/** The real {@linkcode Clock}: microseconds from the monotonic clock, anchored to the wall clock. */
export function newDenoClock(): Clock {
  let originMs = performance.timeOrigin;
  return {
    nowMicros: () => {
      const monotonicMs = performance.now();
      const wallMs = Date.now();
      if (Math.abs(originMs + monotonicMs - wallMs) > CLOCKS_APART_MS) originMs = wallMs - monotonicMs;
      return Math.round((originMs + monotonicMs) * 1000);
    },
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        let timer: ReturnType<typeof setTimeout>;
        const abort = () => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const arm = (remainingMs: number) => {
          timer = setTimeout(() => {
            if (remainingMs > TIMER_MAX_MS) return arm(remainingMs - TIMER_MAX_MS);
            signal?.removeEventListener("abort", abort);
            resolve();
          }, Math.min(remainingMs, TIMER_MAX_MS));
        };
        signal?.addEventListener("abort", abort, { once: true });
        arm(ms);
      }),
  };
}
