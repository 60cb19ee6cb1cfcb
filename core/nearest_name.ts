/**
 * "Did you mean ...?" for names of all kinds.
 *
 * @module
 */
import { levenshteinDistance } from "@std/text";

/**
 * The candidate nearest to what was written, or null when none is near. Near means: few letters
 * differ, or the last part of a dotted key is the same or nearly so (`memory` for `run.memory`).
 *
 * @example
 * ```ts
 * import { nearestName } from "./nearest_name.ts";
 * import { assertEquals } from "@std/assert";
 * const keys = ["run.image", "run.memory"];
 * assertEquals(nearestName("run.imgae", keys), "run.image");
 * assertEquals(nearestName("memory", keys), "run.memory");
 * assertEquals(nearestName("colour", keys), null);
 * ```
 */
export function nearestName(given: string, candidates: readonly string[]): string | null {
  return nearest(given, candidates, (text) => text) ?? nearest(lastPart(given), candidates, lastPart);
}

function nearest(
  given: string,
  candidates: readonly string[],
  part: (candidate: string) => string,
): string | null {
  const limit = given.length < 4 ? 1 : Math.min(3, Math.max(2, Math.floor(given.length / 3)));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const text = part(candidate);
    // Cheap bound first: keys come from files, and the distance costs the product of the lengths.
    if (Math.abs(text.length - given.length) >= bestDistance) continue;
    const distance = levenshteinDistance(given, text);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}
