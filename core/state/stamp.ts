/**
 * Times as the stores give them back.
 *
 * @module
 */

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

/** Rows that are read together are mostly of one day, and its date is what takes long to write. */
let latest = { day: 0, text: dayText(0) };

/**
 * `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always with six digits.
 *
 * @example
 * ```ts
 * import { formatStamp } from "./stamp.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatStamp(1_789_374_093_504_117), "2026-09-14T08:21:33.504117Z");
 * assertEquals(formatStamp(0), "1970-01-01T00:00:00.000000Z");
 * assertEquals(formatStamp(-1), "1969-12-31T23:59:59.999999Z");
 * ```
 */
export function formatStamp(micros: number): string {
  const day = Math.floor(micros / MICROS_PER_DAY);
  if (day !== latest.day) latest = { day, text: dayText(day) };
  const rest = micros - day * MICROS_PER_DAY;
  const seconds = Math.floor(rest / MICROS_PER_SECOND);
  const minutes = Math.floor(seconds / 60);
  const time = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
  return `${latest.text}${time}.${String(rest - seconds * MICROS_PER_SECOND).padStart(6, "0")}Z`;
}

/** {@linkcode formatStamp}, and null for null. */
export function formatStampOrNull(micros: number | null): string | null {
  return micros === null ? null : formatStamp(micros);
}

function dayText(day: number): string {
  return new Date(day * MICROS_PER_DAY / 1000).toISOString().slice(0, -"00:00:00.000Z".length);
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}
