/**
 * Which setting wins.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { CATEGORIES } from "../../core/naming/category.ts";
import { pickCategories } from "../../core/naming/pick_categories.ts";
import { type CategorySetting, resolveCategories } from "../../core/naming/resolve_categories.ts";

const demo = parseProjectId("demo");
const UNSET: CategorySetting[] = [null, "", " \t", []];

Deno.test("resolveCategories() prefers the project's setting", () => {
  for (const global of [...UNSET, "music", ["food", "art"]]) {
    assertEquals(resolveCategories("plants", global, demo), ["plants"]);
    assertEquals(resolveCategories(["math", "art"], global, demo), ["math", "art"]);
  }
});

Deno.test("resolveCategories() falls back to the global setting", () => {
  for (const project of UNSET) {
    assertEquals(resolveCategories(project, "music", demo), ["music"]);
    assertEquals(resolveCategories(project, ["food", "art"], demo), ["food", "art"]);
  }
});

Deno.test("resolveCategories() falls back to the project's own pick, then to everything", () => {
  for (const project of UNSET) {
    for (const global of UNSET) {
      assertEquals(resolveCategories(project, global, demo), pickCategories(demo));
      assertEquals(resolveCategories(project, global, null), CATEGORIES);
    }
  }
});
