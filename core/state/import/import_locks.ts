/**
 * What flows of the reference hold.
 *
 * @module
 */
import { invalid } from "../check_input.ts";
import type { Connection } from "../sqlite/connection.ts";
import { END_HOLDS } from "../sqlite/end_holds.ts";
import { formatStamp } from "../stamp.ts";
import type { ImportRun } from "./import_run.ts";

const IS_HELD = `SELECT 1 AS held FROM holds WHERE dfid = ?`;
/** A hold was acquired when its last resource was, and ends when its last one does. */
const HOLD = `INSERT INTO holds (dfid, acquired_at, expires_at) VALUES (?1, ?2, ?3)
  ON CONFLICT (dfid) DO UPDATE SET acquired_at = max(acquired_at, ?2), expires_at = max(expires_at, ?3)`;
const HOLD_RESOURCE = `INSERT INTO held_resources (dfid, resource_id, amount) VALUES (?1, ?2, ?3)
  ON CONFLICT (dfid, resource_id) DO UPDATE SET amount = ?3`;

interface HeldResource {
  readonly dfid: string;
  readonly resourceId: string;
  readonly amount: number;
  readonly acquiredAt: number;
  readonly expiresAt: number | null;
}

/** Brings holds in, without an owner. A flow that holds anything here keeps just that. */
export function importLocks(run: ImportRun): void {
  const { nowMicros } = run;
  const brought = new Set<string>();
  run.importTable({
    table: "resource_locks",
    named: ["dfid", "resource_id"],
    columns: ["amount", "acquired_at", "expires_at"],
    read: (row): HeldResource => {
      const expiresAt = row.timeOrNull("expires_at");
      if (expiresAt !== null && expiresAt <= nowMicros) {
        throw invalid(`it was held until ${formatStamp(expiresAt)}`);
      }
      return {
        dfid: row.text("dfid"),
        resourceId: row.text("resource_id"),
        amount: row.amount("amount"),
        acquiredAt: row.timeOrNull("acquired_at") ?? nowMicros,
        expiresAt,
      };
    },
    write: (held, target) => {
      if (!brought.has(held.dfid) && holds(target, held.dfid, nowMicros)) return false;
      brought.add(held.dfid);
      target.run(HOLD, held.dfid, held.acquiredAt, held.expiresAt);
      target.run(HOLD_RESOURCE, held.dfid, held.resourceId, held.amount);
      return true;
    },
  });
}

/** Whether a flow holds anything here, now. */
function holds(target: Connection, dfid: string, nowMicros: number): boolean {
  for (const statement of END_HOLDS) target.run(statement, nowMicros);
  return target.get(IS_HELD, dfid) !== undefined;
}
