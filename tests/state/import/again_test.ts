import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { verifyAuditChain } from "../../../core/state/audit_chain.ts";
import type { ImportReport } from "../../../core/state/import/import_report.ts";
import type { StorageBundle } from "../../../core/state/storage_bundle.ts";
import { G1 } from "./reference_schemas.ts";
import { newScene, type Scene } from "./scene.ts";

const ROWS = [
  `INSERT INTO agent_registry (agent_id, session_token) VALUES ('zoe', 't')`,
  `INSERT INTO context_session (dfid, data) VALUES ('f', '1')`,
  `INSERT INTO context_state (agent_id, data) VALUES ('zoe', '1')`,
  `INSERT INTO idempotency_cache (key, result) VALUES ('k', '1')`,
  `INSERT INTO saga_dirty_state (dfid, failed_step) VALUES ('f', 'pay')`,
  `INSERT INTO resource_locks (dfid, resource_id, amount) VALUES ('f', 'eur', 1), ('f', 'usd', 2)`,
  `INSERT INTO intent_retry (dfid, rejection_count) VALUES ('f', 1)`,
  `INSERT INTO escalation_budget (agent_id, created_at) VALUES ('zoe', '2025-01-01 00:00:00'),
    ('zoe', '2025-01-01 00:00:00')`,
  `INSERT INTO escalation_requests (dfid, agent_id, status, resolved_at, human_decision) VALUES
    ('f', 'zoe', 'RESOLVED', '2025-01-01T00:00:00+00:00', 'ABORT')`,
  `INSERT INTO flow_transitions (dfid, to_status, created_at) VALUES ('f', 'CREATED', '2025-01-01 00:00:00'),
    ('f', 'ACTIVE', '2025-01-01 00:00:01')`,
  `INSERT INTO decision_audit_events (dfid, event, timestamp) VALUES ('f', 'SAME', '2025-01-01T00:00:00.000000Z'),
    ('f', 'SAME', '2025-01-01T00:00:00.000000Z')`,
];

/** All that our stores hold. */
async function everything({ agentRegistry, context, idempotency, decisionAudit, ...stores }: StorageBundle) {
  return {
    agents: await agentRegistry.listAgents(),
    context: await context.readContext("zoe", "f"),
    results: await idempotency.get("k"),
    audit: await decisionAudit.chain(),
    dirty: await Promise.all(
      (await stores.saga.getDirtyFlows()).map((dfid) => stores.saga.getDirtyState(dfid)),
    ),
    locks: await stores.resourceLock.listLocks(),
    rejections: await stores.intentRetry.getCount("f"),
    tokens: await stores.escalation.getWindowCount("zoe", "2000-01-01 00:00:00"),
    asked: await stores.escalation.getRequest("f"),
    decisions: await stores.escalation.getDecisions(),
    flows: await stores.lifecycle.listFlows(),
    transitions: await stores.lifecycle.getTransitions(),
  };
}

async function look(scene: Scene) {
  await using stores = await scene.open();
  return await everything(stores);
}

function sum({ tables }: ImportReport) {
  const total = { found: 0, imported: 0, skipped: 0, already_there: 0 };
  for (const counts of Object.values(tables)) {
    total.found += counts.found;
    total.imported += counts.imported;
    total.skipped += counts.skipped;
    total.already_there += counts.already_there;
  }
  return total;
}

Deno.test("importReference() of the same file twice changes nothing the second time", async () => {
  await using scene = newScene(...G1, ...ROWS);
  assertEquals(sum(await scene.import()), { found: 15, imported: 15, skipped: 0, already_there: 0 });
  const before = await look(scene);
  const again = await scene.import();
  assertEquals([again.imported_before, sum(again)], [true, {
    found: 15,
    imported: 0,
    skipped: 0,
    already_there: 15,
  }]);
  for (const [table, rows] of Object.entries(again.rows)) assertEquals(rows.before, rows.after, table);
  assertEquals(await look(scene), before);
});

Deno.test("importReference() does not bring back what was imported before and is gone", async () => {
  await using scene = newScene(...G1, ...ROWS);
  await scene.import();
  {
    await using stores = await scene.open();
    await stores.saga.clearDirty("f");
    await stores.resourceLock.release("f");
    await stores.intentRetry.delete("f");
    await stores.decisionAudit.prune(Number.MAX_SAFE_INTEGER / 2);
  }
  const before = await look(scene);
  assertEquals([before.dirty, before.locks, before.audit], [[], [], []]);
  await scene.import();
  assertEquals(await look(scene), before);
});

Deno.test("importReference() knows the content, whatever the file is called and wherever its log is", async () => {
  await using scene = newScene(...G1, "PRAGMA journal_mode = WAL");
  const program = new DatabaseSync(scene.file);
  for (const row of ROWS) program.exec(row);
  await scene.import();
  program.close();
  const copy = `${scene.dir}/copy.db`;
  Deno.copyFileSync(scene.file, copy);
  Deno.renameSync(copy, scene.file);
  assertEquals((await scene.import()).imported_before, true);
});

