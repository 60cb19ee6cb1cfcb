/**
 * The guard before any outside text becomes part of a path.
 *
 * @module
 */
import { AppError } from "../error.ts";

/**
 * Refuses text that would not stay one name inside its directory: empty, `.`, anything that starts with
 * `..`, and anything with a slash, a backslash or a NUL. Throws `invalid_value`, naming `what` it is.
 *
 * @example
 * ```ts
 * import { AppError } from "../error.ts";
 * import { checkPathSegment } from "./path_segment.ts";
 * import { assertThrows } from "@std/assert";
 * checkPathSegment("q7m2x", "task");
 * assertThrows(() => checkPathSegment("../etc", "task"), AppError, 'invalid task "../etc"');
 * ```
 */
export function checkPathSegment(text: string, what: string): void {
  const problem = findProblem(text);
  if (problem === null) return;
  throw new AppError("invalid_value", `invalid ${what} ${JSON.stringify(text)}: it must not ${problem}`, {
    hint: "give one plain name, not a path",
    details: { value: text },
  });
}

function findProblem(text: string): string | null {
  if (text === "") return "be empty";
  if (text === ".") return 'be "."';
  if (text.startsWith("..")) return 'start with ".."';
  if (/[/\\\0]/.test(text)) return "contain a slash, a backslash or a NUL";
  return null;
}
