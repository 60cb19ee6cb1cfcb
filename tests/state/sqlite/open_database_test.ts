import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";
import { checkIntegrity } from "../../../core/state/sqlite/integrity.ts";
import { openDatabase } from "../../../core/state/sqlite/open_database.ts";
import { APPLICATION_ID } from "../../../core/state/sqlite/schema_version.ts";
import { SqliteContextStorage } from "../../../core/state/sqlite/sqlite_context_storage.ts";
import { newScratch, type Scratch, valueOf, writeDatabase } from "./scratch.ts";

function modeOf(path: string): string {
  return ((Deno.statSync(path).mode ?? 0) & 0o7777).toString(8);
}

async function refusal({ path, host }: Scratch): Promise<StorageError> {
  const before = Deno.readFileSync(path);
  const error = await assertRejects(() => openDatabase(path, host, { timeoutMs: 50 }), StorageError);
  assertEquals(Deno.readFileSync(path), before, "the file is untouched");
  return error;
}

Deno.test("openDatabase() makes file and directory for this user alone", async () => {
  await using scratch = newScratch();
  const path = `${scratch.dir}/deep/er/state.db`;
  const database = await openDatabase(path, scratch.host);
  const files = [path, `${path}-wal`, `${path}-shm`];
  assertEquals(files.map(modeOf), ["600", "600", "600"]);
  assertEquals([`${scratch.dir}/deep`, `${scratch.dir}/deep/er`].map(modeOf), ["700", "700"]);
  await database.close();
});

Deno.test("openDatabase() keeps a write-ahead log and flushes every commit", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  const read = (pragma: string) =>
    database.read((connection) => Object.values(connection.get(`PRAGMA ${pragma}`) ?? {})[0]);
  assertEquals(await read("journal_mode"), "wal");
  assertEquals(await read("synchronous"), 2);
  assertEquals(await read("application_id"), APPLICATION_ID);
  await database.close();
});

Deno.test("openDatabase() makes STRICT tables only", async () => {
  await using scratch = newScratch();
  await (await openDatabase(scratch.path, scratch.host)).close();
  const lax = `SELECT count(*) FROM pragma_table_list
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT strict`;
  assertEquals(valueOf(scratch, lax), 0);
});

Deno.test("openDatabase() lets many open a new file at the same time", async () => {
  await using scratch = newScratch();
  const databases = await Promise.all(
    Array.from({ length: 8 }, () => openDatabase(scratch.path, scratch.host)),
  );
  const stores = databases.map((database) => new SqliteContextStorage(database));
  await Promise.all(stores.map((store, index) => store.mergeSession("flow", `{"k${index}": ${index}}`)));
  const session: Record<string, number> = JSON.parse(await stores[0]?.getSession("flow") ?? "{}");
  assertEquals(Object.keys(session).length, 8);
  await Promise.all(databases.map((database) => database.close()));
});

Deno.test("openDatabase() works in a file with tables of somebody else's", async () => {
  await using scratch = newScratch();
  writeDatabase(scratch, "CREATE TABLE orders (item TEXT)", "INSERT INTO orders VALUES ('tea')");
  await (await openDatabase(scratch.path, scratch.host)).close();
  assertEquals(valueOf(scratch, "SELECT item FROM orders"), "tea");
});

Deno.test("openDatabase() refuses a newer schema and leaves the file as it is", async () => {
  await using scratch = newScratch();
  writeDatabase(scratch, `PRAGMA application_id = ${APPLICATION_ID}`, "PRAGMA user_version = 1000");
  const error = await refusal(scratch);
  assertEquals([error.code, error.exit, error.details.reason], ["storage_failed", 10, "newer_schema"]);
  assertStringIncludes(error.message, "has schema 1000, newer than");
  assertEquals(scratch.names(), ["state.db"]);
});

Deno.test("openDatabase() refuses a newer schema that is only in the write-ahead log", async () => {
  await using scratch = newScratch();
  await (await openDatabase(scratch.path, scratch.host)).close();
  const newer = scratch.openRaw();
  newer.exec("PRAGMA user_version = 1000");
  assertEquals((await refusal(scratch)).details.reason, "newer_schema");
  newer.close();
});

