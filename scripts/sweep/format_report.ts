/**
 * The results of a sweep, in words.
 *
 * @module
 */
import type { Tally, VerbReport, Violation } from "./sweep_verb.ts";

const SHOWN_PER_VERB = 6;
const LINE_MAX = 1_200;

/** A table of all commands. */
export function formatReport(reports: readonly VerbReport[]): string {
  const rows = reports.map(({ verb, runtime, kills, errors }) => [
    `${verb} (${runtime})`,
    ...[kills, errors].flatMap(cellsOf),
  ]);
  const head = ["command", "kill points", "reached", "violations", "error points", "reached", "violations"];
  return table([head, ...rows, totalRow(reports)]).join("\n");
}

/** The results as a part of the scorecard. */
export function formatScore(
  { reports, seconds }: { readonly reports: readonly VerbReport[]; readonly seconds: number },
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
    `\`deno task sweep --scorecard\`, ${seconds} s. Each command is killed before each of its calls that write,`,
    "rename, remove, sync or spawn, and each of its calls on carrel's own files is made to fail with ENOSPC, EIO or",
    "EMFILE; the runtime's own descriptors are left out. `podman` is a scripted stand-in. Violations count points.",
    "",
    "| command | runtime | kill points | reached | violations | error points | reached | violations |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

/** `N passed, N failed`: every struck point is one test, and so is every command that must have a row. */
export function summaryLine(
  reports: readonly VerbReport[],
  missing: readonly string[],
): { readonly text: string; readonly failed: number } {
  const tallies = reports.flatMap(({ kills, errors }) => [kills, errors]);
  const struck = tallies.reduce((sum, { reached }) => sum + reached, 0);
  const broken = tallies.reduce(
    (sum, { violations, leftovers }) => sum + pointsIn([...violations, ...leftovers]),
    0,
  );
  const failed = broken + missing.length;
  return { text: `${Math.max(struck - broken, 0)} passed, ${failed} failed`, failed };
}

/** The sums over all commands. */
export function totalRow(reports: readonly VerbReport[]): string[] {
  const sum = (pick: (report: VerbReport) => Tally) => {
    const cells = reports.map((report) => cellsOf(pick(report)).map(Number));
    return [0, 1, 2].map((at) => String(cells.reduce((total, row) => total + (row[at] ?? 0), 0)));
  };
  return ["all", ...sum(({ kills }) => kills), ...sum(({ errors }) => errors)];
}

/** Points enumerated, reached, and followed by a violation. */
export function cellsOf({ enumerated, reached, violations, leftovers }: Tally): string[] {
  return [enumerated, reached, pointsIn([...violations, ...leftovers])].map(String);
}

function pointsIn(violations: readonly Violation[]): number {
  return new Set(violations.map(({ point }) => point)).size;
}

/** The first violations of a command, each with its point. */
export function complaintsOf({ kills, errors }: Pick<VerbReport, "kills" | "errors">): string[] {
  const all = [kills, errors].flatMap(({ violations, leftovers }) => [
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
