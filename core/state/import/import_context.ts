/**
 * Sessions and states of the reference.
 *
 * @module
 */
import type { ImportRun } from "./import_run.ts";

const INSERT_SESSION = `INSERT INTO sessions (dfid, data, updated_at) VALUES (?, ?, ?)
  ON CONFLICT (dfid) DO NOTHING`;
const INSERT_STATE = `INSERT INTO states (agent_id, data, version, updated_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (agent_id) DO NOTHING`;

/** Brings sessions and states in, under their old and their new names. */
export function importContext(run: ImportRun): void {
  for (const table of ["context_session", "flow_context"]) {
    run.importTable({
      table,
      named: ["dfid"],
      columns: ["data", "updated_at"],
      read: (row) => [row.text("dfid"), row.json("data"), row.timeOrNull("updated_at") ?? run.nowMicros],
      write: (values, target) => target.run(INSERT_SESSION, ...values) > 0,
    });
  }
  for (const table of ["context_state", "agent_state"]) {
    run.importTable({
      table,
      named: ["agent_id"],
      columns: ["data", "version", "updated_at"],
      read: (row) => [
        row.text("agent_id"),
        row.json("data"),
        // 0 is the version of what was never written.
        Math.max(1, row.integer("version", 1)),
        row.timeOrNull("updated_at") ?? run.nowMicros,
      ],
      write: (values, target) => target.run(INSERT_STATE, ...values) > 0,
    });
  }
}
