import { assertEquals, assertRejects } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";
import { checkStateFile } from "../../../core/state/sqlite/check_state_file.ts";
import { openDatabase } from "../../../core/state/sqlite/open_database.ts";
import { APPLICATION_ID } from "../../../core/state/sqlite/schema_version.ts";
import { sqliteStorageToRead } from "../../../core/state/sqlite/sqlite_storage_to_read.ts";
import { newScratch, type Scratch, valueOf, writeDatabase } from "./scratch.ts";

const [SECTOR_SIZE, PAGE_SIZE] = [512, 4096];
const JOURNAL_MAGIC = "d9d505f920a163d7";

/** What is there when the first process is killed between writing the first page and removing its journal. */
function leaveHalfMade(scratch: Scratch): void {
  writeDatabase(scratch, "PRAGMA journal_mode = WAL");
  const header = new Uint8Array(SECTOR_SIZE);
  header.set(Uint8Array.fromHex(JOURNAL_MAGIC));
  // Without a page in it, of a database that had none.
  const view = new DataView(header.buffer);
  view.setUint32(20, SECTOR_SIZE);
  view.setUint32(24, PAGE_SIZE);
  Deno.writeFileSync(`${scratch.path}-journal`, header);
}

/** What is there when a process is killed within a transaction that has begun to write its pages. */
function cutOff({ path, openRaw }: Scratch, ...statements: readonly string[]): void {
  const raw = openRaw();
  for (const statement of statements) raw.exec(statement);
  // So few pages fit into memory that the rest is written before the end.
  raw.exec("PRAGMA cache_size = 1");
  raw.exec("BEGIN");
  raw.exec("CREATE TABLE filler (text)");
  for (let row = 0; row < 100; row++) raw.exec(`INSERT INTO filler VALUES ('${"x".repeat(PAGE_SIZE)}')`);
  const parts = ["", "-journal"].map((part) => [part, Deno.readFileSync(`${path}${part}`)] as const);
  raw.exec("ROLLBACK");
  raw.close();
  for (const [part, bytes] of parts) Deno.writeFileSync(`${path}${part}`, bytes);
}

Deno.test("openDatabase() goes on where a process was killed that made the file", async () => {
  await using scratch = newScratch();
  leaveHalfMade(scratch);
  await (await openDatabase(scratch.path, scratch.host)).close();
  assertEquals(scratch.names(), ["state.db"]);
  assertEquals(valueOf(scratch, "PRAGMA application_id"), APPLICATION_ID);
});

Deno.test("who looks at a file that is half made finds nothing in it, and no error", async () => {
  await using scratch = newScratch();
  leaveHalfMade(scratch);
  assertEquals(await sqliteStorageToRead(scratch.path, scratch.host), null);
  leaveHalfMade(scratch);
  assertEquals((await checkStateFile(scratch.path, scratch.host)).problems, []);
});

Deno.test("openDatabase() undoes a transaction that was cut off, and keeps what was there before", async () => {
  await using scratch = newScratch();
  cutOff(scratch, "CREATE TABLE orders (item TEXT)", "INSERT INTO orders VALUES ('tea')");
  await (await openDatabase(scratch.path, scratch.host)).close();
  assertEquals(valueOf(scratch, "SELECT item FROM orders"), "tea");
  assertEquals(valueOf(scratch, "SELECT count(*) FROM sqlite_schema WHERE name = 'filler'"), 0);
});

Deno.test("openDatabase() refuses a foreign database whose transaction was cut off, as it was before that", async () => {
  await using scratch = newScratch();
  cutOff(scratch, "PRAGMA application_id = 7", "CREATE TABLE t (x)");
  const error = await assertRejects(() => openDatabase(scratch.path, scratch.host), StorageError);
  assertEquals(error.details.reason, "foreign");
  assertEquals(valueOf(scratch, "SELECT group_concat(name) FROM sqlite_schema"), "t");
});
