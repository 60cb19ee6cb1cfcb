/**
 * Small pieces of podman's output: lines, JSON, times.
 *
 * @module
 */
import * as z from "zod/mini";
import { AppError } from "../../core/error.ts";

const QUOTE_LENGTH_MAX = 200;
const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/** UTF-8 text of output; invalid sequences become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The first line that is not blank, shortened, for quoting in an error. */
export function firstLine(text: string): string {
  const line = text.split("\n").find((each) => each.trim() !== "")?.trim() ?? "";
  return line.length > QUOTE_LENGTH_MAX ? `${line.slice(0, QUOTE_LENGTH_MAX)}...` : line;
}

/** Parses an answer of podman's; `runtime_failed` with the first line of what it said instead. */
export function parseAnswer<T>(call: string, schema: z.ZodMiniType<T>, text: string): T {
  let cause: unknown;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    cause = parsed.error;
  } catch (error) {
    cause = error;
  }
  const said = text.trim() === "" ? "nothing" : `"${firstLine(text)}"`;
  throw new AppError("runtime_failed", `podman ${call} did not answer with the expected JSON but ${said}`, {
    cause,
  });
}

/**
 * Microseconds of an RFC 3339 time with any number of digits; null for Go's zero time and other texts.
 *
 * @example
 * ```ts
 * import { parseEngineTime } from "./engine_text.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseEngineTime("1970-01-01T00:00:01.0000029Z"), 1_000_002);
 * assertEquals(parseEngineTime("0001-01-01T00:00:00Z"), null);
 * ```
 */
export function parseEngineTime(text: string): number | null {
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, seconds = "", fraction = "", zone = ""] = match;
  const ms = Date.parse(`${seconds}${zone}`);
  return ms > 0 ? ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0")) : null;
}
