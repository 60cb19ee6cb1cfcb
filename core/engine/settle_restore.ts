/**
 * Settles `archive restore`: a directory that has come back stays, else the record goes again.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { parseTaskId } from "../identity/task_id.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { runtimeOf } from "../query/runtime_of.ts";
import { removeCopies } from "./archive_task.ts";
import { settleMoveAcross } from "./owned_tree.ts";
import { addMissingWorkspace, dropRecord, type Restored } from "./restore_archive.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";
import { findSettlingTask } from "./settling_task.ts";

/** See the module. */
export async function settleRestore(carrel: Carrel, unfinished: UnfinishedOperation): Promise<Settlement> {
  const found = await findSettlingTask(carrel, unfinished);
  const { archive_dir: from, task_dir: to, had_record, archived_id } = unfinished.notes;
  if (found === null || typeof from !== "string" || typeof to !== "string") return UNDONE;
  const { project, ref, task } = found;
  const { plugin } = await runtimeOf(carrel, project, { runtime: task?.record.runtime ?? null });
  await settleMoveAcross(carrel, project.config, plugin, { id: ref.id, from, to });
  if (await carrel.host.files.info(to) === null) {
    if (had_record !== true) await dropRecord(carrel, project, ref.id);
    return UNDONE;
  }
  await addMissingWorkspace(carrel, to);
  // Operations of before knew no other id.
  const archivedId = typeof archived_id === "string" ? parseTaskId(archived_id) : ref.id;
  await removeCopies(carrel, to, archivedId);
  const result: Restored = { ref, restoredFrom: archivedId === ref.id ? null : archivedId };
  return { kind: "finished", result };
}
