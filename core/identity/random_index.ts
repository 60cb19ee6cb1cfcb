/**
 * An unbiased choice from a source of random bytes.
 *
 * @module
 */
import { invariant } from "../invariant.ts";

/** A source of random bytes: exactly `count` of them. */
export type RandomBytes = (count: number) => Uint8Array;

/**
 * Draws a uniform index in `0 .. length - 1`, for 1 <= `length` <= 65536.
 *
 * Uses one byte a draw (two above 256) and discards the values of the last, incomplete round, which
 * would favour low indices; when `length` divides the range nothing is ever discarded.
 *
 * @example
 * ```ts
 * import { randomIndex } from "./random_index.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(randomIndex(() => new Uint8Array([37]), 32), 5);
 * ```
 */
export function randomIndex(randomBytes: RandomBytes, length: number): number {
  invariant(
    Number.isInteger(length) && length >= 1 && length <= 0x10000,
    "an index is drawn from 1 to 65536 places",
  );
  const width = length <= 0x100 ? 1 : 2;
  const range = 0x100 ** width;
  const limit = range - range % length;
  for (;;) {
    const value = randomBytes(width).reduce((sum, byte) => sum * 0x100 + byte, 0);
    if (value < limit) return value % length;
  }
}
