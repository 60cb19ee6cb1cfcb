import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { verifyAuditChain } from "../../../core/state/audit_chain.ts";
import { StorageError } from "../../../core/state/errors.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import { newScratch } from "./scratch.ts";

Deno.test("acquireBatch() and acquireWithin() report contention at the deadline (K07)", async () => {
  await using scratch = newScratch();
  await using stores = await sqliteStorage(scratch.path, scratch.host);
  const raw = scratch.openRaw();
  raw.exec("BEGIN IMMEDIATE");
  const { clock } = scratch.host;
  const begin = clock.monotonicMs();
  assertEquals(await stores.resourceLock.acquireBatch("flow", { port: 1 }, 0.2), false);
  const waited = clock.monotonicMs() - begin;
  assertEquals(waited >= 200 && waited < 300, true, `${waited} ms`);
  const answer = await stores.resourceLock.acquireWithin("flow", { port: 1 }, { port: 1 });
  assertEquals(answer, { kind: "contention" });
  raw.exec("ROLLBACK");
  raw.close();
  assertEquals(await stores.resourceLock.listLocks(), []);
});

Deno.test("acquireBatch() throws what is no contention (K10)", async () => {
  await using scratch = newScratch();
  await using stores = await sqliteStorage(scratch.path, scratch.host);
  const raw = scratch.openRaw();
  raw.exec("DROP TABLE held_resources");
  raw.close();
  const error = await assertRejects(
    () => stores.resourceLock.acquireBatch("flow", { port: 1 }, 1),
    StorageError,
  );
  assertEquals(error.code, "storage_failed");
  assertInstanceOf(error.cause, Error);
});

Deno.test("a change and the audit event along with it are one transaction", async () => {
  await using scratch = newScratch();
  await using stores = await sqliteStorage(scratch.path, scratch.host);
  const raw = scratch.openRaw();
  raw.exec("CREATE TRIGGER no_audit BEFORE INSERT ON audit_events BEGIN SELECT raise(ABORT, 'no'); END");
  const along = { audit: { dfid: "flow", event: "MOVED" }, resetRetries: "flow" };
  await stores.intentRetry.setCount("flow", 3);
  await assertRejects(() => stores.lifecycle.transitionIf("flow", null, "CREATED", { along }), StorageError);
  assertEquals(await stores.lifecycle.getTransitions(), []);
  assertEquals(await stores.intentRetry.getCount("flow"), 3);

  raw.exec("DROP TRIGGER no_audit");
  raw.close();
  await stores.lifecycle.transitionIf("flow", null, "CREATED", { along });
  assertEquals((await stores.decisionAudit.eventsForDfid("flow")).map(({ event }) => event), ["MOVED"]);
  assertEquals(await stores.intentRetry.getCount("flow"), 0);
});

Deno.test("what one process has written, another one sees at once", async () => {
  await using scratch = newScratch();
  await using one = await sqliteStorage(scratch.path, scratch.host);
  await using other = await sqliteStorage(scratch.path, scratch.host);
  await one.context.mergeState("agent", '{"a": 1}');
  assertEquals(await other.context.mergeState("agent", '{"b": 2}'), { data: '{"a": 1, "b": 2}', version: 2 });
  assertEquals(await one.context.getState("agent"), '{"a": 1, "b": 2}');
  const heads = [await one.decisionAudit.record("f", "A"), await other.decisionAudit.record("f", "B")];
  assertEquals(heads.map(({ seq }) => seq), [1, 2]);
  assertEquals((await verifyAuditChain(one.decisionAudit)).problem, null);
});

const TAMPERINGS = {
  "UPDATE audit_events SET event = 'INNOCENT' WHERE seq = 3": { kind: "changed", seq: 3 },
  "UPDATE audit_events SET details_json = '{}' WHERE seq = 5": { kind: "changed", seq: 5 },
  "DELETE FROM audit_events WHERE seq = 4": { kind: "missing", seq: 5 },
  "DELETE FROM audit_events WHERE seq = 1": { kind: "missing", seq: 2 },
} as const;
for (const [sql, problem] of Object.entries(TAMPERINGS)) {
  Deno.test(`verifyAuditChain() finds what was done to the file: ${sql}`, async () => {
    await using scratch = newScratch();
    await using stores = await sqliteStorage(scratch.path, scratch.host);
    for (let i = 1; i <= 6; i++) await stores.decisionAudit.record("flow", `E${i}`, { details: { i } });
    const raw = scratch.openRaw();
    raw.exec(sql);
    raw.close();
    assertEquals((await verifyAuditChain(stores.decisionAudit)).problem, problem);
  });
}

Deno.test("a stored text that is no longer JSON is damage, with its cause", async () => {
  await using scratch = newScratch();
  await using stores = await sqliteStorage(scratch.path, scratch.host);
  await stores.idempotency.set("key", { a: 1 });
  const raw = scratch.openRaw();
  raw.exec("UPDATE results SET result = '{\"a\": '");
  raw.close();
  const error = await assertRejects(() => stores.idempotency.get("key"), StorageError);
  assertEquals([error.code, error.details.reason], ["storage_failed", "damaged"]);
  assertInstanceOf(error.cause, SyntaxError);
});

Deno.test("ends that are too far away for JavaScript are listed as the last that is not", async () => {
  await using scratch = newScratch();
  await using stores = await sqliteStorage(scratch.path, scratch.host);
  await stores.resourceLock.acquireWithin("one", { a: 1 }, { a: 1 }, { ttlMs: 1000 });
  await stores.resourceLock.enqueue("two", { a: 1 }, { ttlMs: 1000 });
  const raw = scratch.openRaw();
  for (const table of ["holds", "tickets"]) raw.exec(`UPDATE ${table} SET expires_at = 10430000000000000`);
  raw.close();
  const listed = [...await stores.resourceLock.listLocks(), ...await stores.resourceLock.listTickets()];
  const ends = listed.map(({ expires_at }) => expires_at);
  assertEquals(ends, ["2255-06-05T23:47:34.740991Z", "2255-06-05T23:47:34.740991Z"]);
  assertEquals(await stores.resourceLock.release("one"), true);
});

Deno.test("every call on a closed bundle rejects, and none throws at once", async () => {
  await using scratch = newScratch();
  const stores = await sqliteStorage(scratch.path, scratch.host);
  await stores.close();
  await stores.close();
  const calls = [
    stores.context.getSession("f"),
    stores.context.setSession("f", "not JSON"),
    stores.decisionAudit.record("f", "E"),
    stores.resourceLock.acquireBatch("f", {}, 1),
    stores.idempotency.complete("k", "o", Symbol()),
  ];
  for (const call of calls) await assertRejects(() => call, StorageError);
});
