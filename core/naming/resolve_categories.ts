/**
 * Which word categories a project's random names come from.
 *
 * @module
 */
import type { ProjectId } from "../identity/project_id.ts";
import { CATEGORIES } from "./category.ts";
import { pickCategories } from "./pick_categories.ts";

/** A `tasks.name_categories` setting as configured: one name, several, or nothing. */
export type CategorySetting = string | readonly string[] | null;

/**
 * The categories to use: the project's setting, else the global one, else the project's own pick, else
 * (without a project) all of them. A blank string or an empty list counts as unset.
 *
 * Names are returned as configured; `generateTaskName` refuses unknown ones.
 *
 * @example
 * ```ts
 * import { resolveCategories } from "./resolve_categories.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(resolveCategories([], "plants", null), ["plants"]);
 * ```
 */
export function resolveCategories(
  projectSetting: CategorySetting,
  globalSetting: CategorySetting,
  projectId: ProjectId | null,
): readonly string[] {
  return configured(projectSetting) ?? configured(globalSetting) ??
    (projectId === null ? CATEGORIES : pickCategories(projectId));
}

function configured(setting: CategorySetting): readonly string[] | null {
  if (setting === null) return null;
  if (typeof setting === "string") return setting.trim() === "" ? null : [setting];
  return setting.length === 0 ? null : setting;
}
