/**
 * One open SQLite file: the only user of `node:sqlite`, which is loaded when the first file is opened.
 *
 * Every call is synchronous. Prepared statements are used wherever something can fail: the errors of
 * `exec` carry no number to tell a busy database from a broken one.
 *
 * @module
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { invariant } from "../../invariant.ts";
import { invalid } from "../check_input.ts";

/** What a column or a parameter can hold here. */
export type Cell = string | number | null;

/** What a column of a table that another program made can hold; integers and bytes as they are. */
export type ForeignCell = string | number | bigint | Uint8Array | null;

/** A statement that gives rows as lists of cells, and the names of their columns. */
interface Prepared {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
}

/** What the types of `node:sqlite` in Deno leave out. */
interface SettableStatement extends StatementSync {
  setReturnArrays(enabled: boolean): void;
}

/** How to open a file. */
export interface ConnectionOptions {
  /** Only read; a file that is written to at the same time is fine. */
  readonly readOnly?: boolean;
  /** How long one statement may block this process while another one holds the lock it needs. */
  readonly busyTimeoutMs: number;
}

/** An open SQLite file. What fails does so with the errors of `node:sqlite`. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Opens an existing file. The path is absolute, so that SQLite never takes it for a `file:` address. */
  static async open(
    path: string,
    { readOnly = false, busyTimeoutMs }: ConnectionOptions,
  ): Promise<Connection> {
    invariant(path.startsWith("/"), "a database is opened by its absolute path");
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path, { readOnly });
    // Deno passes the `timeout` option over when the file is opened read-only, and waits for 5 s.
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    return new Connection(database);
  }

  /** False after {@linkcode close}. */
  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** SQL text of every statement prepared so far. */
  get preparedTexts(): readonly string[] {
    return [...this.#statements.keys()];
  }

  /** Runs a statement; the number of rows that it changed. */
  run(sql: string, ...parameters: readonly Cell[]): number {
    return Number(this.#prepare(sql).statement.run(...checked(parameters)).changes);
  }

  /**
   * The first row, if any. The tables are STRICT, so that a column holds what its declaration says and the
   * caller can name the row's type; a JavaScript number is a REAL or an INTEGER.
   */
  get<Row extends Readonly<Record<string, Cell>>>(
    sql: string,
    ...parameters: readonly Cell[]
  ): Row | undefined {
    const { statement, columns } = this.#prepare(sql);
    const cells = statement.get(...checked(parameters));
    return cells === undefined ? undefined : toRow<Row>(columns, cells);
  }

  /** All rows; see {@linkcode get}. */
  all<Row extends Readonly<Record<string, Cell>>>(sql: string, ...parameters: readonly Cell[]): Row[] {
    const { statement, columns } = this.#prepare(sql);
    const rows = statement.all(...checked(parameters));
    return rows.map((cells) => toRow<Row>(columns, cells));
  }

  /**
   * The rows of a query on tables that another program made, one after the other: any column may hold
   * anything, and no digit of an integer is lost. A text comes as SQLite decodes it; `CAST ... AS BLOB` gives
   * its bytes.
   */
  *foreignRows(sql: string): Generator<Readonly<Record<string, ForeignCell>>> {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    yield* statement.iterate() as Iterable<Record<string, ForeignCell>>;
  }

  /** All or nothing: takes the write lock, runs the action, commits; whatever it throws undoes everything. */
  transaction<Result>(action: () => Result): Result {
    return this.#within("BEGIN IMMEDIATE", action);
  }

  /** Runs several reads that see the same moment. */
  snapshot<Result>(action: () => Result): Result {
    return this.#within("BEGIN", action);
  }

  /** Closes the file; harmless when it is closed already. */
  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #within<Result>(begin: string, action: () => Result): Result {
    this.run(begin);
    try {
      const result = action();
      invariant(!(result instanceof Promise), "a transaction is one synchronous function");
      this.run("COMMIT");
      return result;
    } catch (error) {
      // A full disk, for one, makes SQLite roll back by itself.
      if (this.#database.isTransaction) this.run("ROLLBACK");
      throw error;
    }
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql) as SettableStatement;
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name }) => name);
    const prepared = { statement, columns };
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

/** Gives the cells of a row their names: twice as fast as when `node:sqlite` makes the object. */
function toRow<Row extends Readonly<Record<string, Cell>>>(
  columns: readonly string[],
  cells: Readonly<Record<number, SQLOutputValue>>,
): Row {
  const row: Record<string, SQLOutputValue> = {};
  columns.forEach((name, at) => row[name] = cells[at] ?? null);
  return row as Row;
}

/** SQLite would cut a text at U+0000 when it is read back, and replace half of a surrogate pair. */
function checked(parameters: readonly Cell[]): readonly Cell[] {
  for (const text of parameters) {
    if (typeof text !== "string" || (text.isWellFormed() && !text.includes("\0"))) continue;
    throw invalid("a text holds U+0000 or half of a surrogate pair");
  }
  return parameters;
}
