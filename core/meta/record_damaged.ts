/**
 * The error for a file of carrel's own that does not hold what it should.
 *
 * @module
 */
import { AppError } from "../error.ts";

/** A `record_damaged` error that names the file and, where it is known, the line. */
export function recordDamaged(
  path: string,
  problem: string,
  details: { line?: number; cause?: unknown; hint?: string } = {},
): AppError {
  const { line, cause, hint = "repair the file by hand, or restore it from a copy" } = details;
  const place = line === undefined ? path : `${path}:${line}`;
  return new AppError("record_damaged", `damaged record ${place}: ${problem}`, {
    hint,
    details: { file: path, ...(line === undefined ? {} : { line }) },
    ...(cause === undefined ? {} : { cause }),
  });
}
