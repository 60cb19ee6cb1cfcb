/**
 * A few of many states of the disk, the tellingest kinds first.
 *
 * @module
 */
import type { CrashState } from "./crash_states.ts";
import { byRank } from "./sample_points.ts";

/** Kinds of states; what has been left out comes last. */
const TELLING = ["answered, nothing pending", "only names", "only contents", "nothing pending", "only one"];

/**
 * `count` of the states. Each kind has its turn before any has a second one; which of a kind is up to the seed.
 *
 * @example
 * ```ts
 * import { sampleStates } from "./sample_states.ts";
 * import { assertEquals } from "@std/assert";
 * const states = ["all #1: a", "only names #1: a", "only names #2: b", "answered, nothing pending #1: c"]
 *   .map((key) => ({ key }));
 * const kinds = sampleStates(states, 3, 1).map(({ key }) => key.split(" #")[0]);
 * assertEquals(kinds, ["answered, nothing pending", "only names", "all"]);
 * ```
 */
export function sampleStates<Each extends Pick<CrashState, "key">>(
  states: readonly Each[],
  count: number,
  seed: number,
): Each[] {
  const kinds = new Map<string, Each[]>(TELLING.map((kind) => [kind, []]));
  for (const state of byRank(states, seed)) {
    const kind = state.key.split(" #")[0] ?? "";
    kinds.set(kind, [...kinds.get(kind) ?? [], state]);
  }
  const turns = [...kinds.values()].flatMap((each) => each.map((state, turn) => ({ state, turn })));
  return turns.toSorted((a, b) => a.turn - b.turn).slice(0, count).map(({ state }) => state);
}
