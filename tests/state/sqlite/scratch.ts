/**
 * A directory with a database in it, for one test.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { newDenoHost } from "../../../core/host/deno_host.ts";
import { type MemoryClock, newMemoryClock } from "../../../core/host/memory_clock.ts";
import type { Files } from "../../../core/port/host.ts";

/** Real files, virtual time: waiting for a lock takes no longer than the tries themselves. */
export interface Scratch extends AsyncDisposable {
  readonly dir: string;
  /** Of the database; nothing is there at first. */
  readonly path: string;
  readonly host: { readonly clock: MemoryClock; readonly files: Files };
  /** Opens the database as another program would. */
  openRaw(): DatabaseSync;
  /** Names in the directory, without those that SQLite keeps beside an open database. */
  names(): string[];
}

/** A new directory; `dir` where it must be a certain one. */
export function newScratch(dir: string = Deno.makeTempDirSync({ prefix: "carrel-sqlite-" })): Scratch {
  const path = `${dir}/state.db`;
  return {
    dir,
    path,
    host: { clock: newMemoryClock(), files: newDenoHost().files },
    openRaw: () => new DatabaseSync(path, { timeout: 5 }),
    names: () =>
      Array.from(Deno.readDirSync(dir), ({ name }) => name).filter((name) => !/-(wal|shm)$/.test(name))
        .sort(),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

/** Writes a database with these statements. */
export function writeDatabase(scratch: Scratch, ...statements: readonly string[]): void {
  const raw = scratch.openRaw();
  for (const statement of statements) raw.exec(statement);
  raw.close();
}

/** The result of a query that gives one value. */
export function valueOf(scratch: Scratch, query: string): unknown {
  const raw = scratch.openRaw();
  const row = raw.prepare(query).get() ?? {};
  raw.close();
  return Object.values(row)[0];
}
