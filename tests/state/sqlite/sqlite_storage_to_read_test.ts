import { assert, assertEquals, assertRejects } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";
import { openDatabase } from "../../../core/state/sqlite/open_database.ts";
import { SCHEMA } from "../../../core/state/sqlite/schema.ts";
import { APPLICATION_ID } from "../../../core/state/sqlite/schema_version.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import { sqliteStorageToRead } from "../../../core/state/sqlite/sqlite_storage_to_read.ts";
import { newScratch, valueOf, writeDatabase } from "./scratch.ts";

Deno.test("sqliteStorageToRead() reads what others write meanwhile, and changes nothing", async () => {
  await using scratch = newScratch();
  await using writer = await sqliteStorage(scratch.path, scratch.host);
  await writer.context.setSession("flow", "1");
  const before = Deno.readFileSync(scratch.path);
  await using reader = await sqliteStorageToRead(scratch.path, scratch.host);
  assertEquals(await reader?.context.getSession("flow"), "1");
  await writer.context.setSession("flow", "2");
  assertEquals(await reader?.context.getSession("flow"), "2");
  assertEquals(Deno.readFileSync(scratch.path), before);
});

Deno.test("sqliteStorageToRead() cannot write", async () => {
  await using scratch = newScratch();
  await (await sqliteStorage(scratch.path, scratch.host)).close();
  await using reader = await sqliteStorageToRead(scratch.path, scratch.host);
  assert(reader !== null);
  const error = await assertRejects(() => reader.context.setSession("flow", "1"), StorageError);
  assertEquals([error.code, error.details.reason], ["permission_denied", "read_only"]);
});

Deno.test("sqliteStorageToRead() finds nothing in a file that nothing was written to", async () => {
  await using scratch = newScratch();
  Deno.writeTextFileSync(scratch.path, "");
  assertEquals(await sqliteStorageToRead(scratch.path, scratch.host), null);
  assertEquals(Deno.statSync(scratch.path).size, 0);
});

/** Makes an empty file of that schema. */
async function makeOlder(scratch: ReturnType<typeof newScratch>, version: number): Promise<void> {
  const older = { migrations: SCHEMA.migrations.slice(0, version), tables: SCHEMA.tables };
  await (await openDatabase(scratch.path, scratch.host, { schema: older })).close();
}

Deno.test("sqliteStorageToRead() reads a file of an older schema as it is, whatever is read", async () => {
  for (let version = 2; version < SCHEMA.migrations.length; version++) {
    await using scratch = newScratch();
    await makeOlder(scratch, version);
    const before = Deno.readFileSync(scratch.path);
    {
      await using reader = await sqliteStorageToRead(scratch.path, scratch.host);
      assert(reader !== null);
      const found = [
        await reader.agentRegistry.listAgents(),
        await reader.context.getSession("flow"),
        await reader.context.getStateVersioned("agent"),
        await reader.idempotency.fingerprintOf("key"),
        await reader.decisionAudit.allEventsChronological(),
        await reader.saga.getDirtyFlows(),
        await reader.resourceLock.listLocks(),
        await reader.intentRetry.getCount("flow"),
        await reader.escalation.getDecisions("flow"),
        await reader.lifecycle.listFlows({ statuses: ["ACTIVE"] }),
      ];
      assertEquals(found, [[], null, null, null, [], [], [], 0, [], []]);
    }
    assertEquals(Deno.readFileSync(scratch.path), before);
  }
});

Deno.test("sqliteStorageToRead() brings a file that is too old to be read to the newest schema", async () => {
  await using scratch = newScratch();
  await makeOlder(scratch, 1);
  await using reader = await sqliteStorageToRead(scratch.path, scratch.host);
  assertEquals(await reader?.idempotency.fingerprintOf("key"), null);
  assertEquals(valueOf(scratch, "PRAGMA user_version"), SCHEMA.migrations.length);
});

Deno.test("sqliteStorageToRead() refuses what is not ours, newer, damaged or not there", async () => {
  const spoils = {
    newer_schema: [`PRAGMA application_id = ${APPLICATION_ID}`, "PRAGMA user_version = 1000"],
    foreign: ["CREATE TABLE agent_registry (agent_id TEXT PRIMARY KEY)"],
  };
  for (const [reason, statements] of Object.entries(spoils)) {
    await using scratch = newScratch();
    writeDatabase(scratch, ...statements);
    const error = await assertRejects(() => sqliteStorageToRead(scratch.path, scratch.host), StorageError);
    assertEquals(error.details.reason, reason);
  }
  await using scratch = newScratch();
  const absent = await assertRejects(() => sqliteStorageToRead(scratch.path, scratch.host), StorageError);
  assertEquals(absent.code, "permission_denied");
  Deno.writeTextFileSync(scratch.path, "to whom it may concern\n".repeat(300));
  const damaged = await assertRejects(() => sqliteStorageToRead(scratch.path, scratch.host), StorageError);
  assertEquals(damaged.details.reason, "damaged");
});
