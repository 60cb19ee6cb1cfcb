/**
 * Rows as the reference may hold them, for properties.
 *
 * @module
 */
import fc from "fast-check";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { dumpsJsonDict } from "../../../core/state/json_dialect.ts";
import type { JsonValue } from "../../../core/state/json_value.ts";
import { formatStamp } from "../../../core/state/stamp.ts";

/** A moment in whole seconds, as the reference's columns hold it and as ours give it back. */
const time = fc.integer({ min: 0, max: 4_000_000_000 }).map((second) => {
  const stamp = formatStamp(second * 1_000_000);
  return { stamp, column: stamp.slice(0, 19).replace("T", " ") };
});
const instant = fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map((micros) => formatStamp(micros));
/** Any text but U+0000, where SQLite's end. */
const text = fc.string({ unit: "binary", maxLength: 12 }).filter((value) => !value.includes("\0"));
/** What JSON can say, as a JavaScript value; -0 is 0 in JSON.stringify. */
const value = fc.jsonValue({ maxDepth: 3 }).map((any): JsonValue => JSON.parse(JSON.stringify(any)));
const object = fc.dictionary(text, value, { maxKeys: 3 }).map((any): JsonValue =>
  JSON.parse(JSON.stringify(any))
);
const word = fc.constantFrom("CREATED", "ACTIVE", "CLOSED", "odd word");

const agent = fc.record({
  agent_id: text,
  contract: value,
  priority: fc.maxSafeInteger(),
  status: fc.constantFrom("ACTIVE", "SUSPENDED", "RETIRED"),
  agent_version: fc.option(text),
  session_token: fc.option(text.filter((token) => token !== "")),
  suspension_reason: fc.option(text),
  registered_at: time,
  updated_at: time,
});
const session = fc.record({ dfid: text, data: value });
const state = fc.record({ agent_id: text, data: value });
const result = fc.record({ key: text, result: value });
const dirty = fc.record({ dfid: text, failed_step: text, partial_state: value, created_at: time });
const lock = fc.record({
  dfid: fc.constantFrom("f", "g"),
  resource_id: text,
  amount: fc.double({ min: 0, noNaN: true }),
});
const retry = fc.record({ dfid: text, count: fc.maxSafeInteger() });
const token = fc.record({ agent_id: fc.constantFrom("a", "b"), created_at: time });
const question = fc.record({
  dfid: text,
  agent_id: text,
  reason: text,
  context: value,
  proposal: value,
  impact: text,
  created_at: time,
  settled: fc.option(fc.record({ at: instant, decision: text })),
});
const step = fc.record({
  dfid: fc.constantFrom("f", "g", "h"),
  from: fc.option(word),
  to: word,
  created_at: time,
});
const event = fc.record({
  dfid: text,
  event: text,
  timestamp: instant,
  step_id: text,
  state: text,
  details: object,
});

/** Rows of every table of G1. */
export const anyRows = fc.record({
  agents: unique(agent, "agent_id"),
  sessions: unique(session, "dfid"),
  states: unique(state, "agent_id"),
  results: unique(result, "key"),
  dirty: unique(dirty, "dfid"),
  locks: fc.uniqueArray(lock, { selector: ({ dfid, resource_id }) => dfid + resource_id, maxLength: 5 }),
  retries: unique(retry, "dfid"),
  tokens: fc.array(token, { maxLength: 6 }),
  questions: unique(question, "dfid"),
  steps: fc.array(step, { maxLength: 8 }),
  events: fc.array(event, { maxLength: 8 }),
});

/** A value of {@linkcode anyRows}. */
export type Rows = typeof anyRows extends fc.Arbitrary<infer Value> ? Value : never;

/** Rows that differ in their key. */
function unique<Row>(row: fc.Arbitrary<Row>, key: keyof NoInfer<Row>): fc.Arbitrary<Row[]> {
  return fc.uniqueArray(row, { selector: (any) => any[key], maxLength: 5 });
}

/** Writes as the reference does: texts that Python has encoded. */
export function writeRows(path: string, all: Rows): void {
  const database = new DatabaseSync(path);
  const insert = (table: string, columns: string, values: SQLInputValue[]) => {
    const marks = values.map(() => "?").join(", ");
    database.prepare(`INSERT INTO ${table} (${columns}) VALUES (${marks})`).run(...values);
  };
  const json = (any: unknown) => dumpsJsonDict(any, { sortKeys: false });
  database.exec("BEGIN");
  for (const row of all.agents) {
    insert(
      "agent_registry",
      "agent_id, contract, priority, status, agent_version, session_token, suspension_reason, registered_at, updated_at",
      [
        row.agent_id,
        json(row.contract),
        row.priority,
        row.status,
        row.agent_version,
        row.session_token,
        row.suspension_reason,
        row.registered_at.column,
        row.updated_at.column,
      ],
    );
  }
  for (const row of all.sessions) insert("context_session", "dfid, data", [row.dfid, json(row.data)]);
  for (const row of all.states) insert("context_state", "agent_id, data", [row.agent_id, json(row.data)]);
  for (const row of all.results) insert("idempotency_cache", "key, result", [row.key, json(row.result)]);
  for (const row of all.dirty) {
    insert("saga_dirty_state", "dfid, failed_step, partial_state_json, created_at", [
      row.dfid,
      row.failed_step,
      json(row.partial_state),
      row.created_at.column,
    ]);
  }
  for (const { dfid, resource_id, amount } of all.locks) {
    insert("resource_locks", "dfid, resource_id, amount", [dfid, resource_id, amount]);
  }
  for (const row of all.retries) insert("intent_retry", "dfid, rejection_count", [row.dfid, row.count]);
  for (const row of all.tokens) {
    insert("escalation_budget", "agent_id, created_at", [row.agent_id, row.created_at.column]);
  }
  for (const row of all.questions) {
    insert(
      "escalation_requests",
      "dfid, agent_id, reason, context_json, proposal_json, impact, created_at, status, resolved_at, human_decision",
      [
        row.dfid,
        row.agent_id,
        row.reason,
        json(row.context),
        json(row.proposal),
        row.impact,
        row.created_at.column,
        row.settled === null ? "PENDING" : "RESOLVED",
        row.settled?.at ?? null,
        row.settled?.decision ?? null,
      ],
    );
  }
  for (const row of all.steps) {
    insert("flow_transitions", "dfid, from_status, to_status, created_at", [
      row.dfid,
      row.from,
      row.to,
      row.created_at.column,
    ]);
  }
  for (const row of all.events) {
    insert("decision_audit_events", "dfid, event, timestamp, step_id, state, detail_json", [
      row.dfid,
      row.event,
      row.timestamp,
      row.step_id,
      row.state,
      dumpsJsonDict(row.details),
    ]);
  }
  database.exec("COMMIT");
  database.close();
}
