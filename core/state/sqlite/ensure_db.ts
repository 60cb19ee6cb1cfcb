/**
 * Making a database file before any store opens it.
 *
 * @module
 */
import { resolve } from "@std/path";
import { newDenoHost } from "../../host/deno_host.ts";
import { Connection } from "./connection.ts";
import { BUSY_TIMEOUT_MS, createIfAbsent, type DatabaseHost } from "./open_database.ts";
import { retryBusy } from "./retry_busy.ts";
import { fromSqliteError } from "./sqlite_failure.ts";
import { WRITE_TIMEOUT_MS } from "./state_database.ts";

/** What a callback of {@linkcode ensureDb} works with. */
export type TableMaker = Pick<Connection, "run" | "get" | "all">;

/**
 * Makes an empty file (0600), and its directory (0700), where there is none, and lets the callback make tables
 * of its own in it. The callback is synchronous and runs in one transaction: when it throws, nothing of it
 * stays but the file. The tables of the stores are made by `sqliteStorage`.
 *
 * @param path relative paths are relative to the working directory
 * @returns the absolute path
 * @throws {StorageError} as `openDatabase`; whatever the callback throws
 *
 * @example
 * ```ts
 * import { ensureDb } from "./ensure_db.ts";
 * const dir = await Deno.makeTempDir();
 * await ensureDb(`${dir}/data/app.db`, (tables) => {
 *   tables.run("CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, item TEXT NOT NULL) STRICT");
 * });
 * ```
 */
export async function ensureDb(
  path: string,
  createTables: ((tables: TableMaker) => void) | null = null,
  options: Partial<DatabaseHost> = {},
): Promise<string> {
  const absolute = resolve(path);
  const { clock, files } = { ...newDenoHost(), ...options };
  await createIfAbsent(absolute, { files });
  if (createTables === null) return absolute;
  try {
    const connection = await Connection.open(absolute, { busyTimeoutMs: BUSY_TIMEOUT_MS });
    try {
      const make = () => connection.transaction(() => createTables(connection));
      await retryBusy(make, WRITE_TIMEOUT_MS, clock);
    } finally {
      connection.close();
    }
  } catch (error) {
    throw fromSqliteError(error, absolute);
  }
  return absolute;
}
