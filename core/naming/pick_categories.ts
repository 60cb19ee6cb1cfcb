/**
 * Each project's own flavour of random names: three categories that follow from its name alone.
 *
 * @module
 */
import type { ProjectId } from "../identity/project_id.ts";
import { invariant } from "../invariant.ts";
import { CATEGORIES, type Category } from "./category.ts";
import { md5Hex } from "./md5.ts";
import { newMersenneTwister } from "./mersenne_twister.ts";

const PICK_COUNT = 3;
/** Bits of one draw: enough for an index into {@linkcode CATEGORIES}. */
const DRAW_BITS = 32 - Math.clz32(CATEGORIES.length);

/**
 * The three categories of a project without a configured choice; the same on every machine and in
 * the reference: md5 of the name seeds CPython's generator, then `random.sample(categories, 3)`.
 *
 * @example
 * ```ts
 * import { pickCategories } from "./pick_categories.ts";
 * import { parseProjectId } from "../identity/project_id.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(pickCategories(parseProjectId("demo")), ["microbiology", "biology", "history"]);
 * ```
 */
export function pickCategories(projectId: ProjectId): Category[] {
  return sampleCategories(md5Hex(projectId));
}

/** The pick that follows from an md5 digest, given as 32 hex digits. */
export function sampleCategories(md5Hex: string): Category[] {
  const next = newMersenneTwister(seedWords(md5Hex));
  const picks = new Set<Category>();
  while (picks.size < PICK_COUNT) {
    // Draws past the end of the list and repeats are dropped, as `random.sample` does for few of many.
    const category = CATEGORIES[next() >>> (32 - DRAW_BITS)];
    if (category !== undefined) picks.add(category);
  }
  return [...picks];
}

/** The 128-bit number as 32-bit words, least significant first; zero words at the top do not count. */
function seedWords(md5Hex: string): number[] {
  invariant(/^[0-9a-f]{32}$/.test(md5Hex), "an md5 digest is 32 hex digits");
  const words = [24, 16, 8, 0].map((at) => Number.parseInt(md5Hex.slice(at, at + 8), 16));
  return words.slice(0, Math.max(1, words.findLastIndex((word) => word !== 0) + 1));
}
