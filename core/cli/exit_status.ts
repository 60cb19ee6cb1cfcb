/**
 * What exit statuses mean, in words. Which error has which one is decided in `core/error.ts`.
 *
 * @module
 */

/** One exit status, or `128+N`. */
export interface ExitStatusMeaning {
  readonly status: string;
  readonly meaning: string;
}

/** Every exit status with its meaning, in the order of help. */
export const EXIT_STATUS: readonly ExitStatusMeaning[] = [
  { status: "0", meaning: "ok" },
  { status: "1", meaning: "the predicate is false, or nothing matched" },
  { status: "2", meaning: "malformed command line or value" },
  { status: "3", meaning: "no such thing" },
  { status: "4", meaning: "conflict: ambiguous, or exists already" },
  { status: "5", meaning: "wrong state for this" },
  { status: "6", meaning: "lock not obtained in time" },
  { status: "7", meaning: "wait timed out" },
  { status: "8", meaning: "a human is needed" },
  { status: "9", meaning: "the runtime is missing or failed" },
  { status: "10", meaning: "storage failed" },
  { status: "11", meaning: "some items failed" },
  { status: "12", meaning: "no capacity left" },
  { status: "13", meaning: "idempotency key was used with other arguments" },
  { status: "70", meaning: "a bug, or a failure without a class" },
  { status: "124", meaning: "the time limit of a run ended it" },
  { status: "125", meaning: "the command could not be started" },
  { status: "126", meaning: "the command is not executable" },
  { status: "127", meaning: "the command was not found" },
  { status: "128+N", meaning: "ended by signal N, or left because of it (129 hangup, 141 closed stdout)" },
];
