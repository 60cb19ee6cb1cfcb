/**
 * How old what was done must be before it may be forgotten.
 *
 * @module
 */
import { AppError } from "./error.ts";

/** An idempotency key is answered for so long, from what is kept of its operation. */
export const HISTORY_KEPT_MIN_S = 7 * 86_400;

/**
 * Answers the seconds if history of that age may go. Throws `invalid_value`.
 *
 * @example
 * ```ts
 * import { checkHistoryAge } from "./history_age.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 * assertEquals(checkHistoryAge(7 * 86_400), 7 * 86_400);
 * assertThrows(() => checkHistoryAge(86_400), Error);
 * ```
 */
export function checkHistoryAge(seconds: number): number {
  if (seconds >= HISTORY_KEPT_MIN_S) return seconds;
  throw new AppError("invalid_value", "history is kept for 7 days at least", {
    hint: "idempotency keys are answered from it for so long; give 7d or more",
  });
}
