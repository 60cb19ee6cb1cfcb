/**
 * The closed set of word categories that random task names are drawn from.
 *
 * @module
 */
import { closestString } from "@std/text";
import { AppError } from "../error.ts";

/**
 * Every category, sorted. The order is part of the format: a project's own picks are indices into
 * this list (see `pick_categories.ts`).
 */
export const CATEGORIES = [
  "animals",
  "architecture",
  "art",
  "astronomy",
  "biology",
  "chemistry",
  "computer_science",
  "countries",
  "economy",
  "food",
  "general",
  "geography",
  "history",
  "literature",
  "math",
  "medicine",
  "microbiology",
  "molecular_biology",
  "music",
  "physics",
  "plants",
  "science",
  "scientists",
  "sports",
  "technology",
] as const;

/** A category of nouns, as written in `tasks.name_categories`. */
export type Category = typeof CATEGORIES[number];

/** True if `text` is the exact name of a category. */
export function isCategory(text: string): text is Category {
  return (CATEGORIES as readonly string[]).includes(text);
}

/**
 * Reads the name of a category.
 *
 * Throws `invalid_config` for any other text; the hint names the nearest category.
 *
 * @example
 * ```ts
 * import { parseCategory } from "./category.ts";
 * import { AppError } from "../error.ts";
 * import { assert, assertEquals, assertThrows } from "@std/assert";
 * assertEquals(parseCategory("plants"), "plants");
 * const error = assertThrows(() => parseCategory("plant"), AppError);
 * assert(error.hint?.startsWith(`did you mean "plants"?`));
 * ```
 */
export function parseCategory(text: string): Category {
  if (isCategory(text)) return text;
  throw new AppError("invalid_config", `unknown name category ${JSON.stringify(text)}`, {
    hint: `did you mean "${closestString(text, CATEGORIES)}"? The categories are ${CATEGORIES.join(", ")}`,
    details: { category: text, categories: CATEGORIES },
  });
}
