/**
 * The results of a sweep, in words.
 *
 * @module
 */
import type { SweepSize, Tally, VerbReport, Violation } from "./sweep_verb.ts";

/** Of figures in a row. */
const COLUMNS = 9;
const SHOWN_PER_VERB = 6;
const LINE_MAX = 2_000;

/** A table of all commands. */
export function formatReport(reports: readonly VerbReport[]): string {
  const rows = reports.map((report) => [`${report.verb} (${report.runtime})`, ...cellsOfReport(report)]);
  const counted = ["reached", "violations"];
  const head = [
    "command",
    "kill points",
    ...counted,
    "error points",
    ...counted,
    "engine faults",
    ...counted,
  ];
  return table([head, ...rows, totalRow(reports)]).join("\n");
}

/** The results as a part of the scorecard. */
export function formatScore(
  { reports, seconds, size: { kills, errors, seed } }: {
    readonly reports: readonly VerbReport[];
    readonly seconds: number;
    readonly size: Pick<SweepSize, "kills" | "errors" | "seed">;
  },
): string {
  const rows = [
    ...reports.map((
      { verb, runtime, kills, errors },
    ) => [verb, runtime, ...cellsOf(kills), ...cellsOf(errors)]),
    ["all", "", ...totalRow(reports).slice(1)],
  ];
  return [
    "## Kills and errors",
    "",
    `\`deno task sweep --scorecard --kills ${kills} --errors ${errors} --seed ${seed}\`, ${seconds} s. Each command is`,
    "killed before its calls that write, rename, remove, sync or spawn, and when what it has spawned begins to run;",
    "its calls on carrel's own files are made to fail with ENOSPC, EIO or EMFILE; the runtime's own descriptors are",
    "left out. `podman` is a scripted stand-in; each of its calls fails, hangs, answers nonsense or nothing, is",
    "locked, or loses all containers; it is missing, or too old. Of each command's kill and error points so many are",
    "struck, each kind of point before any a second time, and all engine faults. Violations count points.",
    "",
    `| command | runtime | ${["kill points", "error points", "engine faults"].map(columns).join(" | ")} |`,
    `| --- | --- ${"| ---: ".repeat(COLUMNS)}|`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

/** `N passed, N failed`: every struck point is one test, and so is every command that must have a row. */
export function summaryLine(
  tallies: readonly Tally[],
  missing: readonly string[],
): { readonly text: string; readonly failed: number } {
  const struck = tallies.reduce((sum, { reached }) => sum + reached, 0);
  const broken = tallies.reduce(
    (sum, { violations, leftovers }) => sum + pointsIn([...violations, ...leftovers]),
    0,
  );
  const failed = broken + missing.length;
  return { text: `${Math.max(struck - broken, 0)} passed, ${failed} failed`, failed };
}

/** The sums over all commands. */
function totalRow(reports: readonly VerbReport[]): string[] {
  const rows = reports.map((report) => cellsOfReport(report).map(Number));
  const sums = (rows[0] ?? []).map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0));
  return ["all", ...sums.map(String)];
}

/** The results of one command, one for each way of striking. */
export function talliesOf({ kills, errors, faults }: VerbReport): Tally[] {
  return [kills, errors, faults];
}

function cellsOfReport(report: VerbReport): string[] {
  return talliesOf(report).flatMap(cellsOf);
}

/** Points enumerated, reached, and followed by a violation. */
export function cellsOf({ enumerated, reached, violations, leftovers }: Tally): string[] {
  return [enumerated, reached, pointsIn([...violations, ...leftovers])].map(String);
}

function pointsIn(violations: readonly Violation[]): number {
  return new Set(violations.map(({ point }) => point)).size;
}

/** One line about one command. */
export function wordTallies({ verb, runtime, kills, errors, faults }: VerbReport): string {
  const tallies = Object.entries({ kills, errors, faults });
  const counts = tallies.map(([name, { reached, aimed }]) => `${name} ${reached}/${aimed}`);
  const broken = tallies.reduce((sum, [, { violations }]) => sum + pointsIn(violations), 0);
  return `${verb} (${runtime}): ${counts.join(", ")}, violations ${broken}`;
}

/** The first violations of a command, each with its point. */
export function complaintsOf(tallies: readonly Tally[]): string[] {
  const all = tallies.flatMap(({ violations, leftovers }) => [
    ...violations,
    ...leftovers.map(({ point, what }) => ({ point, what: `left behind: ${what}` })),
  ]);
  const shown = all.slice(0, SHOWN_PER_VERB).map(({ point, what }) =>
    `  ${point}\n    ${what.slice(0, LINE_MAX)}`
  );
  return all.length > shown.length ? [...shown, `  and ${all.length - shown.length} more`] : shown;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows.map((row) =>
    row.map((cell, at) => at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)).join("  ")
  );
}

function columns(kind: string): string {
  return [kind, "reached", "violations"].join(" | ");
}
