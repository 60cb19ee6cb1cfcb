/**
 * The same test on every backend: nine stores, a clock that tests move, seeded randomness.
 *
 * @module
 */
import { join } from "@std/path";
import { type MemoryClock, newMemoryClock } from "../../../core/host/memory_clock.ts";
import { newMemoryHost } from "../../../core/host/memory_host.ts";
import type { Random } from "../../../core/port/host.ts";
import { memoryStorage } from "../../../core/state/memory_storage.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import type { StorageBundle } from "../../../core/state/storage_bundle.ts";

/** What a test gets. */
export interface Scene {
  readonly stores: StorageBundle;
  readonly clock: MemoryClock;
  readonly random: Random;
}

/** Declares one test for each backend. */
export function testOnBackends(name: string, body: (scene: Scene) => Promise<void>): void {
  const random = () => newMemoryHost().random;
  Deno.test(`${name} [memory]`, async () => {
    const clock = newMemoryClock();
    await body({ stores: memoryStorage({ clock }), clock, random: random() });
  });
  Deno.test(`${name} [sqlite]`, () =>
    withDbPath(async (dbPath) => {
      const clock = newMemoryClock();
      await using stores = await sqliteStorage(dbPath, { clock });
      await body({ stores, clock, random: random() });
    }));
}

/** Calls the body with the path of a file that does not exist yet. */
export async function withDbPath(body: (dbPath: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await body(join(directory, "state.db"));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** So many calls at once, with the numbers from 0. */
export function atOnce<Result>(count: number, call: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}
