import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatTimestamp, parseTimestamp } from "../../core/meta/time.ts";

/** Years 1970 to 2200. */
const anyMicros = fc.integer({ min: 0, max: 7_258_118_400_000_000 });

Deno.test("formatTimestamp() pads the fraction and leaves out a zero one", () => {
  assertEquals(formatTimestamp(1_788_264_000_000_412), "2026-09-01T12:00:00.000412+00:00");
  assertEquals(formatTimestamp(1_788_264_000_000_000), "2026-09-01T12:00:00+00:00");
  assertEquals(formatTimestamp(-1), "1969-12-31T23:59:59.999999+00:00");
});

Deno.test("parseTimestamp() reads every offset and precision", () => {
  for (
    const text of [
      "2026-09-01T12:00:00.000412+00:00",
      "2026-09-01T12:00:00.000412Z",
      "2026-09-01T14:00:00.000412999+02:00",
      "2026-09-01 06:30:00.0004129-05:30",
    ]
  ) assertEquals(parseTimestamp(text), 1_788_264_000_000_412, text);
  assertEquals(parseTimestamp("2026-09-01T12:00:00.5Z"), 1_788_264_000_500_000);
});

Deno.test("parseTimestamp() refuses what is no time", () => {
  for (
    const text of [
      "",
      "2026-09-01",
      "2026-09-01T12:00:00",
      "2026-13-01T00:00:00Z",
      "2026-02-30T00:00:00Z",
      "2026-09-01T25:00:00Z",
      "2026-09-01T24:00:00Z",
      "2026-09-01T12:00:00.Z",
      "2026-09-01T12:00:00+2:00",
      " 2026-09-01T12:00:00Z",
      "2026-09-01T12:00:00Z\n",
      "2026-09-01T12:00:00+99:00",
    ]
  ) assertEquals(parseTimestamp(text), null, text);
});

Deno.test("parseTimestamp() reads back what formatTimestamp() writes", () => {
  fc.assert(
    fc.property(anyMicros, (micros) => assertEquals(parseTimestamp(formatTimestamp(micros)), micros)),
  );
});
