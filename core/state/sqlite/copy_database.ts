/**
 * Copying the database of the state stores while it is in use.
 *
 * @module
 */
import { Connection } from "./connection.ts";
import {
  asStorageError,
  BUSY_TIMEOUT_MS,
  type DatabaseHost,
  type OpenDatabaseOptions,
  refuseUnlessOurs,
} from "./open_database.ts";
import { retryBusy } from "./retry_busy.ts";
import { SCHEMA } from "./schema.ts";
import { WRITE_TIMEOUT_MS } from "./state_database.ts";

/**
 * Makes a copy (0600) of the database as it is now, at the schema that it has. False, and no copy, when
 * there is no file or nothing in it.
 *
 * @param from absolute
 * @param to absolute; nothing is there
 * @throws {StorageError} as `openDatabase`
 */
export async function copyDatabase(
  from: string,
  to: string,
  host: DatabaseHost,
  options: OpenDatabaseOptions = {},
): Promise<boolean> {
  const { schema = SCHEMA, timeoutMs = WRITE_TIMEOUT_MS } = options;
  const { clock, files } = host;
  try {
    if (await files.info(from) === null) return false;
    if (await refuseUnlessOurs(from, schema, { clock, timeoutMs }) === 0) return false;
    // SQLite writes into an empty file that is there, and so keeps its mode.
    await files.create(to, "", { mode: 0o600 });
    const connection = await Connection.open(from, { busyTimeoutMs: BUSY_TIMEOUT_MS });
    try {
      await retryBusy(() => connection.run("VACUUM INTO ?", to), timeoutMs, clock);
    } finally {
      connection.close();
    }
    return true;
  } catch (error) {
    throw asStorageError(error, from);
  }
}
