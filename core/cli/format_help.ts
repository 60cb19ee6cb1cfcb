/**
 * Words of a help page.
 *
 * @module
 */
import { displayWidth } from "../text/display_width.ts";
import type { HelpArgument, HelpFlag, HelpPage } from "./help.ts";
import type { Look } from "./style.ts";
import { wrapText } from "./wrap_text.ts";

const INDENT = 2;
const GAP = 2;
/** A longer term stands on a line of its own. */
const TERM_WIDTH_MAX = 30;

type Row = readonly [term: string, words: string];

/** Words a help page for people, wrapped to the look's width. */
export function formatHelp(page: HelpPage, look: Pick<Look, "style" | "wrapColumns">): string {
  const { style, wrapColumns } = look;
  const section = (title: string, rows: readonly Row[]) =>
    rows.length === 0 ? [] : [`${style.bold(title)}\n${formatRows(rows, wrapColumns)}`];
  const blocks = [
    wrapText(page.summary, wrapColumns),
    `${style.bold("usage:")} ${wrapText(page.usage, wrapColumns - 7, 7)}`,
    ...(page.description === null ? [] : [wrapText(page.description, wrapColumns)]),
    ...page.sections.flatMap(({ title, commands }) =>
      section(title, commands.map((command) => [command.path, command.summary]))
    ),
    ...section("Arguments", page.arguments.map(argumentRow)),
    ...section("Flags", page.flags.map(flagRow)),
    ...section("Global flags", page.global_flags.map(flagRow)),
    ...formatExamples(page, look),
    ...section("Exit status", page.exit_status.map(({ status, meaning }) => [status, meaning])),
    ...(page.exit_status.length > 0 ? [] : [`Exit status: ${page.path.split(" ", 1)[0]} --help`]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function formatExamples({ examples }: HelpPage, { style, wrapColumns }: Pick<Look, "style" | "wrapColumns">) {
  if (examples.length === 0) return [];
  const lines = examples.map(({ line, note }) =>
    `  ${line}\n      ${style.dim(wrapText(note, wrapColumns - 6, 6))}`
  );
  return [`${style.bold("Examples")}\n${lines.join("\n")}`];
}

function argumentRow({ placeholder, summary, required, repeated, choices }: HelpArgument): Row {
  const term = repeated ? `${placeholder}...` : placeholder;
  return [
    required ? term : `[${term}]`,
    withFacts(summary, choices === null ? [] : [`one of: ${choices.join(", ")}`]),
  ];
}

function flagRow(flag: HelpFlag): Row {
  const names = flag.short === null ? `    ${flag.name}` : `${flag.short}, ${flag.name}`;
  const facts = [
    ...(flag.choices === null ? [] : [`one of: ${flag.choices.join(", ")}`]),
    ...(flag.repeated ? ["may be repeated"] : []),
    ...(flag.default === null ? [] : [`default: ${flag.default}`]),
    ...(flag.env === null ? [] : [`env: ${flag.env}`]),
  ];
  return [flag.placeholder === null ? names : `${names} ${flag.placeholder}`, withFacts(flag.summary, facts)];
}

function withFacts(summary: string, facts: readonly string[]): string {
  return facts.length === 0 ? summary : `${summary} (${facts.join("; ")})`;
}

function formatRows(rows: readonly Row[], columns: number): string {
  const fitting = rows.map(([term]) => displayWidth(term)).filter((width) => width <= TERM_WIDTH_MAX);
  const margin = INDENT + Math.max(0, ...fitting) + GAP;
  return rows.map(([term, words]) => {
    const lead = " ".repeat(INDENT) + term;
    const gap = displayWidth(lead) + GAP <= margin
      ? " ".repeat(margin - displayWidth(lead))
      : `\n${" ".repeat(margin)}`;
    return `${lead}${gap}${wrapText(words, columns - margin, margin)}`.trimEnd();
  }).join("\n");
}
