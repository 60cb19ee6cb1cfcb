/**
 * Times as the stores give them back.
 *
 * @module
 */
/**
 * `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always with six digits.
 *
 * @example
 * ```ts
 * import { formatStamp } from "./stamp.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatStamp(1_789_374_093_504_117), "2026-09-14T08:21:33.504117Z");
 * assertEquals(formatStamp(0), "1970-01-01T00:00:00.000000Z");
 * ```
 */
export function formatStamp(micros: number): string {
  const millis = Math.floor(micros / 1000);
  const text = new Date(millis).toISOString();
  return `${text.slice(0, -1)}${String(micros - millis * 1000).padStart(3, "0")}Z`;
}

/** {@linkcode formatStamp}, and null for null. */
export function formatStampOrNull(micros: number | null): string | null {
  return micros === null ? null : formatStamp(micros);
}
