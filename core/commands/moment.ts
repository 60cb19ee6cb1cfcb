/**
 * Points in time as people type them: a time, or how long ago it was.
 *
 * @module
 */
import type { ValueFlag } from "../cli/declaration.ts";
import { AppError, isAppError } from "../error.ts";
import { parseTimestamp } from "../meta/time.ts";
import { parseDuration } from "../parse_duration.ts";
import type { Clock } from "../port/host.ts";
import { formatStamp } from "../state/stamp.ts";

/** A time in microseconds since the epoch, or a span before now. */
export type Moment = { readonly micros: number } | { readonly agoSeconds: number };

/**
 * Reads a time (RFC 3339; without an offset it is UTC; a date alone is its midnight) or a duration (`2h`, `7d`),
 * which means so long ago. Throws `invalid_value`.
 *
 * @example
 * ```ts
 * import { parseMoment } from "./moment.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseMoment("1970-01-02"), { micros: 86_400_000_000 });
 * assertEquals(parseMoment("1970-01-01T01:00:00+01:00"), { micros: 0 });
 * assertEquals(parseMoment("2h"), { agoSeconds: 7200 });
 * ```
 */
export function parseMoment(text: string): Moment {
  const micros = parseTimestamp(text) ?? parseTimestamp(`${text}Z`) ?? parseTimestamp(`${text}T00:00:00Z`);
  if (micros !== null) return { micros };
  try {
    return { agoSeconds: parseDuration(text) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    throw new AppError("invalid_value", `${JSON.stringify(text)} is neither a time nor a duration`, {
      hint: "write 2026-09-14, 2026-09-14T08:21:33Z, or how long ago: 90s, 2h, 7d",
    });
  }
}

/** The moment as the state store writes it; undefined for none. */
export function stampOf(moment: Moment | undefined, clock: Pick<Clock, "nowMicros">): string | undefined {
  if (moment === undefined) return undefined;
  if ("micros" in moment) return formatStamp(moment.micros);
  return formatStamp(Math.max(0, clock.nowMicros() - Math.round(moment.agoSeconds * 1e6)));
}

/** From when on. */
export const sinceFlag = {
  kind: "value",
  placeholder: "TIME",
  parse: parseMoment,
  summary: "only from this time on: 2026-09-14, 2026-09-14T08:21:33Z, or so long ago: 2h, 7d",
} as const satisfies ValueFlag;

/** Until when. */
export const untilFlag = {
  kind: "value",
  placeholder: "TIME",
  parse: parseMoment,
  summary: "only before this time",
} as const satisfies ValueFlag;
