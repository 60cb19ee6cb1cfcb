/**
 * `carrel state import`
 *
 * @module
 */
import { formatTable } from "../cli/table.ts";
import type { Look } from "../cli/style.ts";
import { importState } from "../engine/import_state.ts";
import type { ImportReport } from "../state/import/import_report.ts";
import { wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";

/** How many problems are named one by one to a person; `--json` has all. */
const PROBLEMS_SHOWN_MAX = 20;

/** Reads a database of the reference in. */
export default mutation({
  summary: "Bring what a database of the reference holds into the state store",
  description:
    "The file is only read, whatever its generation. What is here already wins; the same content is imported once. " +
    "--dry-run tells what would be imported.",
  examples: [
    { line: "carrel state import dir.db --dry-run", note: "how many rows of each table" },
    { line: "carrel state import dir.db --json", note: "counts before and after, and every problem" },
  ],
  positionals: [{ name: "file", summary: "a SQLite file that the reference has written" }],
  async run(app, { args, options }) {
    const { op, report } = await importState(await app.carrel(), args.file, options);
    const { problems } = report;
    for (const { kind, table, key, why } of problems.slice(0, PROBLEMS_SHOWN_MAX)) {
      app.io.warn(`${kind}: ${table}${key === null ? "" : ` ${key}`}: ${why}`);
    }
    const more = problems.length - PROBLEMS_SHOWN_MAX;
    if (more > 0) app.io.warn(`${more} more are in the answer of --json`);
    return { data: await op.answer(() => ({ report })) };
  },
  text: (data, look) => wordMutation(data, ({ report }) => wordReport(report, look)),
});

function wordReport({ generation, imported_before, tables }: ImportReport, look: Look): string {
  if (imported_before) return "this content was imported before; nothing is new";
  const rows = Object.entries(tables).map(([table, { found, imported, skipped, already_there }]) => [
    table,
    ...[found, imported, skipped, already_there].map(String),
  ]);
  const columns = ["FOUND", "IMPORTED", "SKIPPED", "THERE"].map((header) => ({
    header,
    align: "right" as const,
  }));
  return `generation ${generation}\n${formatTable([{ header: "TABLE" }, ...columns], rows, look)}`;
}
