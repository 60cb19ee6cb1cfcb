/**
 * Bringing a database to the newest schema.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Host } from "../../port/host.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { retryBusy } from "./retry_busy.ts";
import { APPLICATION_ID, readSchemaVersion } from "./schema_version.ts";

/** What a schema is made of: the statements of step `i` lead from version `i` to version `i + 1`. */
export interface Schema {
  /** The steps; never changed once released, only added to. */
  readonly migrations: readonly (readonly string[])[];
  /** Names of the tables after the last step. */
  readonly tables: readonly string[];
}

/** What a migration works with. */
export interface MigrateOptions extends ConnectionOptions {
  /** The schema to reach. */
  readonly schema: Schema;
  /** How long to wait for other processes that use the file. */
  readonly timeoutMs: number;
}

/**
 * Brings the file to the newest schema, in one transaction. A file that holds data of ours is copied
 * first, to `<file>.v<version>-<time>.bak` beside it; the copy stays unless the file stayed as it was.
 *
 * @throws {StorageError} as {@linkcode readSchemaVersion}; and what SQLite throws
 */
export async function migrate(
  connection: Connection,
  path: string,
  options: MigrateOptions,
  host: Pick<Host, "clock" | "files">,
): Promise<void> {
  const known = options.schema.migrations.length;
  const readVersion = () => readSchemaVersion(connection, path, { known, ours: options.schema.tables });
  for (;;) {
    const version = await retryBusy(readVersion, options.timeoutMs, host.clock);
    if (version === known) return;
    if (version === 0) await migrateFrom(version, null);
    else await withBackup(version);
  }

  async function withBackup(version: number): Promise<void> {
    const backupPath = `${path}.v${version}-${host.clock.nowMicros()}.bak`;
    // SQLite writes into an empty file that is there, and so keeps its mode.
    await host.files.create(backupPath, "", { mode: 0o600 });
    let done = false;
    try {
      await host.files.syncDir(dirname(path));
      const source = await Connection.open(path, { readOnly: true, busyTimeoutMs: options.busyTimeoutMs });
      try {
        done = await migrateFrom(version, () => source.run("VACUUM INTO ?", backupPath));
      } finally {
        source.close();
      }
    } finally {
      if (!done) await host.files.removeFile(backupPath);
    }
  }

  /** False when another process was faster. */
  function migrateFrom(version: number, backUp: (() => void) | null): Promise<boolean> {
    const step = () => {
      if (readVersion() !== version) return false;
      backUp?.();
      for (const statement of options.schema.migrations.slice(version).flat()) connection.run(statement);
      connection.run(`PRAGMA application_id = ${APPLICATION_ID}`);
      connection.run(`PRAGMA user_version = ${known}`);
      return true;
    };
    return retryBusy(() => connection.transaction(step), options.timeoutMs, host.clock);
  }
}
