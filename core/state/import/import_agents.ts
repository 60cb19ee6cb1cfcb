/**
 * Agents of the reference.
 *
 * @module
 */
import { hashSessionToken } from "../hash_session_token.ts";
import type { AgentStatusWord } from "../managers/agent_registry.ts";
import type { ImportRun } from "./import_run.ts";
import type { ReferenceRow } from "./reference_row.ts";

const INSERT = `INSERT INTO agents (agent_id, contract, priority, status, agent_version, session_token,
    suspension_reason, registered_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (agent_id) DO NOTHING`;

const STATUSES: readonly string[] = ["ACTIVE", "SUSPENDED", "RETIRED"] satisfies AgentStatusWord[];

/** Brings agents in; their sessions go on, though only hashes of their tokens are kept. */
export function importAgents(run: ImportRun): void {
  run.importTable({
    table: "agent_registry",
    named: ["agent_id"],
    columns: [
      "contract",
      "manifest",
      "priority",
      "status",
      "agent_version",
      "session_token",
      "suspension_reason",
      "registered_at",
      "updated_at",
    ],
    read: (row) => {
      const registeredAt = row.timeOrNull("registered_at", "updated_at") ?? run.nowMicros;
      const { status, reason } = readStatus(row);
      return [
        row.text("agent_id"),
        row.json("contract", "manifest"),
        row.integer("priority", 0),
        status,
        row.textOrNull("agent_version"),
        readToken(row),
        reason,
        registeredAt,
        row.timeOrNull("updated_at") ?? registeredAt,
      ];
    },
    write: (values, target) => target.run(INSERT, ...values) > 0,
  });
}

/** An agent with a status that carrel does not know could never be let in again: it becomes a suspended one. */
function readStatus(row: ReferenceRow): { status: string; reason: string | null } {
  const status = row.textOrNull("status") ?? "ACTIVE";
  const reason = row.textOrNull("suspension_reason");
  if (STATUSES.includes(status)) return { status, reason };
  row.changes.push(`status: ${status} became SUSPENDED, with ${status} in the reason`);
  return { status: "SUSPENDED", reason: reason === null ? status : `${status}: ${reason}` };
}

function readToken(row: ReferenceRow): string | null {
  const token = row.textOrNull("session_token");
  return token === null || token === "" ? null : hashSessionToken(token);
}
