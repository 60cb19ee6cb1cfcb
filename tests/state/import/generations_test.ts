import { assertEquals } from "@std/assert";
import { verifyAuditChain } from "../../../core/state/audit_chain.ts";
import { AgentRegistry } from "../../../core/state/managers/agent_registry.ts";
import type { ImportProblem } from "../../../core/state/import/import_report.ts";
import { G0, G0B, G1, G2, P } from "./reference_schemas.ts";
import { newScene, NOW_MICROS } from "./scene.ts";
import { formatStamp } from "../../../core/state/stamp.ts";

const NOW = formatStamp(NOW_MICROS);

/** Why something is not here as it was there, without the numbers of rows. */
function reasons(problems: readonly ImportProblem[]): string[] {
  return problems.map(({ kind, table, key, why }) =>
    `${kind} ${table}${key === null ? "" : ` ${key}`}: ${why}`
  );
}

const ROWS_OF_G1 = [
  `INSERT INTO agent_registry VALUES
    ('zoe', '{"schema": {"type": "object"}}', 7, 'ACTIVE', '1.2', 'a-token', NULL, '2025-01-02 03:04:05', '2025-01-03 00:00:00'),
    ('ann', '{}', 0, 'SUSPENDED', NULL, NULL, 'too eager', '2025-01-01 00:00:00', '2025-01-01 00:00:00')`,
  `INSERT INTO context_session VALUES ('f1', '{"step": 1}', '2025-02-01 00:00:00')`,
  `INSERT INTO context_state VALUES ('zoe', '{"mood": "calm"}', 1, '2025-02-02 00:00:00')`,
  `INSERT INTO idempotency_cache VALUES ('k1', '{"_dfid": "f1", "ok": true}', '2025-02-03 00:00:00')`,
  `INSERT INTO saga_dirty_state VALUES ('f3', 'pay', '{"paid": 3}', '2025-02-04 00:00:00'),
    ('f2', 'ship', '', '2025-02-05 00:00:00')`,
  `INSERT INTO resource_locks VALUES ('f1', 'eur', 500.5, '2025-02-06 00:00:00'),
    ('f2', 'eur', 100, '2025-02-06 00:00:01'), ('f1', 'gpu', 1, '2025-02-06 00:00:02')`,
  `INSERT INTO intent_retry VALUES ('f1', 2, '2025-02-07 00:00:00')`,
  `INSERT INTO escalation_budget (agent_id, created_at) VALUES ('zoe', '2025-03-01 10:00:00'),
    ('zoe', '2025-03-01 10:00:00'), ('ann', '2025-03-01 11:00:00')`,
  `INSERT INTO escalation_requests VALUES
    ('f2', 'zoe', 'risk', '{"a": 1}', '{"kind":"buy"}', 'HIGH_IMPACT', 'RESOLVED', '2025-03-01 10:00:00',
      '2025-03-01T11:22:33.444555+00:00', 'MODIFY'),
    ('f1', 'ann', 'doubt', '{}', '{}', 'LOW_IMPACT', 'PENDING', '2025-03-01 11:00:00', NULL, NULL)`,
  `INSERT INTO flow_transitions (dfid, from_status, to_status, created_at) VALUES
    ('f2', NULL, 'CREATED', '2025-04-01 00:00:00'), ('f1', NULL, 'CREATED', '2025-04-01 00:00:01'),
    ('f2', 'CREATED', 'ACTIVE', '2025-04-01 00:00:02')`,
];
const EVENTS_OF_G1 = [
  `INSERT INTO decision_audit_events (dfid, event, timestamp, step_id, state, detail_json) VALUES
    ('f1', 'PROPOSAL_ACCEPT', '2025-05-01T00:00:00.123456Z', 's', 'VALIDATING', '{"confidence": 0.5}'),
    ('f2', 'PROPOSAL_REJECT', '2025-05-01T00:00:00.000000Z', '', '', '{}')`,
];

