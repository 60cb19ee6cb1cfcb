/**
 * Opening a file without a right to write.
 *
 * @module
 */
import type { Host } from "../../port/host.ts";
import { Connection } from "./connection.ts";
import { retryBusy } from "./retry_busy.ts";
import { readSchemaVersion } from "./schema_version.ts";
import { isCutOff } from "./sqlite_failure.ts";

/** What the file may be, and how long to wait for others that use it. */
export interface LookOptions {
  /** The newest schema that this program can work with. */
  readonly known: number;
  /** Names of the tables of the newest schema. */
  readonly ours: readonly string[];
  /** How long one statement may block this process. */
  readonly busyTimeoutMs: number;
  readonly timeoutMs: number;
  readonly clock: Host["clock"];
}

/** A file that is open to be read. */
export interface OpenedToLook {
  readonly connection: Connection;
  /** 0 when there is none of ours in it yet. */
  readonly version: number;
}

/**
 * Opens a file that is there, and reads its schema version. It stays as it is, with one exception: who was killed
 * while he made the file has left it half written beside a rollback journal. Nobody can read it before that is
 * undone, and a reader may not; so that is done first.
 *
 * @throws {StorageError} as `readSchemaVersion`; and what SQLite throws
 */
export async function openToLook(path: string, options: LookOptions): Promise<OpenedToLook> {
  try {
    return await look(path, options);
  } catch (error) {
    if (!isCutOff(error)) throw error;
    await undoCutOff(path, options);
    return await look(path, options);
  }
}

async function look(path: string, options: LookOptions): Promise<OpenedToLook> {
  const { busyTimeoutMs, timeoutMs, clock } = options;
  const connection = await Connection.open(path, { readOnly: true, busyTimeoutMs });
  try {
    const version = await retryBusy(() => readSchemaVersion(connection, path, options), timeoutMs, clock);
    return { connection, version };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** SQLite does so by itself when whoever may write looks at anything. */
async function undoCutOff(path: string, { busyTimeoutMs, timeoutMs, clock }: LookOptions): Promise<void> {
  const connection = await Connection.open(path, { busyTimeoutMs });
  try {
    await retryBusy(() => connection.get("PRAGMA user_version"), timeoutMs, clock);
  } finally {
    connection.close();
  }
}
