/**
 * The backends that are measured.
 *
 * @module
 */
import { join } from "@std/path";
import { memoryStorage, sqliteStorage, type StorageBundle } from "../../core/state/mod.ts";
import { StateDatabase } from "../../core/state/sqlite/state_database.ts";

/** Their names. */
export const BACKENDS = ["full", "normal", "memory"] as const;
/** One of {@linkcode BACKENDS}. */
export type Backend = typeof BACKENDS[number];

/** Opens one, with a file of its own in the directory. */
export async function openBackend(backend: Backend, directory: string): Promise<StorageBundle> {
  if (backend === "memory") return memoryStorage();
  const stores = await sqliteStorage(join(directory, `${backend}.db`));
  const { unit } = stores.context;
  if (backend === "normal" && unit instanceof StateDatabase) {
    await unit.read((connection) => connection.run("PRAGMA synchronous = NORMAL"));
  }
  return stores;
}
