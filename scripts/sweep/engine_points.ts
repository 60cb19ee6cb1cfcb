/**
 * Where a command's calls of podman can go wrong, and how.
 *
 * @module
 */

/** One call of podman that goes wrong, or a podman that is wrong for as long as the command runs. */
export interface EnginePoint {
  /** `podman CALL HOW #OCCURRENCE`, or `podman HOW`. */
  readonly key: string;
  /** Podman's command, and which of its calls; calls that are made side by side come in any order. */
  readonly call: string;
  readonly occurrence: number;
  readonly how: EngineFault;
}

/** What `podman_standin.sh` can be told to do. */
type EngineFault = CallFault | EngineKind;

type CallFault = "before" | "after" | "garbage" | "silent" | "locked" | "lose" | "hang";

/** A podman that is not there, or older than what carrel needs. */
type EngineKind = "missing" | "old";

const FAULTS: readonly CallFault[] = ["before", "after", "garbage", "silent", "locked", "lose"];
const KINDS: readonly EngineKind[] = ["missing", "old"];

/**
 * Every way in which each of the calls can go wrong, and every wrong podman for a command that calls it at all;
 * hanging takes as long as carrel's patience, so only the first call does, and only with `hangs`.
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
  const kinds = calls.length === 0
    ? []
    : KINDS.map((how) => ({ key: `podman ${how}`, call: "", occurrence: 0, how }));
  const points = calls.flatMap((call, index) => {
    const occurrence = (occurrences.get(call) ?? 0) + 1;
    occurrences.set(call, occurrence);
    const faults: readonly CallFault[] = hangs && index === 0 ? [...FAULTS, "hang"] : FAULTS;
    return faults.map((how) => ({ key: `podman ${call} ${how} #${occurrence}`, call, occurrence, how }));
  });
  return [...points, ...kinds];
}
