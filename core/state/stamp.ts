/**
 * Times as the stores give them back.
 *
 * @module
 */
import { timeParts } from "../meta/time.ts";

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
  const { date, time, fraction } = timeParts(micros);
  return `${date}T${time}.${fraction}Z`;
}

/** {@linkcode formatStamp}, and null for null. */
export function formatStampOrNull(micros: number | null): string | null {
  return micros === null ? null : formatStamp(micros);
}
