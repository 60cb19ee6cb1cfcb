import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { formatBytes } from "../../core/text/format_bytes.ts";

Deno.test("formatBytes() has three digits at most, in units of 1024", () => {
  const cases: [bytes: number, text: string][] = [
    [0, "0 B"],
    [1, "1 B"],
    [999, "999 B"],
    [1000, "0.98 KiB"],
    [1024, "1 KiB"],
    [1536, "1.5 KiB"],
    [10_239, "10 KiB"],
    [102_348, "99.9 KiB"],
    [102_349, "100 KiB"],
    [1_047_000, "1 MiB"],
    [5_368_709_120, "5 GiB"],
    [2 ** 70, "1020 EiB"],
  ];
  for (const [bytes, text] of cases) assertEquals(formatBytes(bytes), text);
});

Deno.test("formatBytes() is never wider than eight cells, and is off by less than a percent", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => {
    const text = formatBytes(bytes);
    assertMatch(text, /^(?=.{1,8}$)\d{1,3}(\.\d{1,2})? ([KMGTPE]i)?B$/);
    const [number, unit = ""] = text.split(" ");
    const value = Number(number) * 1024 ** ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"].indexOf(unit);
    assertEquals(Math.abs(value - bytes) <= bytes * 0.01, true, text);
  }));
});
