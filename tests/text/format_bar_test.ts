import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { displayWidth } from "../../core/text/display_width.ts";
import { formatBar } from "../../core/text/format_bar.ts";

Deno.test("formatBar() shows a share, and the smallest one too", () => {
  const shares = [0, 1e-9, 1 / 8, 0.5, 9 / 16, 1, 2];
  assertEquals(shares.map((share) => formatBar(share, 2)), ["", "▏", "▎", "█", "█▏", "██", "██"]);
});

Deno.test("formatBar() is never wider than its cells, and a larger share is never shorter", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(share, share, fc.integer({ min: 1, max: 40 }), (a, b, cells) => {
    const [short, long] = [formatBar(Math.min(a, b), cells), formatBar(Math.max(a, b), cells)];
    assertEquals(displayWidth(short) <= displayWidth(long) && displayWidth(long) <= cells, true);
  }));
});
