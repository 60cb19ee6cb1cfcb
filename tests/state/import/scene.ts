/**
 * A file of the reference and a place to import it to, for one test.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { newDenoHost } from "../../../core/host/deno_host.ts";
import { newMemoryClock } from "../../../core/host/memory_clock.ts";
import { importReference, type ImportReferenceOptions } from "../../../core/state/import/import_reference.ts";
import type { ImportReport } from "../../../core/state/import/import_report.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import type { StorageBundle } from "../../../core/state/storage_bundle.ts";

/** A directory with a file of the reference in it, and a place for ours. */
export interface Scene extends AsyncDisposable {
  readonly dir: string;
  /** The file of the reference; nothing is there at first. */
  readonly file: string;
  /** Ours; nothing is there at first. */
  readonly stateDb: string;
  readonly host: ReturnType<typeof newSceneHost>;
  /** Runs statements on the file of the reference. */
  write(...statements: readonly string[]): void;
  /** Imports it. */
  import(options?: ImportReferenceOptions): Promise<ImportReport>;
  /** Opens our stores. */
  open(): Promise<StorageBundle>;
}

/** When everything happens that has no time of its own. */
export const NOW_MICROS = 1_789_374_093_504_117;

/** Makes a scene, with a file that has these tables and rows. */
export function newScene(...statements: readonly string[]): Scene {
  const dir = Deno.makeTempDirSync({ prefix: "carrel-import-" });
  // What an import leaves behind must not hide among the files of others.
  const temporary = `${dir}/tmp`;
  for (const path of ["reference", "ours", "tmp"]) Deno.mkdirSync(`${dir}/${path}`);
  const host = newSceneHost(temporary);
  const [file, stateDb] = [`${dir}/reference/dir.db`, `${dir}/ours/state.db`];
  const write = (...more: readonly string[]) => writeSql(file, more);
  if (statements.length > 0) write(...statements);
  return {
    dir,
    file,
    stateDb,
    host,
    write,
    import: (options) => importReference(file, stateDb, host, options),
    open: () => sqliteStorage(stateDb, host),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

/** Real files, virtual time, a directory of its own for what is temporary. */
function newSceneHost(temporary: string) {
  const real = newDenoHost();
  return {
    ...real,
    clock: newMemoryClock({ startMicros: NOW_MICROS }),
    env: { ...real.env, get: (name: string) => name === "TMPDIR" ? temporary : real.env.get(name) },
  };
}

/** Runs statements on a database, as another program does. */
export function writeSql(path: string, statements: readonly string[]): void {
  const raw = new DatabaseSync(path);
  for (const statement of statements) raw.exec(statement);
  raw.close();
}

/** Every file below a directory with its bytes. */
export function filesBelow(dir: string): Record<string, string> {
  const entries = Array.from(Deno.readDirSync(dir)).sort((a, b) => a.name < b.name ? -1 : 1);
  return Object.fromEntries(entries.flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory) return Object.entries(filesBelow(path));
    if (entry.isSymlink) return [[path, Deno.readLinkSync(path)]];
    return [[path, Deno.readFileSync(path).toBase64()]];
  }));
}
