/**
 * What an import has done, or would do.
 *
 * @module
 */

/**
 * Which program wrote a file. `P`, `G0` and `G0b` are the early ones: nullable columns, then (`G0b`) only the
 * audit table is missing. `G1` is the one whose contracts ours follow. `G2` came later, with other tables.
 */
export type Generation = "P" | "G0" | "G0b" | "G1" | "G2";

/** What became of the rows of one table of the file. */
export interface TableCounts {
  /** Rows in the file: the sum of the other three. */
  readonly found: number;
  /** Written here. */
  readonly imported: number;
  /** Not written, each named in the problems. */
  readonly skipped: number;
  /** Not written because there is one here, which wins. */
  readonly already_there: number;
}

/** How many rows one of our tables holds. */
export interface RowCounts {
  /** Before the import. */
  readonly before: number;
  /** After it. */
  readonly after: number;
}

/** Something of the file that is not here as it was there. */
export interface ImportProblem {
  /**
   * `skipped`: the row is not here. `changed`: the row is here, with another value. `dropped`: the values of
   * a column have no place here; the rows are.
   */
  readonly kind: "skipped" | "changed" | "dropped";
  /** Table of the file. */
  readonly table: string;
  /** What the row is called there; null where it has no name, or all rows are meant. */
  readonly key: string | null;
  /** The row's number in its table; null where all rows are meant. */
  readonly rowid: number | null;
  /** One sentence. */
  readonly why: string;
}

/** The answer of an import; a dry run answers the same. */
export interface ImportReport {
  /** Which program wrote the file. */
  readonly generation: Generation;
  /** SHA-256 of what the file holds, hexadecimal. */
  readonly content_hash: string;
  /** The very same content was imported before: nothing was written. */
  readonly imported_before: boolean;
  /** By name of the file's table, sorted. */
  readonly tables: Readonly<Record<string, TableCounts>>;
  /** By name of our table. */
  readonly rows: Readonly<Record<string, RowCounts>>;
  /** In the order of the tables, then of the rows. */
  readonly problems: readonly ImportProblem[];
}
