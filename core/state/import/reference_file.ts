/**
 * A database of the reference, opened to be read.
 *
 * @module
 */
import type { Connection } from "../sqlite/connection.ts";
import type { ReferenceColumn, ReferenceTables } from "./detect_generation.ts";
import type { Generation } from "./import_report.ts";
import { newTextEncoding, ReferenceRow, ROWID, type TextEncoding } from "./reference_row.ts";

/** What a {@linkcode ReferenceFile} is made of. */
export interface ReferenceFileParts {
  /** A private copy of the file. */
  readonly connection: Connection;
  /** The columns of its tables. */
  readonly tables: ReferenceTables;
  /** Which program wrote it. */
  readonly generation: Generation;
  /** SHA-256 of what it holds, hexadecimal. */
  readonly contentHash: string;
}

/** Use `openReferenceFile`. Its methods are synchronous and fail with the errors of `node:sqlite`. */
export class ReferenceFile {
  /** The columns of its tables. */
  readonly tables: ReferenceTables;
  /** Which program wrote it. */
  readonly generation: Generation;
  /** SHA-256 of what it holds, hexadecimal. */
  readonly contentHash: string;
  readonly #connection: Connection;
  readonly #encoding: TextEncoding;

  /** A file with these parts. */
  constructor({ connection, tables, generation, contentHash }: ReferenceFileParts) {
    this.#connection = connection;
    this.tables = tables;
    this.generation = generation;
    this.contentHash = contentHash;
    const encoding = connection.get<{ encoding: string }>("PRAGMA encoding")?.encoding;
    this.#encoding = newTextEncoding(encoding ?? "UTF-8");
  }

  /** The rows of a table in the order of their insertion, with those of these columns that it has. */
  *rows(table: string, columns: readonly string[]): Generator<ReferenceRow> {
    const there = (this.tables.get(table) ?? []).map(({ name }) => name)
      .filter((name) => columns.includes(name));
    // The bytes of a text: SQLite would replace what is not well-formed, and cut it at U+0000.
    const cells = there.map(quote).map((column) =>
      `CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) ELSE ${column} END AS ${column}`
    );
    const query = `SELECT ${[`${ROWID} AS ${ROWID}`, ...cells].join(", ")} FROM ${
      quote(table)
    } ORDER BY ${ROWID}`;
    for (const cells of this.#connection.foreignRows(query)) yield new ReferenceRow(cells, this.#encoding);
  }

  /** How many rows a table has. */
  count(table: string): number {
    return this.#count("*", table);
  }

  /** In how many rows of the table the column holds something. */
  countValues(table: string, column: string): number {
    return this.#count(quote(column), table);
  }

  #count(what: string, table: string): number {
    const query = `SELECT count(${what}) AS count FROM ${quote(table)}`;
    return this.#connection.get<{ count: number }>(query)?.count ?? 0;
  }
}

/** The columns of every table of a database; SQLite's own, views and virtual tables are left out. */
export function readTables(connection: Connection): ReferenceTables {
  const names = connection.all<{ name: string }>(
    `SELECT name FROM pragma_table_list
     WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
  );
  return new Map(names.map(({ name }) => [name, readColumns(connection, name)]));
}

function readColumns(connection: Connection, table: string): ReferenceColumn[] {
  return connection.all<{ name: string; required: number }>(
    `SELECT name, "notnull" AS required FROM pragma_table_info(?)`,
    table,
  ).map(({ name, required }) => ({ name, notNull: required !== 0 }));
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
