/**
 * Times as records hold them: microseconds since the Unix epoch, written the way Python's `isoformat` does.
 *
 * @module
 */

const MICROS_PER_SECOND = 1_000_000;

const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * Writes a time in UTC; the fraction is left out when it is exactly zero.
 *
 * @example
 * ```ts
 * import { formatTimestamp } from "./time.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatTimestamp(1_789_374_093_504_117), "2026-09-14T08:21:33.504117+00:00");
 * assertEquals(formatTimestamp(0), "1970-01-01T00:00:00+00:00");
 * ```
 */
export function formatTimestamp(micros: number): string {
  const { date, time, fraction } = timeParts(micros);
  return `${date}T${time}${fraction === "000000" ? "" : `.${fraction}`}+00:00`;
}

/**
 * Reads RFC 3339 with any offset; digits beyond microseconds are cut. Null for anything else, such as a
 * time without offset or a thirteenth month.
 *
 * @example
 * ```ts
 * import { parseTimestamp } from "./time.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseTimestamp("2026-09-14T10:21:33.504117999+02:00"), 1_789_374_093_504_117);
 * assertEquals(parseTimestamp("yesterday"), null);
 * ```
 */
export function parseTimestamp(text: string): number | null {
  const match = TIMESTAMP.exec(text);
  if (match === null) return null;
  const [, date = "", time = "", fraction = "", sign, hours, minutes] = match;
  const second = Date.parse(`${date}T${time}Z`) / 1000;
  // Date.parse lets the 30th of February pass as the 2nd of March.
  if (Number.isNaN(second) || timeParts(second * MICROS_PER_SECOND).date !== date) return null;
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 * (sign === "-" ? -1 : 1);
  return (second - offset) * MICROS_PER_SECOND + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Date (`2026-09-14`), time (`08:21:33`) and six digits of fraction, in UTC. */
export function timeParts(micros: number): { date: string; time: string; fraction: string } {
  const second = Math.floor(micros / MICROS_PER_SECOND);
  const [date = "", clock = ""] = new Date(second * 1000).toISOString().split("T");
  const fraction = String(micros - second * MICROS_PER_SECOND).padStart(6, "0");
  return { date, time: clock.slice(0, 8), fraction };
}
