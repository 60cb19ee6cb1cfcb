/**
 * Durations as people write them, in configuration and in flags.
 *
 * @module
 */
import { AppError } from "./error.ts";

const SECONDS: ReadonlyMap<string, number> = new Map([
  ["ms", 0.001],
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86_400],
  ["w", 604_800],
]);

/**
 * Reads a duration: a number of seconds (`90`, `0.5`) or numbers with units (`90s`, `1h30m`, `14d`;
 * `ms s m h d w`). Answers seconds. Throws `invalid_value`.
 *
 * @example
 * ```ts
 * import { parseDuration } from "./parse_duration.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(["90", "30m", "1h30m", "1d"].map(parseDuration), [90, 1800, 5400, 86_400]);
 * ```
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(trimmed)) {
    throw new AppError("invalid_value", `${JSON.stringify(text)} is not a duration`, {
      hint: "write a number of seconds, or numbers with units such as 90s, 30m, 1h30m, 1d",
    });
  }
  let seconds = 0;
  for (const [, amount, unit = ""] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    seconds += Number(amount) * (SECONDS.get(unit) ?? 0);
  }
  return seconds;
}
