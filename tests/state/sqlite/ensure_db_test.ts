import { assertEquals, assertRejects } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";
import { ensureDb } from "../../../core/state/sqlite/ensure_db.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import { newScratch, valueOf } from "./scratch.ts";

Deno.test("ensureDb() makes an empty file with its directories (B02)", async () => {
  await using scratch = newScratch();
  const path = `${scratch.dir}/a/b/app.db`;
  assertEquals(await ensureDb(path), path);
  assertEquals(Deno.statSync(path).size, 0);
  assertEquals(await ensureDb(`${scratch.dir}/a/../a/b/app.db`), path, "the path is absolute and plain");
});

Deno.test("ensureDb() lets the callback make tables, and leaves them to the stores as they are", async () => {
  await using scratch = newScratch();
  await ensureDb(scratch.path, (tables) => {
    tables.run("CREATE TABLE orders (item TEXT NOT NULL) STRICT");
    tables.run("INSERT INTO orders VALUES (?)", "tea");
  });
  const stores = await sqliteStorage(scratch.path);
  await stores.close();
  assertEquals(valueOf(scratch, "SELECT item FROM orders"), "tea");
});

Deno.test("ensureDb() undoes what a failing callback did, but keeps the file (B02)", async () => {
  await using scratch = newScratch();
  const failing = () =>
    ensureDb(scratch.path, (tables) => {
      tables.run("CREATE TABLE orders (item TEXT) STRICT");
      throw new RangeError("stop");
    });
  await assertRejects(failing, RangeError, "stop");
  assertEquals(valueOf(scratch, "SELECT count(*) FROM sqlite_schema"), 0);
});

Deno.test("ensureDb() refuses a directory (B02)", async () => {
  await using scratch = newScratch();
  const error = await assertRejects(() => ensureDb(scratch.dir), StorageError);
  assertEquals(error.code, "permission_denied");
});

Deno.test("sqliteStorage() refuses :memory:", async () => {
  const error = await assertRejects(() => sqliteStorage(":memory:"), StorageError);
  assertEquals([error.code, error.hint], ["invalid_value", "use memoryStorage()"]);
});
