/**
 * The results of the kills on real podman, in words.
 *
 * @module
 */
import { cellsOf } from "./format_report.ts";
import type { Tally } from "./sweep_verb.ts";

/** What the kills of one command have come to. */
export interface StruckLine extends Tally {
  readonly line: string;
}

/** How carrel was killed: at points that strace finds, or at moments. */
export type KillMode = "points" | "moments";

/** One line about one command. */
export function wordStruck(mode: KillMode, struck: StruckLine): string {
  const { line, aimed, reached } = struck;
  const [enumerated = "", , violated = ""] = cellsOf(struck);
  return mode === "points"
    ? `${line}: kill points ${enumerated}, aimed at ${aimed}, reached ${reached}, violations ${violated}`
    : `${line}: killed ${reached} of ${aimed} times before its end, violations ${violated}`;
}

/** The results as a part of the scorecard. */
export function formatPodmanScore(
  { user, mode, kills, seed, seconds, struck }: {
    readonly user: "rootful" | "rootless";
    readonly mode: KillMode;
    readonly kills: number;
    readonly seed: number;
    readonly seconds: number;
    readonly struck: readonly StruckLine[];
  },
): string {
  const command = `\`deno task sweep:podman --scorecard --kills ${kills} --seed ${seed}\`, ${seconds} s`;
  return [
    `## Real podman, ${user}`,
    "",
    ...(mode === "points" ? describePoints(command) : describeMoments(command)),
    "",
    `| command | ${
      mode === "points" ? "kill points | aimed at | reached" : "moments | before its end"
    } | violations |`,
    `| --- |${" ---: |".repeat(mode === "points" ? 4 : 3)}`,
    ...struck.map((each) => {
      const [enumerated, reached, violated] = cellsOf(each);
      const cells = mode === "points" ? [enumerated, each.aimed, reached] : [each.aimed, reached];
      return `| ${[each.line, ...cells, violated].join(" | ")} |`;
    }),
  ].join("\n");
}

function describePoints(command: string): string[] {
  return [
    `${command}: carrel is killed before its calls that write, rename, remove, sync or spawn,`,
    "and when what it has spawned begins to run. Half of the points that are aimed at are spawns. Podman, conmon and",
    "the container are not traced, and go on.",
  ];
}

function describeMoments(command: string): string[] {
  return [`${command}: carrel is killed at random moments of its`, "run; podman and the container go on."];
}
