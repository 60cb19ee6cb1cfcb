/**
 * Opening the database of the state stores.
 *
 * @module
 */
import { dirname } from "@std/path";
import { AppError, isAppError } from "../../error.ts";
import type { Host } from "../../port/host.ts";
import { StorageError } from "../errors.ts";
import { Connection } from "./connection.ts";
import { migrate, type Schema } from "./migrate.ts";
import { openToLook } from "./open_to_look.ts";
import { retryBusy } from "./retry_busy.ts";
import { SCHEMA } from "./schema.ts";
import { emptiedFile } from "./schema_version.ts";
import { fromSqliteError } from "./sqlite_failure.ts";
import { StateDatabase, WRITE_TIMEOUT_MS } from "./state_database.ts";

/** What the stores need of the machine. */
export type DatabaseHost = Pick<Host, "clock" | "files">;

/** How long one statement may block this process; what is left of the waiting happens between two tries. */
export const BUSY_TIMEOUT_MS = 20;

/** Options of {@linkcode openDatabase}. */
export interface OpenDatabaseOptions {
  /** The schema to bring the file to; default: that of this program. */
  readonly schema?: Schema;
  /** How long to wait for another process that creates or migrates the file; default 10 s. */
  readonly timeoutMs?: number;
  /** The file is there and something was recorded in it: one that is empty has lost it. */
  readonly wasUsed?: boolean;
}

/**
 * Opens a file, making it and its directory (0600 and 0700) if there is none, and brings it to the newest
 * schema. A file that is refused stays as it is; only a transaction that was cut off in it is undone.
 *
 * @param path absolute
 * @throws {StorageError} `storage_failed` for a damaged file, a newer schema, or a database of another
 * program; `permission_denied`, `disk_full`, `lock_timeout`
 */
export async function openDatabase(
  path: string,
  host: DatabaseHost,
  options: OpenDatabaseOptions = {},
): Promise<StateDatabase> {
  const { schema = SCHEMA, timeoutMs = WRITE_TIMEOUT_MS, wasUsed = false } = options;
  const { clock } = host;
  try {
    await createIfAbsent(path, host);
    const version = await refuseUnlessOurs(path, schema, { clock, timeoutMs });
    if (version === 0 && wasUsed) throw emptiedFile(path);
    const connection = await Connection.open(path, { busyTimeoutMs: BUSY_TIMEOUT_MS });
    try {
      // The first time this needs the file to itself; the mode stays with the file.
      await retryBusy(() => connection.get("PRAGMA journal_mode = WAL"), timeoutMs, clock);
      connection.run("PRAGMA synchronous = FULL");
      await migrate(connection, path, { schema, timeoutMs, busyTimeoutMs: BUSY_TIMEOUT_MS }, host);
    } catch (error) {
      connection.close();
      throw error;
    }
    return new StateDatabase({ connection, path, clock, schema });
  } catch (error) {
    throw asStorageError(error, path);
  }
}

/** Makes an empty file, which is a database without tables. */
export async function createIfAbsent(path: string, { files }: Pick<Host, "files">): Promise<void> {
  try {
    const info = await files.info(path);
    if (info?.kind === "directory") throw new AppError("permission_denied", `${path} is a directory`);
    if (info !== null) return;
    const directory = dirname(path);
    await files.ensureDir(directory, { mode: 0o700 });
    await files.create(path, "", { mode: 0o600 });
    await files.syncDir(directory);
  } catch (error) {
    // Another process was faster.
    if (!isAppError(error, "file_exists")) throw asStorageError(error, path);
  }
}

/**
 * The schema version of a file, 0 for an empty one; refuses a newer one and other programs' files. It looks
 * without a right to write: closing a writer would already change the file of a newer carrel.
 */
export async function refuseUnlessOurs(
  path: string,
  { migrations, tables }: Schema,
  { clock, timeoutMs }: Pick<Host, "clock"> & { readonly timeoutMs: number },
): Promise<number> {
  const wanted = { known: migrations.length, ours: tables, busyTimeoutMs: BUSY_TIMEOUT_MS };
  const { connection, version } = await openToLook(path, { ...wanted, timeoutMs, clock });
  connection.close();
  return version;
}

const STORAGE_CODES = ["permission_denied", "disk_full"] as const;

/** Translates a failure of SQLite or of the file system; the latter keeps its code where the store has it too. */
export function asStorageError(thrown: unknown, path: string): unknown {
  const error = fromSqliteError(thrown, path);
  if (!(error instanceof AppError) || error instanceof StorageError) return error;
  const { message, hint, details } = error;
  const code = STORAGE_CODES.find((known) => known === error.code) ?? "storage_failed";
  return new StorageError(message, { code, cause: error, details, ...hint === null ? {} : { hint } });
}
