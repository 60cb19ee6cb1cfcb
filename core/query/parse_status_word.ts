/**
 * Status words as people type them.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { TASK_STATUSES, type TaskStatus } from "./effective_status.ts";

const WORDS: readonly TaskStatus[] = [...TASK_STATUSES, "unknown"];

/**
 * Parses a status word; `not-found` is accepted for `not found`. `invalid_value` lists the words.
 *
 * @example
 * ```ts
 * import { parseStatusWord } from "./parse_status_word.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseStatusWord("not-found"), "not found");
 * ```
 */
export function parseStatusWord(text: string): TaskStatus {
  const word = text === "not-found" ? "not found" : text;
  const known = WORDS.find((status) => status === word);
  if (known !== undefined) return known;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not a status`, {
    hint: `one of: ${WORDS.map((status) => status.replace(" ", "-")).join(", ")}`,
  });
}