Deno.test("importReference() brings everything of a G1 file, in order and with its times (B03)", async () => {
  await using scene = newScene(...G1, ...ROWS_OF_G1, ...EVENTS_OF_G1);
  const report = await scene.import();
  assertEquals([report.generation, report.imported_before, report.problems], ["G1", false, []]);
  const imported = Object.entries(report.tables).map(([table, counts]) => {
    assertEquals([counts.found, counts.skipped, counts.already_there], [counts.imported, 0, 0], table);
    return [table, counts.imported];
  });
  assertEquals(Object.fromEntries(imported), {
    agent_registry: 2,
    context_session: 1,
    context_state: 1,
    decision_audit_events: 2,
    escalation_budget: 3,
    escalation_requests: 2,
    flow_transitions: 3,
    idempotency_cache: 1,
    intent_retry: 1,
    resource_locks: 3,
    saga_dirty_state: 2,
  });
  assertEquals(
    Object.entries(report.rows).map(([table, { before, after }]) => `${table} ${before} ${after}`),
    [
      "agents 0 2",
      "sessions 0 1",
      "states 0 1",
      "results 0 1",
      "audit_events 0 2",
      "dirty_flows 0 2",
      "held_resources 0 3",
      "rejections 0 1",
      "budget_tokens 0 3",
      "escalations 0 2",
      "escalation_decisions 0 1",
      "flows 0 2",
      "transitions 0 3",
    ],
  );

  await using stores = await scene.open();
  const agents = await stores.agentRegistry.listAgents();
  assertEquals(
    agents.map((
      { agent_id, priority, status, registered_at, updated_at },
    ) => [agent_id, priority, status, registered_at, updated_at]),
    [
      ["zoe", 7, "ACTIVE", "2025-01-02T03:04:05.000000Z", "2025-01-03T00:00:00.000000Z"],
      ["ann", 0, "SUSPENDED", "2025-01-01T00:00:00.000000Z", "2025-01-01T00:00:00.000000Z"],
    ],
  );
  assertEquals(agents[0]?.contract, { schema: { type: "object" } });
  assertEquals(await stores.agentRegistry.getStatus("ann"), {
    status: "SUSPENDED",
    suspension_reason: "too eager",
  });

  assertEquals(await stores.context.getSession("f1"), '{"step": 1}');
  assertEquals(await stores.context.getStateVersioned("zoe"), { data: '{"mood": "calm"}', version: 1 });
  assertEquals(await stores.idempotency.get("k1"), { _dfid: "f1", ok: true });

  assertEquals(await stores.saga.getDirtyFlows(), ["f3", "f2"]);
  assertEquals(await stores.saga.getDirtyState("f3"), {
    failed_step: "pay",
    partial_state: { paid: 3 },
    attempts: 0,
    last_outcome: null,
    marked_at: "2025-02-04T00:00:00.000000Z",
  });
  assertEquals((await stores.saga.getDirtyState("f2"))?.partial_state, {});

  assertEquals(await stores.resourceLock.getLockedAmount("eur", ""), 600.5);
  const locks = await stores.resourceLock.listLocks();
  assertEquals(
    locks.map((
      { dfid, resource_id, amount, acquired_at, owner, expires_at },
    ) => [dfid, resource_id, amount, acquired_at, owner, expires_at]),
    [
      ["f1", "eur", 500.5, "2025-02-06T00:00:02.000000Z", null, null],
      ["f1", "gpu", 1, "2025-02-06T00:00:02.000000Z", null, null],
      ["f2", "eur", 100, "2025-02-06T00:00:01.000000Z", null, null],
    ],
  );
  assertEquals(await stores.intentRetry.getCount("f1"), 2);

  assertEquals(await stores.escalation.getWindowCount("zoe", "2025-03-01 10:00:00"), 2);
  assertEquals(await stores.escalation.getWindowCount("zoe", "2025-03-01 10:00:01"), 0);
  assertEquals((await stores.escalation.getPendingRequests()).map(({ dfid }) => dfid), ["f1"]);
  assertEquals(await stores.escalation.getRequest("f2"), {
    seq: 1,
    dfid: "f2",
    agent_id: "zoe",
    reason: "risk",
    context: { a: 1 },
    proposal: { kind: "buy" },
    impact: "HIGH_IMPACT",
    request_id: null,
    created_at: "2025-03-01T10:00:00.000000Z",
    status: "RESOLVED",
    resolved_at: "2025-03-01T11:22:33.444555Z",
    human_decision: "MODIFY",
  });
  assertEquals(await stores.escalation.getDecisions(), [{
    seq: 1,
    dfid: "f2",
    agent_id: "zoe",
    request_id: null,
    decision: "MODIFY",
    proposal: { kind: "buy" },
    resolved_at: "2025-03-01T11:22:33.444555Z",
  }]);

  assertEquals(
    (await stores.lifecycle.listFlows()).map(({ dfid, status, changed_at }) => [dfid, status, changed_at]),
    [
      ["f2", "ACTIVE", "2025-04-01T00:00:02.000000Z"],
      ["f1", "CREATED", "2025-04-01T00:00:01.000000Z"],
    ],
  );
  assertEquals(
    (await stores.lifecycle.getTransitions()).map((
      { dfid, from_status, to_status },
    ) => [dfid, from_status, to_status]),
    [
      ["f2", null, "CREATED"],
      ["f1", null, "CREATED"],
      ["f2", "CREATED", "ACTIVE"],
    ],
  );

  const events = await stores.decisionAudit.allEventsChronological();
  assertEquals(
    events.map((
      { seq, dfid, event, timestamp, step_id, state, details },
    ) => [seq, dfid, event, timestamp, step_id, state, details]),
    [
      [1, "f1", "PROPOSAL_ACCEPT", "2025-05-01T00:00:00.123456Z", "s", "VALIDATING", { confidence: 0.5 }],
      [2, "f2", "PROPOSAL_REJECT", "2025-05-01T00:00:00.000000Z", "", "", {}],
    ],
  );
  assertEquals((await verifyAuditChain(stores.decisionAudit)).problem, null);
});

