/**
 * The error of a list that could not be read whole.
 *
 * @module
 */
import { AppError } from "../error.ts";

/** Names every damaged record (exit 11); null when there is none. */
export function damagedRecords(damaged: readonly AppError[]): AppError | null {
  const [first] = damaged;
  if (first === undefined) return null;
  // One file can spoil many tasks.
  const messages = new Set(damaged.map(({ message }) => message));
  return new AppError("partial", [...messages].join("; "), {
    hint: first.hint ?? "the other tasks are listed; the files named were left as they are",
    details: { damaged: damaged.map(({ code, message, details }) => ({ code, message, ...details })) },
  });
}
