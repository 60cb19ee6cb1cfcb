import { assertEquals } from "@std/assert";
import { G1, G2, P } from "./reference_schemas.ts";
import { newScene } from "./scene.ts";

/** What a session holds after an import, by what was bound when it was written; null for none. */
const SESSIONS: Readonly<Record<string, readonly [bound: string, stored: string | null]>> = {
  "an object, digit for digit": [
    `'{ "a":1.50, "b":9007199254740993 }'`,
    '{ "a":1.50, "b":9007199254740993 }',
  ],
  "a text that became an integer": [`'5'`, "5"],
  "an integer beyond 2^53": [`'9007199254740993'`, "9007199254740993"],
  "a text that became an integer by its exponent": [`'1e3'`, "1000"],
  "a text with spaces that became an integer": [`' 42 '`, "42"],
  "a text that became a float": [`'.5'`, "0.5"],
  "a text whose digits were lost": [`'123456789012345678901'`, "1.2345678901234568e+20"],
  "an empty text": [`''`, ""],
  "true": [`'true'`, "true"],
  "null": [`'null'`, "null"],
  "a string": [`'"x"'`, '"x"'],
  "half of a surrogate pair, escaped": [`'{"a": "\\ud800"}'`, '{"a": "\\ud800"}'],
  "a member named twice": [`'{"a": 1, "a": 2}'`, '{"a": 1, "a": 2}'],
  "bytes of a JSON text": [`CAST('{"a": 1}' AS BLOB)`, '{"a": 1}'],
  "NaN among strings that say so": [`'{"a": NaN, "b": "NaN \\" NaN"}'`, '{"a": "NaN", "b": "NaN \\" NaN"}'],
  "infinities": [`'[Infinity, -Infinity]'`, '["Infinity", "-Infinity"]'],
  "a number that became infinite": [`'1e999'`, '"Infinity"'],
  "a member that is named NaN, but bare": [`'{NaN: 1}'`, null],
  "no JSON": [`'{'`, null],
  "bytes that are no text": [`x'7bff7d'`, null],
  "U+0000 in the middle": [`CAST(x'22610022' AS TEXT)`, null],
  "a mark of byte order before it": [`CAST(x'efbbbf7b7d' AS TEXT)`, null],
};

Deno.test("importReference() brings JSON as it was meant, or says why not", async (test) => {
  await using scene = newScene(...G1);
  const names = Object.keys(SESSIONS);
  for (const [name, [bound]] of Object.entries(SESSIONS)) {
    scene.write(`INSERT INTO context_session (dfid, data) VALUES ('${name}', ${bound})`);
  }
  const report = await scene.import();
  await using stores = await scene.open();
  for (const [name, [, stored]] of Object.entries(SESSIONS)) {
    await test.step(name, async () => assertEquals(await stores.context.getSession(name), stored));
  }
  const lost = names.filter((name) => SESSIONS[name]?.[1] === null);
  assertEquals(report.tables.context_session, {
    found: names.length,
    imported: names.length - lost.length,
    skipped: lost.length,
    already_there: 0,
  });
  assertEquals(report.problems.map(({ kind, table, key, rowid, why }) => [kind, table, key, rowid, why]), [
    ["changed", "context_session", "NaN among strings that say so", 15, 'data: NaN became "NaN"'],
    ["changed", "context_session", "infinities", 16, 'data: Infinity became "Infinity"'],
    ["changed", "context_session", "infinities", 16, 'data: -Infinity became "-Infinity"'],
    ["changed", "context_session", "a number that became infinite", 17, 'data: Infinity became "Infinity"'],
    ["skipped", "context_session", "a member that is named NaN, but bare", 18, "data is not JSON"],
    ["skipped", "context_session", "no JSON", 19, "data is not JSON"],
    ["skipped", "context_session", "bytes that are no text", 20, "data is not UTF-8"],
    ["skipped", "context_session", "U+0000 in the middle", 21, "data contains U+0000"],
    ["skipped", "context_session", "a mark of byte order before it", 22, "data is not JSON"],
  ]);
});

