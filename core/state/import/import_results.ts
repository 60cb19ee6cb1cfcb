/**
 * Results of the reference: what was already done.
 *
 * @module
 */
import { invalid } from "../check_input.ts";
import type { ImportRun } from "./import_run.ts";
import type { ReferenceRow } from "./reference_row.ts";

const INSERT = `INSERT INTO results (key, result, settled_at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING`;

/** Brings results in, under their keys; a guard with `compat` finds them. */
export function importResults(run: ImportRun): void {
  run.importTable({
    table: "idempotency_cache",
    named: ["key", "idempotency_key"],
    columns: ["result", "created_at"],
    read: (row) => [
      row.text("key", "idempotency_key"),
      readResult(row),
      row.timeOrNull("created_at") ?? run.nowMicros,
    ],
    write: (values, target) => target.run(INSERT, ...values) > 0,
  });
}

/** None is neither a result of `{}` nor one of null: what it stands for was not done. */
function readResult(row: ReferenceRow): string {
  const result = row.jsonOrNull("result");
  if (result === null) throw invalid("result is missing");
  return result;
}
