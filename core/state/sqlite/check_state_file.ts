/**
 * Looking whether a state store is sound, without opening it for use.
 *
 * @module
 */
import { isAppError } from "../../error.ts";
import { checkIntegrity } from "./integrity.ts";
import {
  asStorageError,
  BUSY_TIMEOUT_MS,
  type DatabaseHost,
  type OpenDatabaseOptions,
} from "./open_database.ts";
import { openToLook } from "./open_to_look.ts";
import { SCHEMA } from "./schema.ts";
import { emptiedFile } from "./schema_version.ts";
import { StateDatabase, WRITE_TIMEOUT_MS } from "./state_database.ts";

/** What was found out about a file. */
export interface StateFileReport {
  /** Null when it cannot be read at all. */
  readonly schema_version: number | null;
  /** The newest schema that this program can work with. */
  readonly known_version: number;
  /** What is wrong with it; nothing for a sound file. */
  readonly problems: readonly string[];
}

/**
 * Reads a whole file that is there, of whatever schema, also one that is newer than this program. It is opened
 * without a right to write, and stays as it is, see `openToLook`.
 *
 * @param path absolute
 * @throws {StorageError} `storage_failed` for a database of another program; `permission_denied`, `lock_timeout`
 */
export async function checkStateFile(
  path: string,
  { clock }: Pick<DatabaseHost, "clock">,
  { wasUsed = false }: Pick<OpenDatabaseOptions, "wasUsed"> = {},
): Promise<StateFileReport> {
  const known_version = SCHEMA.migrations.length;
  try {
    const { connection, version: schema_version } = await openToLook(path, {
      known: Number.MAX_SAFE_INTEGER,
      ours: SCHEMA.tables,
      busyTimeoutMs: BUSY_TIMEOUT_MS,
      timeoutMs: WRITE_TIMEOUT_MS,
      clock,
    });
    try {
      if (schema_version === 0 && wasUsed) throw emptiedFile(path);
      const database = new StateDatabase({ connection, path, clock, schema: SCHEMA });
      return { schema_version, known_version, problems: await checkIntegrity(database) };
    } finally {
      connection.close();
    }
  } catch (thrown) {
    const error = asStorageError(thrown, path);
    if (!isAppError(error) || error.details.reason !== "damaged") throw error;
    return { schema_version: null, known_version, problems: [error.message] };
  }
}
