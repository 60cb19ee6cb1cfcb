/**
 * The nine stores of a SQLite file that is only looked at.
 *
 * @module
 */
import type { StorageBundle } from "../storage_bundle.ts";
import {
  asStorageError,
  BUSY_TIMEOUT_MS,
  type DatabaseHost,
  type OpenDatabaseOptions,
} from "./open_database.ts";
import { openToLook } from "./open_to_look.ts";
import { SCHEMA } from "./schema.ts";
import { emptiedFile } from "./schema_version.ts";
import { newSqliteBundle, sqliteStorage } from "./sqlite_storage.ts";
import { StateDatabase, WRITE_TIMEOUT_MS } from "./state_database.ts";

/**
 * The oldest schema in which every read of the nine stores finds its tables and columns. A migration that adds
 * what they read, or changes it, makes its own version the oldest.
 */
const READABLE_SINCE = 2;

/**
 * Opens a file that is there without a right to write, see `openToLook`; null when nothing of ours was ever written to it. One of
 * an older schema is read as it is. Only one that is too old for that is opened as `sqliteStorage` does, which
 * brings it to the newest.
 *
 * @param path absolute
 * @throws {StorageError} as `openDatabase`; whatever writes to these stores: `permission_denied`
 */
export async function sqliteStorageToRead(
  path: string,
  host: DatabaseHost,
  { wasUsed = false }: Pick<OpenDatabaseOptions, "wasUsed"> = {},
): Promise<StorageBundle | null> {
  try {
    const { connection, version } = await openToLook(path, {
      known: SCHEMA.migrations.length,
      ours: SCHEMA.tables,
      busyTimeoutMs: BUSY_TIMEOUT_MS,
      timeoutMs: WRITE_TIMEOUT_MS,
      clock: host.clock,
    });
    if (version < READABLE_SINCE) connection.close();
    if (version === 0 && wasUsed) throw emptiedFile(path);
    if (version === 0) return null;
    if (version < READABLE_SINCE) return await sqliteStorage(path, host);
    return newSqliteBundle(new StateDatabase({ connection, path, clock: host.clock, schema: SCHEMA }));
  } catch (error) {
    throw asStorageError(error, path);
  }
}
