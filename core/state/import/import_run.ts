/**
 * One import while it runs: what it reads, where it writes, what it has found so far.
 *
 * @module
 */
import { isAppError } from "../../error.ts";
import type { Connection } from "../sqlite/connection.ts";
import type { ImportProblem, TableCounts } from "./import_report.ts";
import type { ReferenceFile } from "./reference_file.ts";
import type { ReferenceRow } from "./reference_row.ts";

/** How the rows of a table come in. */
export interface TableImport<Item> {
  /** Of the file. */
  readonly table: string;
  /** Columns that tell what a row is called. */
  readonly named: readonly string[];
  /** The other columns that are read. */
  readonly columns: readonly string[];
  /** Makes of a row what is to be written; throws `invalid_value` for what has no form here. */
  readonly read: (row: ReferenceRow) => Item;
  /** Writes it; false when there is one here already. */
  readonly write: (item: Item, target: Connection) => boolean;
}

type Columns = Pick<TableImport<unknown>, "table" | "named" | "columns">;

/** Numbers that only the file's own tables know. */
const OWN_NUMBERS = ["id"];

/** Counts, and the problems that were met. */
export class ImportRun {
  /** When it happens, microseconds since the epoch. */
  readonly nowMicros: number;
  /** The database that is written to, within a transaction. */
  readonly target: Connection;
  /** Problems so far. */
  readonly problems: ImportProblem[] = [];
  /** Tables so far. */
  readonly tables = new Map<string, TableCounts>();
  readonly #file: ReferenceFile;
  readonly #importedBefore: boolean;

  /** With `importedBefore` everything is read and nothing is written. */
  constructor(file: ReferenceFile, target: Connection, nowMicros: number, importedBefore: boolean) {
    this.#file = file;
    this.target = target;
    this.nowMicros = nowMicros;
    this.#importedBefore = importedBefore;
  }

  /** Brings the rows of a table in, in their order; does nothing when the file has no such table. */
  importTable<Item>(spec: TableImport<Item>): void {
    const { table, named, read, write } = spec;
    if (!this.#file.tables.has(table)) return;
    const counts = { found: 0, imported: 0, skipped: 0, already_there: 0 };
    for (const row of this.#rows(spec)) {
      const place = () => ({ table, key: row.name(named), rowid: row.rowid });
      const reading = attempt(() => read(row));
      counts.found++;
      if (typeof reading === "string") {
        counts.skipped++;
        this.problems.push({ kind: "skipped", ...place(), why: reading });
      } else if (this.#importedBefore || !write(reading.value, this.target)) {
        counts.already_there++;
      } else {
        counts.imported++;
        for (const change of row.changes) this.problems.push({ kind: "changed", ...place(), why: change });
      }
    }
    this.tables.set(table, counts);
    this.#nameDropped(spec);
  }

  /** What the rows of a table say, those left out that say nothing sound. */
  *readable<Item>(spec: Omit<TableImport<Item>, "write">): Generator<Item> {
    for (const row of this.#rows(spec)) {
      const reading = attempt(() => spec.read(row));
      if (typeof reading !== "string") yield reading.value;
    }
  }

  /** Names the tables that nobody has read. */
  nameOtherTables(): void {
    for (const table of this.#file.tables.keys()) {
      if (this.tables.has(table)) continue;
      const found = this.#file.count(table);
      this.tables.set(table, { found, imported: 0, skipped: found, already_there: 0 });
      if (found === 0) continue;
      const why = `carrel has no store for this table (rows: ${found})`;
      this.problems.push({ kind: "skipped", table, key: null, rowid: null, why });
    }
  }

  #rows({ table, named, columns }: Columns): Iterable<ReferenceRow> {
    return this.#file.tables.has(table) ? this.#file.rows(table, [...named, ...columns]) : [];
  }

  /** Names the columns that hold something and that nobody has read. */
  #nameDropped({ table, named, columns }: Columns): void {
    const read = new Set([...named, ...columns, ...OWN_NUMBERS]);
    for (const { name } of this.#file.tables.get(table) ?? []) {
      const count = read.has(name) ? 0 : this.#file.countValues(table, name);
      if (count === 0) continue;
      const why = `carrel has no place for ${name} (rows that have one: ${count})`;
      this.problems.push({ kind: "dropped", table, key: null, rowid: null, why });
    }
  }
}

/** What was read, or why it cannot be. */
function attempt<Value>(read: () => Value): { value: Value } | string {
  try {
    return { value: read() };
  } catch (error) {
    if (isAppError(error, "invalid_value")) return error.message;
    throw error;
  }
}
