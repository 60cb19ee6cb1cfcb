/** Tests of durations. @module */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseDuration } from "../core/parse_duration.ts";
import { AppError } from "../core/error.ts";

Deno.test("parseDuration() reads seconds and units", () => {
  const cases: [string, number][] = [
    ["0", 0],
    ["90", 90],
    ["0.5", 0.5],
    ["500ms", 0.5],
    ["90s", 90],
    ["30m", 1800],
    ["2h", 7200],
    ["1h30m", 5400],
    ["1d", 86_400],
    ["2w", 1_209_600],
    [" 5m ", 300],
  ];
  for (const [text, seconds] of cases) assertEquals(parseDuration(text), seconds, text);
});

Deno.test("parseDuration() refuses everything else", () => {
  for (const text of ["", " ", "-1", "1x", "s", "1 m", "1e3", "m5", "1h 30m", "٣", "1.m", "+5"]) {
    const error = assertThrows(() => parseDuration(text), AppError, "is not a duration");
    assertEquals(error.code, "invalid_value", text);
  }
});

Deno.test("parseDuration() sums its parts", () => {
  const part = fc.nat(10_000);
  fc.assert(fc.property(part, part, part, (h, m, s) => {
    assertEquals(parseDuration(`${h}h${m}m${s}s`), h * 3600 + m * 60 + s);
  }));
});
