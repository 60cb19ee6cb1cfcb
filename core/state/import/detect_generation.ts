/**
 * Telling which program wrote a file: none of them says so, but their columns differ.
 *
 * @module
 */
import type { Generation } from "./import_report.ts";

/** One column of a table. */
export interface ReferenceColumn {
  /** Its name. */
  readonly name: string;
  /** Whether it must hold something. */
  readonly notNull: boolean;
}

/** The columns of every table of a file. */
export type ReferenceTables = ReadonlyMap<string, readonly ReferenceColumn[]>;

/** A table with one of these columns is the mark of the reference. */
const MARKS: readonly (readonly [table: string, columns: readonly string[]])[] = [
  ["agent_registry", ["contract", "manifest"]],
  ["decision_audit_events", ["event", "event_type"]],
  ["idempotency_cache", ["key", "idempotency_key"]],
  ["context_session", ["data"]],
  ["flow_context", ["data"]],
];

/** Columns of agents that came after the first programs. */
const LATER = ["contract", "suspension_reason", "session_token", "agent_version", "registered_at"];

/**
 * The generation of a file with these tables; null when the reference did not make them.
 *
 * @example
 * ```ts
 * import { detectGeneration } from "./detect_generation.ts";
 * import { assertEquals } from "@std/assert";
 * const columns = (...names: string[]) => names.map((name) => ({ name, notNull: true }));
 * const tables = new Map([["decision_audit_events", columns("dfid", "event")]]);
 * assertEquals(detectGeneration(tables), "G1");
 * assertEquals(detectGeneration(new Map([["orders", columns("item")]])), null);
 * ```
 */
export function detectGeneration(tables: ReferenceTables): Generation | null {
  const find = (table: string, column: string) => tables.get(table)?.find(({ name }) => name === column);
  const has = (table: string, column: string) => find(table, column) !== undefined;
  if (!MARKS.some(([table, columns]) => columns.some((column) => has(table, column)))) return null;
  // A G2 program that was started on a G1 file has left some tables in it before it failed.
  if (has("decision_audit_events", "event")) return "G1";
  if (has("decision_audit_events", "event_type")) return "G2";
  if (has("idempotency_cache", "idempotency_key") || tables.has("flow_context")) return "G2";
  const lacks = (column: string) => tables.has("agent_registry") && !has("agent_registry", column);
  if (has("agent_registry", "manifest") || LATER.some(lacks)) return "P";
  const data = find("agent_registry", "contract") ?? find("idempotency_cache", "result") ??
    find("context_session", "data");
  return data?.notNull === true ? "G0b" : "G0";
}
