import { assert, assertEquals, assertRejects } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";
import { checkStateFile } from "../../../core/state/sqlite/check_state_file.ts";
import { SCHEMA } from "../../../core/state/sqlite/schema.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import { newScratch, type Scratch, writeDatabase } from "./scratch.ts";

const KNOWN = SCHEMA.migrations.length;
const PAGE_SIZE = 4096;

async function fill({ path, host }: Scratch): Promise<void> {
  await using stores = await sqliteStorage(path, host);
  for (let flow = 0; flow < 100; flow++) {
    await stores.context.setSession(`flow-${flow}`, JSON.stringify("x".repeat(2000)));
  }
}

/** The report, and proof that the file stays as it is. */
async function check({ path, host }: Scratch) {
  const before = Deno.readFileSync(path);
  const report = await checkStateFile(path, host);
  assertEquals(Deno.readFileSync(path), before);
  return report;
}

Deno.test("checkStateFile() finds nothing wrong with a sound file, in use or not", async () => {
  await using scratch = newScratch();
  await fill(scratch);
  const sound = { schema_version: KNOWN, known_version: KNOWN, problems: [] };
  assertEquals(await check(scratch), sound);
  await using stores = await sqliteStorage(scratch.path, scratch.host);
  await stores.context.setSession("flow", "1");
  assertEquals(await check(scratch), sound);
});

Deno.test("checkStateFile() checks a file that a newer program has written", async () => {
  await using scratch = newScratch();
  await fill(scratch);
  writeDatabase(scratch, "PRAGMA user_version = 1000");
  assertEquals(await check(scratch), { schema_version: 1000, known_version: KNOWN, problems: [] });
});

Deno.test("checkStateFile() names damaged pages, a lost end, and what is no database", async () => {
  await using scratch = newScratch();
  await fill(scratch);
  const bytes = Deno.readFileSync(scratch.path);
  const spoilt = bytes.slice();
  for (let at = 40 * PAGE_SIZE; at < spoilt.length; at += PAGE_SIZE) spoilt.fill(0xa5, at, at + PAGE_SIZE);
  Deno.writeFileSync(scratch.path, spoilt);
  const { schema_version: readable, problems: pages } = await check(scratch);
  assertEquals(readable, KNOWN);
  assert(pages.length > 0);
  Deno.writeFileSync(scratch.path, bytes.slice(0, 30 * PAGE_SIZE));
  assert((await check(scratch)).problems.length > 0);
  Deno.writeTextFileSync(scratch.path, "to whom it may concern\n".repeat(300));
  const { schema_version, problems } = await check(scratch);
  assertEquals([schema_version, problems.length], [null, 1]);
});

Deno.test("checkStateFile() refuses a database of another program", async () => {
  await using scratch = newScratch();
  writeDatabase(scratch, "PRAGMA application_id = 7", "CREATE TABLE t (x)");
  const error = await assertRejects(() => checkStateFile(scratch.path, scratch.host), StorageError);
  assertEquals([error.exit, error.details.reason], [10, "foreign"]);
});
