/**
 * A row that the reference wrote, read with all the tolerance that its files need.
 *
 * @module
 */
import { checkAmount, checkInteger, checkText, checkTime, invalid } from "../check_input.ts";
import { dumpsJsonDict, PyFloat } from "../json_dialect.ts";
import type { ForeignCell } from "../sqlite/connection.ts";
import { repairJson } from "./repair_json.ts";

/** How a database encodes its texts. */
export interface TextEncoding {
  /** `UTF-8`, `UTF-16le` or `UTF-16be`. */
  readonly name: string;
  /** Throws on bytes that are no text. */
  readonly strict: TextDecoder;
  /** Replaces them. */
  readonly lenient: TextDecoder;
}

/** The encoding of that name; a mark of byte order is a character as any other. */
export function newTextEncoding(name: string): TextEncoding {
  return {
    name,
    strict: new TextDecoder(name, { fatal: true, ignoreBOM: true }),
    lenient: new TextDecoder(name, { ignoreBOM: true }),
  };
}

/** Column that holds a row's number, whatever the table calls its own. */
export const ROWID = "_rowid_";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A row by column. A column that the table does not have is the same as one that is NULL; where several are
 * named the first that holds something counts.
 *
 * What has no form here throws a `StorageError` of code `invalid_value` whose message begins with the column.
 *
 * @example
 * ```ts
 * import { newTextEncoding, ReferenceRow } from "./reference_row.ts";
 * import { assertEquals } from "@std/assert";
 * const cells = { _rowid_: 7n, dfid: "flow", data: 9007199254740993n };
 * const row = new ReferenceRow(cells, newTextEncoding("UTF-8"));
 * assertEquals([row.rowid, row.text("dfid"), row.json("data")], [7, "flow", "9007199254740993"]);
 * ```
 */
export class ReferenceRow {
  /** Its number in the table. */
  readonly rowid: number;
  /** What is not here as it was there, one sentence each. */
  readonly changes: string[] = [];
  readonly #cells: Readonly<Record<string, ForeignCell>>;
  readonly #encoding: TextEncoding;

  /** Texts are strings, or bytes in the database's encoding. */
  constructor(cells: Readonly<Record<string, ForeignCell>>, encoding: TextEncoding) {
    this.#cells = cells;
    this.#encoding = encoding;
    this.rowid = Number(cells[ROWID]);
  }

  /** What the row is called in the file: the text of the columns that hold one; null when none does. */
  name(columns: readonly string[]): string | null {
    const texts = columns.map((column) => this.#cells[column] ?? null).filter((cell) => cell !== null)
      .map((cell) => cell instanceof Uint8Array ? this.#encoding.lenient.decode(cell) : String(cell));
    return texts.length === 0 ? null : texts.join(" ");
  }

  /** A text that must be there. */
  text(...columns: readonly [string, ...string[]]): string {
    const text = this.textOrNull(...columns);
    if (text === null) throw invalid(`${columns[0]} is missing`);
    return text;
  }

  /** A text, or null. */
  textOrNull(...columns: readonly [string, ...string[]]): string | null {
    const { column, cell } = this.#first(columns);
    if (cell === null) return null;
    const text = this.#readText(column, cell);
    checkText(text, column);
    return text;
  }

  /** A JSON text, as it is written there; null when there is none. `""` is one, and reads as `{}`. */
  jsonOrNull(...columns: readonly [string, ...string[]]): string | null {
    const { column, cell } = this.#first(columns);
    if (cell === null) return null;
    // The column's affinity made a number of a text that looks like one.
    if (typeof cell === "bigint") return String(cell);
    const text = typeof cell === "number" ? dumpsJsonDict(new PyFloat(cell)) : this.#readText(column, cell);
    checkText(text, column);
    if (text === "") return text;
    const json = repairJson(text);
    if (json === null) throw invalid(`${column} is not JSON`);
    for (const token of json.replaced) this.changes.push(`${column}: ${token} became "${token}"`);
    return json.text;
  }

  /** A JSON text; `{}` when there is none. */
  json(...columns: readonly [string, ...string[]]): string {
    return this.jsonOrNull(...columns) ?? "{}";
  }

  /** An integer; `missing` when there is none. */
  integer(column: string, missing: number): number {
    const { cell } = this.#first([column]);
    if (cell === null) return missing;
    const value = typeof cell === "bigint" ? Number(cell) : cell;
    checkInteger(value, column);
    return value;
  }

  /** A number from 0 up, also one that is written as a text; 0 when there is none. */
  amount(column: string): number {
    const { cell } = this.#first([column]);
    if (cell === null) return 0;
    const value = typeof cell === "number" || typeof cell === "bigint" ? cell : this.#readText(column, cell);
    if (typeof value === "string" && !NUMBER.test(value.trim())) {
      throw invalid(`${column} is not a number: ${JSON.stringify(value)}`);
    }
    const amount = Number(value);
    checkAmount(amount, column);
    return amount;
  }

  /** A time in microseconds since the epoch, in any form that a file may have; null when there is none. */
  timeOrNull(...columns: readonly [string, ...string[]]): number | null {
    const { column } = this.#first(columns);
    const text = this.textOrNull(...columns);
    return text === null ? null : checkTime(text, column);
  }

  #first(columns: readonly [string, ...string[]]): { column: string; cell: ForeignCell } {
    const column = columns.find((name) => (this.#cells[name] ?? null) !== null) ?? columns[0];
    return { column, cell: this.#cells[column] ?? null };
  }

  #readText(column: string, cell: Exclude<ForeignCell, null>): string {
    if (!(cell instanceof Uint8Array)) return String(cell);
    try {
      return this.#encoding.strict.decode(cell);
    } catch (cause) {
      throw invalid(`${column} is not ${this.#encoding.name}`, cause);
    }
  }
}
