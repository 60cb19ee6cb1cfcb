import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { repairJson } from "../../../core/state/import/repair_json.ts";
import { dumpsJsonDict } from "../../../core/state/json_dialect.ts";

Deno.test("repairJson() leaves JSON as it is", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 4 }), (text) => {
    assertEquals(repairJson(text), { text, replaced: [] });
  }));
});

/** Values with strings that look like what is to be replaced. */
const anyString = fc.oneof(
  fc.string(),
  fc.constantFrom("NaN", '"NaN"', "\\", "-Infinity", '\\"Infinity, NaN'),
);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    anyString,
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, null, true),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(anyString, tie("value"), { maxKeys: 4 }),
  ),
}));

/** What comes out: the numbers that JSON does not have, as strings. */
function expected(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, expected(member)]));
}

Deno.test("repairJson() makes strings of the numbers that JSON does not have, and of nothing else", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const repaired = repairJson(dumpsJsonDict(value, { sortKeys: false }));
      assertEquals(JSON.parse(repaired?.text ?? ""), expected(value));
    }),
    { numRuns: 500 },
  );
});

Deno.test("repairJson() refuses what is not JSON for another reason", () => {
  for (
    const text of ["", "{", "nan", "+Infinity", "--Infinity", "{NaN: 1}", '"NaN', "NaN NaN", "[NaN", "1NaN"]
  ) {
    assertEquals(repairJson(text), null, text);
  }
});

Deno.test("repairJson() gets through long texts", () => {
  const long = "\\\\".repeat(1_000_000) + "x".repeat(2_000_000);
  assertEquals(repairJson(`["${long}", NaN]`)?.text, `["${long}", "NaN"]`);
  assertEquals(repairJson(`["${long}, NaN]`), null);
});
