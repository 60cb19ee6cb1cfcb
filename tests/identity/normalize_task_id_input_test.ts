/**
 * The tolerance for typed ids, by example and as a property.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { normalizeTaskIdInput } from "../../core/identity/normalize_task_id_input.ts";
import { newTaskId } from "../../core/identity/task_id.ts";
import { anyText } from "./any_text.ts";

Deno.test("normalizeTaskIdInput() folds what people type", () => {
  const cases = [
    ["k3v8h", "k3v8h"],
    ["K3-V8H", "k3v8h"],
    ["k3v8I", "k3v81"],
    ["q0o1", "q001"],
    ["qOiL", "q011"],
    ["--k-3--", "k3"],
    ["", ""],
    ["---", ""],
    // Only hyphens go: everything else stays, to be refused by whoever reads the result.
    [" k3 ", " k3 "],
    ["k3/..", "k3/.."],
    ["k_3", "k_3"],
    ["U", "u"],
    ["\u212a3", "k3"],
  ] as const;
  for (const [raw, expected] of cases) assertEquals(normalizeTaskIdInput(raw), expected);
});

Deno.test("normalizeTaskIdInput() leaves no hyphen, no capital and no i, l or o, and is idempotent", () => {
  fc.assert(fc.property(anyText, (raw) => {
    const text = normalizeTaskIdInput(raw);
    assert(!/[-A-Zilo]/.test(text));
    assertEquals(normalizeTaskIdInput(text), text);
  }));
});

Deno.test("normalizeTaskIdInput() undoes every tolerated spelling of an id", () => {
  const spelled = fc.tuple(
    fc.infiniteStream(fc.nat(255)).map((bytes) =>
      newTaskId((count) => Uint8Array.from({ length: count }, () => bytes.next().value ?? 0))
    ),
    fc.array(fc.tuple(fc.nat(2), fc.boolean(), fc.boolean()), { minLength: 5, maxLength: 5 }),
  );
  fc.assert(fc.property(spelled, ([id, ways]) => {
    const raw = [...id].map((char, at) => {
      const [look, capital, hyphen] = ways[at] ?? [0, false, false];
      const alike = ({ "0": "0oo", "1": "1il" }[char] ?? char.repeat(3)).charAt(look);
      return (capital ? alike.toUpperCase() : alike) + (hyphen ? "-" : "");
    }).join("");
    assertEquals<string>(normalizeTaskIdInput(raw), id);
  }));
});
