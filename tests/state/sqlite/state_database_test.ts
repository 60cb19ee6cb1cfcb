import { assertEquals, assertRejects } from "@std/assert";
import { InvariantError } from "../../../core/invariant.ts";
import { ResourceContentionError, StorageError } from "../../../core/state/errors.ts";
import { openDatabase } from "../../../core/state/sqlite/open_database.ts";
import { newScratch, type Scratch } from "./scratch.ts";

const ADD = "INSERT INTO rejections (dfid, count, updated_at) VALUES (?, 0, 0)";

async function countRows({ path, host }: Scratch): Promise<unknown> {
  const database = await openDatabase(path, host);
  const row = await database.read((connection) => connection.get("SELECT count(*) AS n FROM rejections"));
  await database.close();
  return row?.n;
}

Deno.test("write() commits everything or nothing", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  await assertRejects(
    () =>
      database.write((connection) => {
        connection.run(ADD, "a");
        throw new RangeError("stop");
      }),
    RangeError,
    "stop",
  );
  await database.write((connection) => connection.run(ADD, "b"));
  await database.close();
  assertEquals(await countRows(scratch), 1);
});

Deno.test("write() refuses an action that is not synchronous", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  await assertRejects(
    () => database.write((connection) => Promise.resolve(connection.run(ADD, "a"))),
    InvariantError,
  );
  await database.close();
  assertEquals(await countRows(scratch), 0);
});

Deno.test("write() with timeout 0 is exactly one try", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  const raw = scratch.openRaw();
  raw.exec("BEGIN IMMEDIATE");
  const before = scratch.host.clock.monotonicMs();
  const error = await assertRejects(() => database.write(() => {}, 0), ResourceContentionError);
  assertEquals(scratch.host.clock.monotonicMs(), before, "nothing was waited for between tries");
  assertEquals([error.code, error.details.reason], ["lock_timeout", "locked"]);
  raw.exec("ROLLBACK");
  await database.write(() => {}, 0);
  raw.close();
  await database.close();
});

Deno.test("write() is done as soon as the other writer has finished", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  const raw = scratch.openRaw();
  raw.exec("BEGIN IMMEDIATE");
  const sleep = scratch.host.clock.sleep;
  scratch.host.clock.sleep = (ms, signal) => {
    if (raw.isTransaction) raw.exec("COMMIT");
    return sleep(ms, signal);
  };
  assertEquals(await database.write((connection) => connection.run(ADD, "a")), 1);
  raw.close();
  await database.close();
});

Deno.test("read() does not wait for a writer, and sees what is committed", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  const raw = scratch.openRaw();
  raw.exec("BEGIN IMMEDIATE; INSERT INTO rejections VALUES ('a', 0, 0)");
  const count = () =>
    database.read((connection) => connection.get<{ n: number }>("SELECT count(*) AS n FROM rejections")?.n);
  assertEquals(await count(), 0);
  raw.exec("COMMIT");
  assertEquals(await count(), 1);
  raw.close();
  await database.close();
});

Deno.test("snapshot() sees one moment", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  const raw = scratch.openRaw();
  const counts = await database.snapshot((connection) => {
    const count = () => connection.get<{ n: number }>("SELECT count(*) AS n FROM rejections")?.n;
    const first = count();
    raw.exec("INSERT INTO rejections VALUES ('a', 0, 0)");
    return [first, count()];
  });
  assertEquals(counts, [0, 0]);
  raw.close();
  await database.close();
});

Deno.test("write() notices that a newer program has migrated the file", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  const raw = scratch.openRaw();
  raw.exec("PRAGMA user_version = 1000");
  const error = await assertRejects(
    () => database.write((connection) => connection.run(ADD, "a")),
    StorageError,
  );
  assertEquals(error.details.reason, "newer_schema");
  assertEquals(raw.prepare("SELECT count(*) AS n FROM rejections").get()?.n, 0);
  raw.close();
  await database.close();
});

Deno.test("a closed database says so, and closes again without harm", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  await database.close();
  await database.close();
  for (const use of [database.read, database.write, database.snapshot]) {
    const select = () => use.call(database, (connection) => connection.get("SELECT 1"));
    const error = await assertRejects(select, StorageError);
    assertEquals([error.code, error.details.reason], ["storage_failed", "closed"]);
  }
  assertEquals(scratch.names(), ["state.db"]);
});

Deno.test("a statement that does not fit the tables is a StorageError with its cause (B05)", async () => {
  await using scratch = newScratch();
  const database = await openDatabase(scratch.path, scratch.host);
  const wrong = {
    "storage_failed": "SELECT * FROM nowhere",
    "invalid_value": "INSERT INTO rejections (dfid, count, updated_at) VALUES ('a', 'many', 0)",
  };
  for (const [code, sql] of Object.entries(wrong)) {
    const error = await assertRejects(
      () => database.write((connection) => connection.run(sql)),
      StorageError,
    );
    assertEquals([error.code, error.cause instanceof Error], [code, true]);
  }
  await database.close();
});

for (const text of ["a\0b", "a\ud800"]) {
  Deno.test(`a text that SQLite could not give back is refused: ${JSON.stringify(text)}`, async () => {
    await using scratch = newScratch();
    const database = await openDatabase(scratch.path, scratch.host);
    const error = await assertRejects(
      () => database.write((connection) => connection.run(ADD, text)),
      StorageError,
    );
    assertEquals(error.code, "invalid_value");
    await database.close();
  });
}
