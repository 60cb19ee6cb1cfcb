/**
 * Flows of the reference that stopped half way.
 *
 * @module
 */
import type { ImportRun } from "./import_run.ts";

const INSERT = `INSERT INTO dirty_flows (dfid, failed_step, partial_state, attempts, marked_at)
  VALUES (?, ?, ?, 0, ?) ON CONFLICT (dfid) DO NOTHING`;

/** Brings dirty flows in; nobody has tried to put them right here. */
export function importDirtyFlows(run: ImportRun): void {
  run.importTable({
    table: "saga_dirty_state",
    named: ["dfid"],
    columns: ["failed_step", "partial_state_json", "created_at"],
    read: (row) => [
      row.text("dfid"),
      row.textOrNull("failed_step") ?? "",
      row.json("partial_state_json"),
      row.timeOrNull("created_at") ?? run.nowMicros,
    ],
    write: (values, target) => target.run(INSERT, ...values) > 0,
  });
}
