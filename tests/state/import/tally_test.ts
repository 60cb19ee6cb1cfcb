import { assertEquals } from "@std/assert";
import { Tally } from "../../../core/state/import/tally.ts";

const HELD: Readonly<Record<string, readonly string[]>> = { a: ["x", "y", "x"], b: ["x"] };

Deno.test("Tally.take() finds as many as are held, group by group", () => {
  const tally = new Tally((group) => HELD[group] ?? []);
  const rows = ["x", "x", "x", "y", "y", "z"];
  assertEquals(rows.map((row) => tally.take("a", row)), [true, true, false, true, false, false]);
  assertEquals(rows.map((row) => tally.take("b", row)), [true, false, false, false, false, false]);
  assertEquals(tally.take("c", "x"), false);
});

Deno.test("Tally.leftovers() are the groups of which something was not taken", () => {
  const tally = new Tally((group) => HELD[group] ?? []);
  assertEquals(tally.leftovers(), new Set());
  tally.take("a", "x");
  tally.take("b", "x");
  tally.take("c", "x");
  assertEquals(tally.leftovers(), new Set(["a"]));
});

Deno.test("Tally reads each group once", () => {
  const asked: string[] = [];
  const tally = new Tally((group) => {
    asked.push(group);
    return ["x"];
  });
  for (const group of ["a", "b", "a", "a"]) tally.take(group, "x");
  assertEquals(asked, ["a", "b"]);
});
