import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";
import type { Schema } from "../../../core/state/sqlite/migrate.ts";
import { openDatabase } from "../../../core/state/sqlite/open_database.ts";
import { SCHEMA } from "../../../core/state/sqlite/schema.ts";
import { newScratch, type Scratch, valueOf } from "./scratch.ts";

const ONE: Schema = {
  migrations: [["CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"]],
  tables: ["notes"],
};
const TWO: Schema = {
  migrations: [...ONE.migrations, [
    "ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'",
    "CREATE INDEX notes_by_author ON notes (author)",
  ]],
  tables: ["notes"],
};
const BROKEN: Schema = {
  migrations: [...ONE.migrations, ["ALTER TABLE notes ADD COLUMN extra TEXT", "CREATE TABLE notes (x)"]],
  tables: ["notes"],
};

async function writeVersionOne({ path, host }: Scratch): Promise<void> {
  const database = await openDatabase(path, host, { schema: ONE });
  await database.write((connection) => connection.run("INSERT INTO notes (text) VALUES ('kept')"));
  await database.close();
}

function backups(scratch: Scratch): string[] {
  return scratch.names().filter((name) => name.endsWith(".bak"));
}

Deno.test("migrate() keeps the data and leaves a copy of what was", async () => {
  await using scratch = newScratch();
  await writeVersionOne(scratch);
  await (await openDatabase(scratch.path, scratch.host, { schema: TWO })).close();
  assertEquals(valueOf(scratch, "SELECT text || ' by ' || author FROM notes"), "kept by nobody");
  assertEquals(valueOf(scratch, "PRAGMA user_version"), 2);

  const [backup = ""] = backups(scratch);
  assertMatch(backup, /^state\.db\.v1-\d+\.bak$/);
  const path = `${scratch.dir}/${backup}`;
  assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
  const old = await openDatabase(path, scratch.host, { schema: ONE });
  assertEquals(await old.read((connection) => connection.get("SELECT text FROM notes")?.text), "kept");
  await old.close();
});

Deno.test("migrate() makes no copy of a new file, nor when there is nothing to do", async () => {
  await using scratch = newScratch();
  await (await openDatabase(scratch.path, scratch.host, { schema: TWO })).close();
  await (await openDatabase(scratch.path, scratch.host, { schema: TWO })).close();
  assertEquals(scratch.names(), ["state.db"]);
});

Deno.test("migrate() that fails leaves the old schema, its data and no copy", async () => {
  await using scratch = newScratch();
  await writeVersionOne(scratch);
  await assertRejects(() => openDatabase(scratch.path, scratch.host, { schema: BROKEN }), StorageError);
  assertEquals(scratch.names(), ["state.db"]);
  const columns = "SELECT group_concat(name) FROM pragma_table_info('notes')";
  assertEquals([valueOf(scratch, columns), valueOf(scratch, "PRAGMA user_version")], ["id,text", 1]);
  const database = await openDatabase(scratch.path, scratch.host, { schema: TWO });
  await database.close();
});

Deno.test("migrate() is done once by several at the same time", async () => {
  await using scratch = newScratch();
  await writeVersionOne(scratch);
  const databases = await Promise.all(
    Array.from({ length: 6 }, () => openDatabase(scratch.path, scratch.host, { schema: TWO })),
  );
  await Promise.all(databases.map((database) => database.close()));
  assertEquals(backups(scratch).length, 1);
  assertEquals(valueOf(scratch, "SELECT author FROM notes"), "nobody");
});

Deno.test("a program that is older than the migration is refused afterwards", async () => {
  await using scratch = newScratch();
  await (await openDatabase(scratch.path, scratch.host, { schema: TWO })).close();
  const older = () => openDatabase(scratch.path, scratch.host, { schema: ONE });
  assertEquals((await assertRejects(older, StorageError)).details.reason, "newer_schema");
});

Deno.test("SCHEMA names the tables that it makes", async () => {
  await using scratch = newScratch();
  await (await openDatabase(scratch.path, scratch.host)).close();
  const made = `SELECT group_concat(name ORDER BY name) FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`;
  assertEquals(valueOf(scratch, made), [...SCHEMA.tables].sort().join(","));
});