Deno.test("importReference() brings bare numbers of every JSON column", async () => {
  await using scene = newScene(
    ...G1,
    `INSERT INTO agent_registry (agent_id, contract) VALUES ('zoe', '7')`,
    `INSERT INTO context_state (agent_id, data) VALUES ('zoe', '8.5')`,
    `INSERT INTO idempotency_cache (key, result) VALUES ('k', '9')`,
    `INSERT INTO decision_audit_events (dfid, event, timestamp, detail_json)
      VALUES ('f', 'E', '2025-01-01T00:00:00.000000Z', '10')`,
  );
  assertEquals((await scene.import()).problems, []);
  await using stores = await scene.open();
  assertEquals((await stores.agentRegistry.getAgent("zoe"))?.contract, 7);
  assertEquals(await stores.context.getState("zoe"), "8.5");
  assertEquals(await stores.idempotency.get("k"), 9);
  assertEquals((await stores.decisionAudit.eventsForDfid("f"))[0]?.details, 10);
});

/** When a flow moved, by what was stored as the time. */
const TIMES: Readonly<Record<string, string | null>> = {
  "2025-06-07 08:09:10": "2025-06-07T08:09:10.000000Z",
  "2025-06-07T08:09:10.123456Z": "2025-06-07T08:09:10.123456Z",
  "2025-06-07T08:09:10.123456+02:00": "2025-06-07T06:09:10.123456Z",
  "2025-06-07T08:09:10+00:00": "2025-06-07T08:09:10.000000Z",
  "2025-06-07 08:09:10.5": "2025-06-07T08:09:10.500000Z",
  "1969-12-31 23:59:59": "1969-12-31T23:59:59.000000Z",
  "yesterday": null,
  "2025-02-30 00:00:00": null,
  "2025.5": null,
  "9999-12-31 23:59:59": null,
};

Deno.test("importReference() reads times in every form, or says why not", async () => {
  await using scene = newScene(...G1);
  for (const time of Object.keys(TIMES)) {
    scene.write(
      `INSERT INTO flow_transitions (dfid, to_status, created_at) VALUES ('${time}', 'CREATED', '${time}')`,
    );
  }
  const { problems } = await scene.import();
  await using stores = await scene.open();
  const moved = new Map(
    (await stores.lifecycle.listFlows()).map(({ dfid, changed_at }) => [dfid, changed_at]),
  );
  for (const [time, stamp] of Object.entries(TIMES)) assertEquals(moved.get(time) ?? null, stamp, time);
  assertEquals(problems.map(({ why }) => why), [
    'created_at is not a time: "yesterday"',
    'created_at is not a time: "2025-02-30 00:00:00"',
    'created_at is not a time: "2025.5"',
    "created_at is more than 285 years from 1970: 9999-12-31 23:59:59",
  ]);
});

Deno.test("importReference() reads amounts that are texts, and refuses what is none", async () => {
  await using scene = newScene(
    ...G1,
    `INSERT INTO resource_locks (dfid, resource_id, amount) VALUES ('f', 'text', CAST(' 1.5e1 ' AS BLOB)),
      ('f', 'forever', 9e999), ('f', 'words', 'many'), ('f', 'hex', '0x10'), ('f', 'debt', -1)`,
  );
  const { problems, tables } = await scene.import();
  await using stores = await scene.open();
  const locks = await stores.resourceLock.listLocks();
  assertEquals(locks.map(({ resource_id, amount }) => [resource_id, amount]), [["forever", Infinity], [
    "text",
    15,
  ]]);
  assertEquals(problems.map(({ key, why }) => [key, why]), [
    ["f words", 'amount is not a number: "many"'],
    ["f hex", 'amount is not a number: "0x10"'],
    ["f debt", "amount must be a number from 0 up"],
  ]);
  assertEquals(tables.resource_locks, { found: 5, imported: 2, skipped: 3, already_there: 0 });
});