Deno.test("importReference() keeps sessions of agents alive, but none of their tokens", async () => {
  await using scene = newScene(
    ...G1,
    `INSERT INTO agent_registry (agent_id, session_token) VALUES ('zoe', 'a-token'), ('ann', ''), ('bob', NULL)`,
  );
  await scene.import();
  await using stores = await scene.open();
  const registry = new AgentRegistry({ storage: stores.agentRegistry });
  assertEquals(await registry.verifySession("zoe", "a-token"), true);
  assertEquals(await registry.verifySession("zoe", "another"), false);
  assertEquals(await registry.verifySession("ann", ""), false);
  assertEquals((await stores.agentRegistry.getAgent("bob"))?.session_token, null);
  assertEquals(JSON.stringify(await stores.agentRegistry.listAgents()).includes("a-token"), false);
});

Deno.test("importReference() reads G0b: G1 without the audit (B03)", async () => {
  await using scene = newScene(...G0B, ...ROWS_OF_G1);
  const report = await scene.import();
  assertEquals([report.generation, report.problems, report.tables.decision_audit_events], [
    "G0b",
    [],
    undefined,
  ]);
  assertEquals([report.rows.agents, report.rows.audit_events], [{ before: 0, after: 2 }, {
    before: 0,
    after: 0,
  }]);
});

Deno.test("importReference() reads G0: what is NULL there has the value that G1 would give it (B03)", async () => {
  await using scene = newScene(
    ...G0,
    `INSERT INTO agent_registry (agent_id) VALUES ('zoe')`,
    `INSERT INTO context_session (dfid) VALUES ('f')`,
    `INSERT INTO context_state (agent_id) VALUES ('zoe')`,
    `INSERT INTO saga_dirty_state (dfid) VALUES ('f')`,
    `INSERT INTO resource_locks (dfid, resource_id) VALUES ('f', 'eur')`,
    `INSERT INTO intent_retry (dfid) VALUES ('f')`,
    `INSERT INTO escalation_requests (dfid, agent_id) VALUES ('f', 'zoe')`,
    `INSERT INTO flow_transitions (dfid, to_status) VALUES ('f', 'CREATED')`,
  );
  const report = await scene.import();
  assertEquals([report.generation, report.problems], ["G0", []]);
  await using stores = await scene.open();
  const [agent] = await stores.agentRegistry.listAgents();
  assertEquals([agent?.contract, agent?.priority, agent?.status], [{}, 0, "ACTIVE"]);
  assertEquals([agent?.registered_at.slice(0, 19), agent?.updated_at], [
    NOW.slice(0, 19),
    agent?.registered_at,
  ]);
  assertEquals(await stores.context.readContext("zoe", "f"), { session: "{}", state: "{}" });
  assertEquals((await stores.saga.getDirtyState("f"))?.failed_step, "");
  assertEquals((await stores.resourceLock.listLocks()).map(({ amount }) => amount), [0]);
  assertEquals((await stores.escalation.getRequest("f"))?.status, "PENDING");
  assertEquals((await stores.lifecycle.listFlows())[0]?.changed_at, "1970-01-01T00:00:00.000000Z");
});

