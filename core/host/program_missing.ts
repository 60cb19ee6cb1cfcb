/**
 * The error for a program that is not there.
 *
 * @module
 */
import { AppError } from "../error.ts";

/** The `command_failed` error with `details.missing`, worded alike by every host. */
export function programMissing(program: string, cause?: unknown): AppError {
  return new AppError("command_failed", `cannot run ${program}: no such program`, {
    cause,
    details: { missing: true, program },
  });
}
