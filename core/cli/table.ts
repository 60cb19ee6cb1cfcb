/**
 * Tables for people.
 *
 * @module
 */
import { displayWidth, truncateText } from "../text/display_width.ts";
import { sanitizeLine } from "../text/sanitize_text.ts";
import type { Look } from "./style.ts";

/** One column of a table. */
export interface Column {
  readonly header: string;
  /** Default `left`. */
  readonly align?: "left" | "right";
  /** May be shortened with `…` when a terminal is too narrow. */
  readonly shrinks?: boolean;
}

const GAP = "  ";
const SHRUNK_WIDTH_MIN = 8;

/**
 * Lays out rows under headers. On a terminal the widest of the columns that may shrink give way until
 * the table fits, or each is down to 8 cells; in a pipe nothing is shortened. A cell is always one line.
 *
 * @example
 * ```ts
 * import { formatTable } from "./table.ts";
 * import { newStyle } from "./style.ts";
 * import { assertEquals } from "@std/assert";
 * const look = { style: newStyle(false), columns: null, wrapColumns: 80 };
 * const columns = [{ header: "SHELF" }, { header: "BOOKS", align: "right" }] as const;
 * assertEquals(formatTable(columns, [["A1", "7"]], look), "SHELF  BOOKS\nA1         7\n");
 * ```
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  look: Pick<Look, "style" | "columns">,
): string {
  const cells = rows.map((row) => columns.map((_, at) => sanitizeLine(row[at] ?? "")));
  const natural = columns.map(({ header }, at) =>
    cells.reduce((width, row) => Math.max(width, displayWidth(row[at] ?? "")), displayWidth(header))
  );
  const widths = look.columns === null ? natural : shrinkWidths(columns, natural, look.columns);
  const headers = columns.map(({ header }, at) => look.style.bold(truncateText(header, widths[at] ?? 0)));
  return [headers, ...cells].map((row) => formatRow(columns, row, widths)).join("");
}

function shrinkWidths(
  columns: readonly Column[],
  natural: readonly number[],
  available: number,
): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1)) - available;
  for (; excess > 0; excess--) {
    let widest = -1;
    for (const [at, { shrinks = false }] of columns.entries()) {
      if (shrinks && (widths[at] ?? 0) > Math.max(SHRUNK_WIDTH_MIN, widths[widest] ?? 0)) widest = at;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function formatRow(columns: readonly Column[], row: readonly string[], widths: readonly number[]): string {
  const fields = columns.map(({ align }, at) => {
    const width = widths[at] ?? 0;
    const text = truncateText(row[at] ?? "", width);
    const padding = " ".repeat(Math.max(0, width - displayWidth(text)));
    return align === "right" ? padding + text : text + padding;
  });
  return `${fields.join(GAP).trimEnd()}\n`;
}
