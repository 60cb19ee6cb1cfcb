import { assertEquals } from "@std/assert";
import { quantile } from "../../../scripts/bench/quantile.ts";

Deno.test("quantile() is between the values, in whatever order they come", () => {
  assertEquals([0, 0.25, 0.5, 1].map((part) => quantile([4, 1, 3, 2], part)), [1, 1.75, 2.5, 4]);
  assertEquals(quantile([], 0.5), NaN);
});
