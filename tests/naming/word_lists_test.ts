/**
 * The word lists are long, legal and without repeats.
 *
 * @module
 */
import { assert, assertEquals, assertGreaterOrEqual, assertMatch } from "@std/assert";
import { CATEGORIES } from "../../core/naming/category.ts";
import { TASK_NAME_MAX_LEN } from "../../core/naming/sanitize_task_name.ts";
import { ADJECTIVES, NOUNS } from "../../core/naming/word_lists.ts";

const NAMES =
  "animals architecture art astronomy biology chemistry computer_science countries economy food " +
  "general geography history literature math medicine microbiology molecular_biology music physics plants " +
  "science scientists sports technology";

Deno.test("CATEGORIES are the 25 of the format, in the order that picks depend on", () => {
  assertEquals(CATEGORIES.join(" "), NAMES);
  assertEquals([...CATEGORIES], [...CATEGORIES].sort());
});

Deno.test("NOUNS has a list for every category", () => {
  assertEquals(Object.keys(NOUNS), [...CATEGORIES]);
});

Deno.test("the word lists are long enough for names to differ", () => {
  assertGreaterOrEqual(ADJECTIVES.length, 300);
  for (const category of CATEGORIES) assertGreaterOrEqual(NOUNS[category].length, 40, category);
});

Deno.test("every word is legal in a task name and listed once", () => {
  for (const words of [ADJECTIVES, ...Object.values(NOUNS)]) {
    for (const word of words) assertMatch(word, /^[a-z0-9]+$/);
    assertEquals(new Set(words).size, words.length);
  }
});

Deno.test("the longest adjective and the longest noun fit together", () => {
  const longest = (words: readonly string[]) => Math.max(...words.map((word) => word.length));
  assert(longest(ADJECTIVES) + 1 + longest(Object.values(NOUNS).flat()) <= TASK_NAME_MAX_LEN);
});
