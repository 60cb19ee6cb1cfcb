import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { detectGeneration, type ReferenceTables } from "../../../core/state/import/detect_generation.ts";
import type { Generation } from "../../../core/state/import/import_report.ts";
import { G0, G0B, G1, G2, P } from "./reference_schemas.ts";

/** The columns that these statements make, as SQLite tells them. */
function tablesOf(statements: readonly string[]): ReferenceTables {
  const database = new DatabaseSync(":memory:");
  for (const statement of statements) database.exec(statement);
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return new Map(names.map(({ name }) => {
    const columns = database.prepare('SELECT name, "notnull" AS required FROM pragma_table_info(?)').all(
      String(name),
    );
    return [String(name), columns.map((row) => ({ name: String(row.name), notNull: row.required === 1 }))];
  }));
}

const add = (column: string) => `ALTER TABLE agent_registry ADD COLUMN ${column}`;

const TIMES = ["registered_at TIMESTAMP", "suspension_reason TEXT"];
const EARLY_AGENTS = "CREATE TABLE agent_registry (agent_id TEXT PRIMARY KEY, contract JSON)";

const CASES: Readonly<
  Record<string, readonly [statements: readonly string[], generation: Generation | null]>
> = {
  "P": [P, "P"],
  "P, all of whose later columns were added": [
    [...P, ...["contract JSON", "session_token TEXT", "agent_version TEXT"].map(add), ...TIMES.map(add)],
    "P",
  ],
  "P without a manifest": [[EARLY_AGENTS], "P"],
  "P without a manifest, all of whose later columns were added": [
    [EARLY_AGENTS, ...["session_token TEXT", "agent_version TEXT"].map(add), ...TIMES.map(add)],
    "G0",
  ],
  "G0": [G0, "G0"],
  "G0b": [G0B, "G0b"],
  "G1": [G1, "G1"],
  "G2": [G2, "G2"],
  "G1 with tables of G2": [[...G1, ...G2.filter((statement) => statement.includes("flow_context"))], "G1"],
  "G2 without its audit": [G2.filter((statement) => !statement.includes("decision_audit_events")), "G2"],
  "results of G1 alone": [G1.filter((statement) => statement.includes("idempotency_cache")), "G0b"],
  "results of G2 alone": [G2.filter((statement) => statement.includes("idempotency_cache")), "G2"],
  "sessions of G0 alone": [G0.filter((statement) => statement.includes("context_session")), "G0"],
  "nothing": [[], null],
  "another program's locks": [["CREATE TABLE resource_locks (id INTEGER, holder TEXT)"], null],
  "another program's agents": [["CREATE TABLE agent_registry (agent_id TEXT, email TEXT)"], null],
};
for (const [name, [statements, generation]] of Object.entries(CASES)) {
  Deno.test(`detectGeneration() of ${name} is ${generation}`, () => {
    assertEquals(detectGeneration(tablesOf(statements)), generation);
  });
}