Deno.test("importReference() of a file that has grown brings only what is new, also of lists that only grow", async () => {
  await using scene = newScene(...G1, ...ROWS);
  await scene.import();
  scene.write(
    `INSERT INTO agent_registry (agent_id) VALUES ('ann')`,
    `INSERT INTO escalation_budget (agent_id, created_at) VALUES ('zoe', '2025-01-01 00:00:00')`,
    `INSERT INTO flow_transitions (dfid, to_status, created_at) VALUES ('f', 'CLOSED', '2025-01-02 00:00:00')`,
    `INSERT INTO decision_audit_events (dfid, event, timestamp) VALUES
      ('f', 'SAME', '2025-01-01T00:00:00.000000Z'), ('f', 'OTHER', '2025-01-01T00:00:00.000000Z')`,
  );
  const report = await scene.import();
  assertEquals(report.imported_before, false);
  assertEquals(sum(report), { found: 20, imported: 5, skipped: 0, already_there: 15 });
  await using stores = await scene.open();
  const { agents, tokens, flows, transitions, audit } = await everything(stores);
  assertEquals(agents.map(({ agent_id }) => agent_id), ["zoe", "ann"]);
  assertEquals(tokens, 3);
  assertEquals(flows.map(({ status }) => status), ["CLOSED"]);
  assertEquals(transitions.map(({ to_status }) => to_status), ["CREATED", "ACTIVE", "CLOSED"]);
  assertEquals(audit.map(({ seq, event }) => [seq, event]), [[1, "SAME"], [2, "SAME"], [3, "SAME"], [
    4,
    "OTHER",
  ]]);
  assertEquals((await verifyAuditChain(stores.decisionAudit)).problem, null);
});

Deno.test("importReference() leaves everything that is here already", async () => {
  await using scene = newScene(...G1, ...ROWS);
  {
    await using stores = await scene.open();
    await stores.agentRegistry.upsertAgent("zoe", '"ours"', 9, "RETIRED", "2.0", null);
    await stores.context.setSession("f", '"ours"');
    await stores.context.setState("zoe", '"ours"');
    await stores.idempotency.reserve("k", { owner: "us", leaseMs: 1000 });
    await stores.saga.markDirty("f", "ours", "{}");
    await stores.resourceLock.acquireWithin("f", { gpu: 1 }, { gpu: 1 });
    await stores.intentRetry.setCount("f", 9);
    await stores.escalation.insertRequest("f", "us", "ours", "{}", "{}", "");
    await stores.lifecycle.recordTransition("f", null, "EXECUTING");
    await stores.decisionAudit.record("f", "OURS");
  }
  const before = await look(scene);
  const report = await scene.import();
  const after = await look(scene);
  assertEquals(sum(report), { found: 15, imported: 4, skipped: 0, already_there: 11 });
  assertEquals(report.tables.escalation_budget?.imported, 2);
  assertEquals(report.tables.decision_audit_events?.imported, 2);
  assertEquals({ ...after, tokens: 0, audit: [] }, { ...before, tokens: 0, audit: [] });
  assertEquals(after.audit.slice(0, 1), before.audit);
  assertEquals(after.audit.map(({ event, timestamp }) => [event, timestamp.slice(0, 4)]), [
    ["OURS", "2026"],
    ["SAME", "2025"],
    ["SAME", "2025"],
  ]);
});

Deno.test("importReference() lets a flow that has gone on here stand where it is", async () => {
  await using scene = newScene(...G1, ...ROWS);
  await scene.import();
  {
    await using stores = await scene.open();
    await stores.lifecycle.recordTransition("f", "ACTIVE", "VALIDATING");
  }
  scene.write(
    `INSERT INTO flow_transitions (dfid, to_status, created_at) VALUES ('f', 'CLOSED', '2025-01-02 00:00:00')`,
  );
  assertEquals((await scene.import()).tables.flow_transitions, {
    found: 3,
    imported: 0,
    skipped: 0,
    already_there: 3,
  });
  assertEquals((await look(scene)).flows.map(({ status }) => status), ["VALIDATING"]);
});

Deno.test("importReference() takes the place of a hold that is over", async () => {
  await using scene = newScene(...G1, ...ROWS);
  {
    await using stores = await scene.open();
    await stores.resourceLock.acquireWithin("f", { gpu: 1 }, { gpu: 1 }, { ttlMs: 1 });
  }
  await scene.host.clock.advance(10);
  await scene.import();
  assertEquals((await look(scene)).locks.map(({ resource_id }) => resource_id), ["eur", "usd"]);
});

Deno.test("importReference() by several at once imports once", async () => {
  await using scene = newScene(...G1, ...ROWS);
  const reports = await Promise.all([scene.import(), scene.import(), scene.import()]);
  assertEquals(reports.map((report) => sum(report).imported).sort((a, b) => a - b), [0, 0, 15]);
  assertEquals((await look(scene)).audit.length, 2);
});