Deno.test("importReference() names rows without a key, and rows that say what has no form here", async () => {
  await using scene = newScene(
    ...G1,
    `INSERT INTO agent_registry (agent_id) VALUES (NULL), ('zoe')`,
    `INSERT INTO agent_registry (agent_id, priority) VALUES ('half', 1.5), ('huge', 9007199254740993), ('word', 'top')`,
    `INSERT INTO agent_registry (agent_id, status) VALUES ('lower', 'active')`,
    `INSERT INTO idempotency_cache (key) VALUES (NULL)`,
    `INSERT INTO escalation_requests (dfid, agent_id, status) VALUES ('f', 'zoe', 'LOST')`,
    `INSERT INTO context_session (dfid) VALUES (CAST(x'ff' AS TEXT))`,
  );
  const { problems } = await scene.import();
  assertEquals(problems.map(({ kind, table, key, rowid, why }) => [kind, table, key, rowid, why]), [
    ["skipped", "agent_registry", null, 1, "agent_id is missing"],
    ["skipped", "agent_registry", "half", 3, "priority must be an integer"],
    ["skipped", "agent_registry", "huge", 4, "priority must be an integer"],
    ["skipped", "agent_registry", "word", 5, "priority must be an integer"],
    ["changed", "agent_registry", "lower", 6, "status: active became SUSPENDED, with active in the reason"],
    ["skipped", "context_session", "\ufffd", 1, "dfid is not UTF-8"],
    ["skipped", "idempotency_cache", null, 1, "key is missing"],
    ["skipped", "escalation_requests", "f", 1, "status is LOST, which says nothing here"],
  ]);
  await using stores = await scene.open();
  assertEquals((await stores.agentRegistry.listAgents()).map(({ agent_id }) => agent_id), ["zoe", "lower"]);
});

Deno.test("importReference() skips what says nothing without what is NULL", async () => {
  await using scene = newScene(
    ...P,
    `INSERT INTO idempotency_cache (key) VALUES ('k')`,
    `INSERT INTO escalation_budget (agent_id) VALUES ('zoe')`,
    `INSERT INTO escalation_requests (dfid, status, agent_id, created_at) VALUES
      ('f', 'RESOLVED', 'zoe', '2025-01-01 00:00:00')`,
    `INSERT INTO flow_transitions (dfid) VALUES ('f')`,
  );
  const { problems } = await scene.import();
  assertEquals(problems.map(({ table, why }) => [table, why]), [
    ["idempotency_cache", "result is missing"],
    ["escalation_budget", "created_at is missing"],
    ["flow_transitions", "to_status is missing"],
  ]);
  await using stores = await scene.open();
  const [decision] = await stores.escalation.getDecisions();
  assertEquals([decision?.decision, decision?.resolved_at], ["RESOLVED", "2025-01-01T00:00:00.000000Z"]);
});

Deno.test("importReference() reads a G1 file in which a G2 program has left tables", async () => {
  const later = G2.filter((statement) => /TABLE (flow_context|agent_state|decision_flows) /.test(statement));
  assertEquals(later.length, 3);
  await using scene = newScene(
    ...G1,
    ...later,
    `INSERT INTO context_session (dfid, data) VALUES ('old', '1'), ('both', '2')`,
    `INSERT INTO flow_context (dfid, data) VALUES ('both', '3'), ('new', '4')`,
  );
  const report = await scene.import();
  assertEquals([report.generation, report.tables.flow_context?.already_there], ["G1", 1]);
  await using stores = await scene.open();
  const read = (dfid: string) => stores.context.getSession(dfid);
  assertEquals([await read("old"), await read("both"), await read("new")], ["1", "2", "4"]);
});

Deno.test("importReference() names tables of the program around the reference, whatever they are called", async () => {
  await using scene = newScene(
    ...G1,
    `CREATE TABLE "two ""words""" (x)`,
    `INSERT INTO "two ""words""" VALUES (1), (2)`,
    `CREATE TABLE pairs (x PRIMARY KEY) WITHOUT ROWID`,
    `CREATE VIEW everything AS SELECT * FROM context_session`,
  );
  const { tables, problems } = await scene.import();
  assertEquals(tables['two "words"'], { found: 2, imported: 0, skipped: 2, already_there: 0 });
  assertEquals([tables.pairs?.found, tables.everything], [0, undefined]);
  assertEquals(problems.map(({ table, why }) => [table, why]), [
    ['two "words"', "carrel has no store for this table (rows: 2)"],
  ]);
});

Deno.test("importReference() reads a database in UTF-16", async () => {
  await using scene = newScene(
    "PRAGMA encoding = 'UTF-16le'",
    ...G1,
    `INSERT INTO context_session (dfid, data) VALUES ('zażółć 😀', '{"€": 1}')`,
  );
  assertEquals((await scene.import()).problems, []);
  await using stores = await scene.open();
  assertEquals(await stores.context.getSession("zażółć 😀"), '{"€": 1}');
});
