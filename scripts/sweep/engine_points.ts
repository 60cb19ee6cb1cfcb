/**
 * Where a command's calls of podman can go wrong, and how.
 *
 * @module
 */

/** One call of podman that goes wrong. */
export interface EnginePoint {
  /** `podman CALL HOW #OCCURRENCE`. */
  readonly key: string;
  /** The n-th call of the command. */
  readonly ordinal: number;
  readonly how: EngineFault;
}

/** What `podman_standin.sh` can be told to do. */
export type EngineFault = "before" | "after" | "garbage" | "silent" | "locked" | "lose" | "hang";

const FAULTS: readonly EngineFault[] = ["before", "after", "garbage", "silent", "locked", "lose"];

/**
 * Every way in which each of the calls can go wrong; hanging takes as long as carrel's patience, so only the
 * first call does, and only with `hangs`.
 *
 * @param calls podman's commands, in order
 *
 * @example
 * ```ts
 * import { enginePoints } from "./engine_points.ts";
 * import { assertEquals } from "@std/assert";
 * const points = enginePoints(["ps", "create", "ps"]);
 * assertEquals(points.filter(({ how }) => how === "after").map(({ key }) => key), [
 *   "podman ps after #1",
 *   "podman create after #1",
 *   "podman ps after #2",
 * ]);
 * ```
 */
export function enginePoints(calls: readonly string[], { hangs = false } = {}): EnginePoint[] {
  const occurrences = new Map<string, number>();
  return calls.flatMap((call, index) => {
    const occurrence = (occurrences.get(call) ?? 0) + 1;
    occurrences.set(call, occurrence);
    const faults: readonly EngineFault[] = hangs && index === 0 ? [...FAULTS, "hang"] : FAULTS;
    return faults.map((how) => ({ key: `podman ${call} ${how} #${occurrence}`, ordinal: index + 1, how }));
  });
}
