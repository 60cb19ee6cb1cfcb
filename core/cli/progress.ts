/**
 * How far a long command is, for the person who waits.
 *
 * @module
 */
import type { Clock } from "../port/host.ts";
import type { Io } from "./io.ts";

/** Whoever gets an answer sooner does not want to read anything else. */
const QUIET_MS = 1000;
const PAUSE_MS = 100;

/** One line on the terminal that changes and goes. */
export interface Progress {
  /** Shows the words that `word` makes, unless it is too early or the last ones are too new. */
  update(word: () => string): void;
  /** Takes the line away. */
  end(): void;
}

/** Begins to wait. */
export function newProgress(io: Pick<Io, "status">, clock: Pick<Clock, "monotonicMs">): Progress {
  let nextMs = clock.monotonicMs() + QUIET_MS;
  return {
    update(word) {
      const nowMs = clock.monotonicMs();
      if (nowMs < nextMs) return;
      nextMs = nowMs + PAUSE_MS;
      io.status(word());
    },
    end: () => io.status(""),
  };
}