Deno.test("importReference() reads P: a manifest is a contract, and what came later is missing (B03)", async () => {
  await using scene = newScene(
    ...P,
    `INSERT INTO agent_registry VALUES ('zoe', '{"schema": 1}', 3, 'ACTIVE', '2024-01-01 00:00:00')`,
  );
  const report = await scene.import();
  assertEquals([report.generation, report.problems], ["P", []]);
  await using stores = await scene.open();
  const [agent] = await stores.agentRegistry.listAgents();
  assertEquals(agent, {
    seq: 1,
    agent_id: "zoe",
    contract: { schema: 1 },
    priority: 3,
    status: "ACTIVE",
    agent_version: null,
    session_token: null,
    suspension_reason: null,
    registered_at: "2024-01-01T00:00:00.000000Z",
    updated_at: "2024-01-01T00:00:00.000000Z",
  });
});

Deno.test("importReference() reads G2 under its new names, and says what has no place (B03)", async () => {
  await using scene = newScene(
    ...G2,
    `INSERT INTO agent_registry (agent_id, status, suspension_reason) VALUES ('zoe', 'ACTIVE', NULL),
      ('ann', 'DEGRADED', 'budget'), ('bob', 'ESCALATION_ONLY', NULL)`,
    `INSERT INTO decision_flows (dfid, root_dfid, agent_id, status, created_at) VALUES
      ('moved', NULL, 'zoe', 'CREATED', '2025-01-01 00:00:00'),
      ('still', 'moved', NULL, 'WAITING_ESCALATION', '2025-01-02 00:00:00')`,
    `INSERT INTO flow_transitions (dfid, from_status, to_status, created_at) VALUES
      ('moved', NULL, 'CREATED', '2025-01-01 00:00:01'), ('moved', 'CREATED', 'CLOSED', '2025-01-01 00:00:02')`,
    `INSERT INTO flow_context (dfid, data) VALUES ('moved', '{"a": 1}')`,
    `INSERT INTO agent_state (agent_id, data, version) VALUES ('zoe', '{"b": 2}', 5)`,
    `INSERT INTO idempotency_cache VALUES ('k', 'h', '{"ok": 1}', '2025-01-01 00:00:00', '2026-01-01 00:00:00')`,
    `INSERT INTO resource_locks VALUES ('eur', 'moved', 5, '2025-01-01 00:00:00', NULL),
      ('usd', 'still', 6, '2025-01-01 00:00:00', '2999-01-01 00:00:00'),
      ('gbp', 'gone', 7, '2025-01-01 00:00:00', '2025-01-02 00:00:00'),
      ('jpy', 'till', 8, '2025-01-01 00:00:00', '2200-01-02 00:00:00')`,
    `INSERT INTO escalation_requests (dfid, agent_id, reason, status, created_at, resolved_at, human_decision)
      VALUES ('f', 'zoe', 'first', 'APPROVED', '2025-01-01 00:00:00', '2025-01-01 01:00:00', 'OVERRIDE'),
        ('g', 'zoe', 'other', 'CANCELLED', '2025-01-01 00:00:00', NULL, NULL),
        ('f', 'zoe', 'lost', 'PENDING', '2025-01-02 00:00:00', NULL, NULL),
        ('f', 'ann', 'last', 'PENDING', '2025-01-03 00:00:00', NULL, NULL)`,
    `INSERT INTO decision_audit_events (dfid, event_type, severity, detail_json, created_at) VALUES
      ('moved', 'DONE', 'ERROR', '{"x": 1}', '2025-01-01 00:00:03')`,
    `INSERT INTO decision_ledger_entries (dfid) VALUES ('moved')`,
  );
  const report = await scene.import();
  assertEquals(report.generation, "G2");
  assertEquals(reasons(report.problems), [
    "changed agent_registry ann: status: DEGRADED became SUSPENDED, with DEGRADED in the reason",
    "changed agent_registry bob: status: ESCALATION_ONLY became SUSPENDED, with ESCALATION_ONLY in the reason",
    "dropped flow_context: carrel has no place for version (rows that have one: 1)",
    "dropped idempotency_cache: carrel has no place for request_hash (rows that have one: 1)",
    "dropped idempotency_cache: carrel has no place for expires_at (rows that have one: 1)",
    "dropped decision_audit_events: carrel has no place for severity (rows that have one: 1)",
    "skipped resource_locks still usd: expires_at is more than 285 years from 1970: 2999-01-01 00:00:00",
    "skipped resource_locks gone gbp: it was held until 2025-01-02T00:00:00.000000Z",
    "skipped escalation_requests f: a later question of the flow took its place",
    "dropped decision_flows: carrel has no place for root_dfid (rows that have one: 1)",
    "dropped decision_flows: carrel has no place for agent_id (rows that have one: 1)",
    "dropped decision_flows: carrel has no place for flow_type (rows that have one: 2)",
    "dropped decision_flows: carrel has no place for flow_version (rows that have one: 2)",
    "skipped decision_ledger_entries: carrel has no store for this table (rows: 1)",
  ]);
  assertEquals(report.tables.decision_flows, { found: 2, imported: 1, skipped: 0, already_there: 1 });
  assertEquals(report.tables.decision_ledger_entries, {
    found: 1,
    imported: 0,
    skipped: 1,
    already_there: 0,
  });
  assertEquals(report.tables.decision_feedback_trajectory, {
    found: 0,
    imported: 0,
    skipped: 0,
    already_there: 0,
  });

  await using stores = await scene.open();
  assertEquals(await stores.agentRegistry.getStatus("ann"), {
    status: "SUSPENDED",
    suspension_reason: "DEGRADED: budget",
  });
  assertEquals(await stores.agentRegistry.getStatus("bob"), {
    status: "SUSPENDED",
    suspension_reason: "ESCALATION_ONLY",
  });
  assertEquals((await stores.lifecycle.listFlows()).map(({ dfid, status }) => [dfid, status]), [[
    "moved",
    "CLOSED",
  ], ["still", "ESCALATED"]]);
  assertEquals(
    (await stores.lifecycle.getTransitions("still")).map((
      { from_status, to_status },
    ) => [from_status, to_status]),
    [[null, "ESCALATED"]],
  );
  assertEquals(await stores.context.getSession("moved"), '{"a": 1}');
  assertEquals(await stores.context.getStateVersioned("zoe"), { data: '{"b": 2}', version: 5 });
  assertEquals(await stores.idempotency.get("k"), { ok: 1 });
  assertEquals(
    (await stores.resourceLock.listLocks()).map((
      { dfid, resource_id, expires_at },
    ) => [dfid, resource_id, expires_at]),
    [
      ["moved", "eur", null],
      ["till", "jpy", "2200-01-02T00:00:00.000000Z"],
    ],
  );
  const asked = await stores.escalation.getRequest("f");
  assertEquals([asked?.seq, asked?.agent_id, asked?.reason, asked?.status, asked?.human_decision], [
    1,
    "ann",
    "last",
    "PENDING",
    null,
  ]);
  assertEquals(
    (await stores.escalation.getDecisions()).map((
      { dfid, agent_id, decision, resolved_at },
    ) => [dfid, agent_id, decision, resolved_at]),
    [
      ["f", "zoe", "OVERRIDE", "2025-01-01T01:00:00.000000Z"],
      ["g", "zoe", "CANCELLED", "2025-01-01T00:00:00.000000Z"],
    ],
  );
  const [event] = await stores.decisionAudit.allEventsChronological();
  assertEquals([event?.event, event?.timestamp, event?.details], ["DONE", "2025-01-01T00:00:03.000000Z", {
    x: 1,
  }]);
});