const FOREIGN = {
  "another program's": ["PRAGMA application_id = 7", "CREATE TABLE t (x)"],
  "a versioned one": ["PRAGMA user_version = 3"],
  "the reference's": ["CREATE TABLE agent_registry (agent_id TEXT PRIMARY KEY)"],
  "one with a table of our name": ["CREATE TABLE flows (x)"],
};
for (const [whose, statements] of Object.entries(FOREIGN)) {
  Deno.test(`openDatabase() refuses a foreign database: ${whose}`, async () => {
    await using scratch = newScratch();
    writeDatabase(scratch, ...statements);
    const error = await refusal(scratch);
    assertEquals([error.code, error.details.reason], ["storage_failed", "foreign"]);
    assertStringIncludes(error.hint ?? "", "state import");
  });
}

Deno.test("openDatabase() refuses what is no database, and names the cause (B05)", async () => {
  await using scratch = newScratch();
  Deno.writeTextFileSync(scratch.path, "to whom it may concern\n".repeat(300));
  const error = await refusal(scratch);
  assertEquals([error.code, error.details.reason], ["storage_failed", "damaged"]);
  assertEquals(error.message, `cannot use the state store ${scratch.path}: the file is damaged`);
  assertInstanceOf(error.cause, Error);
});

Deno.test("openDatabase() refuses a directory", async () => {
  await using scratch = newScratch();
  const error = await assertRejects(() => openDatabase(scratch.dir, scratch.host), StorageError);
  assertEquals([error.code, error.message], ["permission_denied", `${scratch.dir} is a directory`]);
});

Deno.test("openDatabase() tells where a directory cannot be made", async () => {
  await using scratch = newScratch();
  Deno.writeTextFileSync(`${scratch.dir}/file`, "");
  const path = `${scratch.dir}/file/state.db`;
  const error = await assertRejects(() => openDatabase(path, scratch.host), StorageError);
  assertEquals(error.code, "permission_denied");
});

Deno.test("openDatabase() waits for a writer until the deadline, then reports lock_timeout", async () => {
  await using scratch = newScratch();
  const raw = scratch.openRaw();
  raw.exec("CREATE TABLE other (x)");
  raw.exec("BEGIN EXCLUSIVE");
  const error = await refusal(scratch);
  assertEquals([error.code, error.exit, error.retryable], ["lock_timeout", 6, true]);
  raw.exec("ROLLBACK");
  raw.close();
  await (await openDatabase(scratch.path, scratch.host)).close();
});

Deno.test("checkIntegrity() finds nothing in a sound file", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  assertEquals(await checkIntegrity(database), []);
  await database.close();
});

Deno.test("checkIntegrity() finds damaged pages", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  const store = new SqliteContextStorage(database);
  for (let i = 0; i < 100; i++) await store.setSession(`flow-${i}`, JSON.stringify("x".repeat(2000)));
  await database.close();
  const bytes = Deno.readFileSync(scratch.path);
  const page = 4096;
  for (let at = 40 * page; at < bytes.length; at += page) bytes.fill(0xa5, at, at + page);
  Deno.writeFileSync(scratch.path, bytes);

  const damaged = await openDatabase(scratch.path, scratch.host);
  assertEquals((await checkIntegrity(damaged)).length > 0, true);
  const error = await assertRejects(async () => {
    for (let i = 0; i < 100; i++) await new SqliteContextStorage(damaged).getSession(`flow-${i}`);
  }, StorageError);
  assertEquals([error.code, error.details.reason], ["storage_failed", "damaged"]);
  await damaged.close();
});

Deno.test("checkIntegrity() survives a file that lost its end", async () => {
  await using scratch = newScratch();
  await (await openDatabase(scratch.path, scratch.host)).close();
  const database = await openDatabase(scratch.path, scratch.host);
  Deno.truncateSync(scratch.path, 2 * 4096);
  assertEquals((await checkIntegrity(database)).length > 0, true);
  await database.close();
});
