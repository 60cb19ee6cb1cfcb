/**
 * Operations in tables for people.
 *
 * @module
 */
import type { Look } from "../cli/style.ts";
import { formatTable } from "../cli/table.ts";
import type { OperationView, WhoView } from "../query/operation_view.ts";

/** A table of operations. */
export function wordOperations(operations: readonly OperationView[], look: Look): string {
  return formatTable(
    [
      { header: "OPERATION", shrinks: true },
      { header: "VERB" },
      { header: "WHERE" },
      { header: "STATUS" },
      { header: "EXIT", align: "right" },
      { header: "BEGAN" },
      { header: "WHO", shrinks: true },
    ],
    operations.map((operation) => [
      operation.op,
      operation.verb,
      wordPlace(operation),
      operation.status,
      operation.exit === null ? "" : String(operation.exit),
      wordTime(operation.began_at),
      wordWho(operation.who),
    ]),
    look,
  );
}

/** `demo/q7m2x`, `demo`, or nothing. */
export function wordPlace(
  { project_id, task_id }: { readonly project_id: string | null; readonly task_id: string | null },
): string {
  if (project_id === null) return "";
  return task_id === null ? project_id : `${project_id}/${task_id}`;
}

/** `ada@host 4711`, the number of the process last. */
export function wordWho(who: WhoView | null): string {
  return who === null ? "" : `${who.user}@${who.host} ${who.pid}`;
}

/** A time to the second. */
export function wordTime(stamp: string | null): string {
  return stamp === null ? "" : stamp.replace(/\.\d+Z$/, "Z");
}
