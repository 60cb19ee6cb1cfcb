/**
 * The reference's counts of rejections.
 *
 * @module
 */
import type { ImportRun } from "./import_run.ts";

const INSERT =
  `INSERT INTO rejections (dfid, count, updated_at) VALUES (?, ?, ?) ON CONFLICT (dfid) DO NOTHING`;

/** Brings counts in. */
export function importRejections(run: ImportRun): void {
  run.importTable({
    table: "intent_retry",
    named: ["dfid"],
    columns: ["rejection_count", "updated_at"],
    read: (row) => [
      row.text("dfid"),
      row.integer("rejection_count", 0),
      row.timeOrNull("updated_at") ?? run.nowMicros,
    ],
    write: (values, target) => target.run(INSERT, ...values) > 0,
  });
}
