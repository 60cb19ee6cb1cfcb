import { assertEquals } from "@std/assert";
import { memoryStorage } from "../../../core/state/memory_storage.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import type { StorageBundle } from "../../../core/state/storage_bundle.ts";
import { allOperations, prepareCalls } from "../../../scripts/bench/measure_round.ts";
import { hasCounterpart } from "../../../scripts/bench/operation.ts";
import { REFERENCE_SCRIPT } from "../../../scripts/bench/reference_process.ts";
import { withDbPath } from "../../state/managers/scene.ts";

const KEYS = [0, 1, 2];

/** Two rounds, so that each finds what the one before has left. */
async function runAll(stores: StorageBundle): Promise<void> {
  for (const operation of [...allOperations(stores), ...allOperations(stores)]) {
    await prepareCalls(operation, KEYS.length);
    for (const key of KEYS) await operation.run(key);
  }
}

Deno.test("allOperations() can be made round after round in memory", () => runAll(memoryStorage()));

Deno.test("allOperations() can be made round after round in SQLite", () =>
  withDbPath(async (dbPath) => {
    await using stores = await sqliteStorage(dbPath);
    await runAll(stores);
  }));

Deno.test("allOperations() has every method of the nine stores", () => {
  const stores = memoryStorage();
  const measured = new Set(allOperations(stores).map(({ name }) => name));
  const methods = Object.entries(stores).flatMap(([slot, store]) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(store)).map((method) => `${slot}.${method}`)
  );
  const missing = methods.filter((name) => !measured.has(name) && !/\.(constructor|initSchema)$/.test(name));
  assertEquals(missing, []);
});

Deno.test("allOperations() stands against calls that the reference's script knows", () => {
  const script = Deno.readTextFileSync(REFERENCE_SCRIPT);
  const known = new Set(Array.from(script.matchAll(/^ {4}"(\w+\.\w+)": /gm), ([, name]) => name));
  const operations = allOperations(memoryStorage());
  assertEquals(operations.flatMap(({ reference }) => reference).filter((name) => !known.has(name)), []);
  assertEquals(
    operations.filter(hasCounterpart).map(({ name }) => name).toSorted(),
    [...known].toSorted(),
  );
});
