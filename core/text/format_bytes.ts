/**
 * Sizes for people.
 *
 * @module
 */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const STEP = 1024;
/** From here on three digits would round up to a fourth one. */
const THREE_DIGITS = 999.5;

/**
 * Writes a number of bytes in the unit of 1024 that leaves it at most three digits, and with at most three.
 *
 * @example
 * ```ts
 * import { formatBytes } from "./format_bytes.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals([0, 999, 1000, 1536, 1_234_567_890].map(formatBytes), [
 *   "0 B",
 *   "999 B",
 *   "0.98 KiB",
 *   "1.5 KiB",
 *   "1.15 GiB",
 * ]);
 * ```
 */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= THREE_DIGITS && unit < UNITS.length - 1) {
    value /= STEP;
    unit++;
  }
  return `${Number(value.toPrecision(value < 1 ? 2 : 3))} ${UNITS[unit]}`;
}
