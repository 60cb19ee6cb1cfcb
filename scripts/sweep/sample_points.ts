/**
 * A few of many, the same ones for the same seed.
 *
 * @module
 */

import { isSpawn, type Point } from "./points.ts";

/** The prime and the beginning of FNV-1a, 32 bits. */
const [PRIME, BASIS] = [0x01000193, 0x811c9dc5];

/**
 * `count` of the points, as the seed will have it, in their own order. Each kind of point has its turn before any
 * has a second one; a kind is what has the same words before ` #`.
 *
 * @example
 * ```ts
 * import { samplePoints } from "./sample_points.ts";
 * import { assertEquals } from "@std/assert";
 * const points = ["a #1", "a #2", "a #3", "b #1"].map((key) => ({ key }));
 * assertEquals(samplePoints(points, 2, 1).map(({ key }) => key.charAt(0)), ["a", "b"]);
 * assertEquals(samplePoints(points, 9, 1), points);
 * ```
 */
export function samplePoints<Each extends { readonly key: string }>(
  points: readonly Each[],
  count: number,
  seed: number,
): Each[] {
  const turns = new Map<string, number>();
  const ranked = byRank(points, seed).map((point) => {
    const kind = point.key.split(" #")[0] ?? "";
    const turn = turns.get(kind) ?? 0;
    turns.set(kind, turn + 1);
    return { point, turn };
  });
  const chosen = new Set(
    ranked.toSorted((a, b) => a.turn - b.turn).slice(0, count).map(({ point }) => point),
  );
  return points.filter((point) => chosen.has(point));
}

/**
 * `count` of the points; half of them are spawns, or all spawns if there are not so many.
 *
 * @example
 * ```ts
 * import { sampleWithSpawns } from "./sample_points.ts";
 * import { assertEquals } from "@std/assert";
 * const points = ["fsync a #1", "fsync b #1", "clone a program #1", "clone a program #2"].map((key, ordinal) => (
 *   { key, ordinal, syscall: key.split(" ")[0] ?? "" }
 * ));
 * assertEquals(sampleWithSpawns(points, 3, 1).map(({ syscall }) => syscall), ["fsync", "clone", "clone"]);
 * ```
 */
export function sampleWithSpawns(points: readonly Point[], count: number, seed: number): Point[] {
  const spawns = samplePoints(points.filter(isSpawn), Math.ceil(count / 2), seed);
  const others = points.filter((point) => !isSpawn(point));
  const chosen = new Set([...spawns, ...samplePoints(others, count - spawns.length, seed)]);
  return points.filter((point) => chosen.has(point));
}

/** All of them, in an order that only the seed and their keys decide. */
export function byRank<Each extends { readonly key: string }>(points: readonly Each[], seed: number): Each[] {
  return points.toSorted((a, b) => rank(a.key, seed) - rank(b.key, seed));
}

function rank(key: string, seed: number): number {
  let hash = (BASIS ^ seed) >>> 0;
  for (const char of key) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), PRIME) >>> 0;
  return hash;
}
