/**
 * The closed set of categories, and help for those who miss it.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { CATEGORIES, isCategory, parseCategory } from "../../core/naming/category.ts";

Deno.test("parseCategory() returns every category as it is", () => {
  for (const category of CATEGORIES) assertEquals(parseCategory(category), category);
});

Deno.test("parseCategory() names an unknown one and its nearest neighbour", () => {
  const cases = [["plant", "plants"], ["Music", "music"], ["computer-science", "computer_science"], [
    "maths",
    "math",
  ]];
  for (const [text = "", nearest = ""] of cases) {
    assert(!isCategory(text));
    const error = assertThrows(() => parseCategory(text), AppError, JSON.stringify(text));
    assertEquals([error.code, error.exit], ["invalid_config", 2]);
    assertStringIncludes(error.hint ?? "", `"${nearest}"`);
  }
});

Deno.test("parseCategory() does not mistake properties of objects for categories", () => {
  for (const text of ["", "constructor", "__proto__", "0", "length"]) {
    assertEquals(assertThrows(() => parseCategory(text), AppError).code, "invalid_config");
  }
});
