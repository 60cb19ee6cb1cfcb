/**
 * Random names are legal, evenly drawn and from the right lists.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { CATEGORIES } from "../../core/naming/category.ts";
import { generateTaskName } from "../../core/naming/generate_task_name.ts";
import { sanitizeTaskName } from "../../core/naming/sanitize_task_name.ts";
import { validateTaskName } from "../../core/naming/validate_task_name.ts";
import { ADJECTIVES, NOUNS } from "../../core/naming/word_lists.ts";

/** A source that yields the given bytes, then zeros. */
function scripted(bytes: readonly number[]) {
  const rest = bytes.values();
  return { bytes: (count: number) => Uint8Array.from({ length: count }, () => rest.next().value ?? 0) };
}

Deno.test("generateTaskName() joins a listed adjective and a noun of a given category, always legally", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.constantFrom(...CATEGORIES), { minLength: 1 }),
    fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 8 }),
    (categories, bytes) => {
      const name = generateTaskName({ categories, random: scripted(bytes) });
      const [adjective = "", noun = "", ...rest] = name.split("-");
      assertEquals(rest, []);
      assert(ADJECTIVES.includes(adjective));
      assert(categories.some((category) => NOUNS[category].includes(noun)));
      assertEquals<string | null>(sanitizeTaskName(name), name);
      assertEquals(validateTaskName(name), null);
    },
  ));
});

Deno.test("generateTaskName() draws the category first, whatever the length of its list", () => {
  const counts = { animals: 0, sports: 0 };
  for (let byte = 0; byte < 256; byte++) {
    const name = generateTaskName({ categories: ["animals", "sports"], random: scripted([byte]) });
    counts[NOUNS.animals.includes(name.split("-")[1] ?? "") ? "animals" : "sports"]++;
  }
  assertEquals(counts, { animals: 128, sports: 128 });
});

Deno.test("generateTaskName() reaches every noun of a category", () => {
  const seen = new Set<string>();
  for (let byte = 0; byte < 256; byte++) {
    const name = generateTaskName({ categories: ["animals"], random: scripted([0, byte]) });
    seen.add(name.split("-")[1] ?? "");
  }
  assertEquals([...seen].sort(), [...NOUNS.animals].sort());
});

Deno.test("generateTaskName() refuses an unknown category, drawn or not", () => {
  for (const categories of [["plant"], ["plants", "plant"], ["plant", "plants"]]) {
    const error = assertThrows(
      () => generateTaskName({ categories, random: scripted([]) }),
      AppError,
      '"plant"',
    );
    assertEquals(error.code, "invalid_config");
    assert(error.hint?.includes('"plants"'));
  }
});
