/**
 * Signals that end a command early, with their customary exit statuses.
 *
 * @module
 */
import { AppError } from "../error.ts";
import type { Terminal, TerminalSignal } from "../port/terminal.ts";

/** Exit status of a command that a signal ended or made leave: 128 + its number (POSIX, signal(7)). */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 } as const;

/** Somebody asked carrel to end; the reason of an abort. */
export class Interrupted extends Error {
  constructor(readonly exit: number) {
    super("interrupted");
  }
}

/** Aborts `leave` with {@linkcode Interrupted} when one of the signals comes, until the answer is called. */
export function leaveOn(
  { onSignal }: Pick<Terminal, "onSignal">,
  signals: readonly TerminalSignal[],
  leave: AbortController,
): () => void {
  const removers = signals.map((signal) =>
    onSignal(signal, () => leave.abort(new Interrupted(SIGNAL_EXIT[signal])))
  );
  return () => {
    for (const remove of removers) remove();
  };
}

/**
 * Waits until it is over or a signal asks carrel to end: then `interrupted`. Before and after it, signals have
 * their usual effect.
 */
export async function waitUnlessSignalled<Result>(
  terminal: Pick<Terminal, "onSignal">,
  wait: (leave: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const leave = new AbortController();
  const stopListening = leaveOn(terminal, ["SIGINT", "SIGTERM", "SIGHUP"], leave);
  try {
    return await wait(leave.signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new AppError("interrupted", "a signal ended the waiting", { exit: error.exit });
  } finally {
    stopListening();
  }
}
