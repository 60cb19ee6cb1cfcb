/**
 * The results of the power-loss replay, in words.
 *
 * @module
 */
import { cellsOf } from "./format_report.ts";
import type { ReplayReport } from "./replay_verb.ts";

/** One line about one command. */
export function wordReplay({ verb, runtime, states }: ReplayReport): string {
  const [enumerated = "", replayed = "", violated = ""] = cellsOf(states);
  return `${verb} (${runtime}): states ${replayed} of ${enumerated}, violations ${violated}`;
}

/** The results as a part of the scorecard. */
export function formatReplayScore(
  { reports, seconds, states: count, seed }: {
    readonly reports: readonly ReplayReport[];
    readonly seconds: number;
    readonly states: number;
    readonly seed: number;
  },
): string {
  const rows = reports.map(({ verb, runtime, states }) => [verb, runtime, ...cellsOf(states)]);
  const sums = [2, 3, 4].map((at) => rows.reduce((sum, row) => sum + Number(row[at]), 0).toString());
  return [
    "## Power loss",
    "",
    `\`deno task sweep:power --scorecard --states ${count} --seed ${seed}\`, ${seconds} s. Each command's writes,`,
    "those of its children included, are replayed into states in which the disk may be found after the power has gone: what was flushed is there; of",
    "the rest nothing, all, only names, only contents, all but one, only one, or one write half done. Of each",
    "command's states a sample is replayed, each kind in turn. Violations count states.",
    "",
    "| command | runtime | states | replayed | violations |",
    "| --- | --- | ---: | ---: | ---: |",
    ...[...rows, ["all", "", ...sums]].map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}
