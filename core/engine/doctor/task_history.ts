/**
 * What archive and state store prove of a task of which there is neither record nor directory.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { ifPresent } from "../../if_present.ts";
import { parseArchiveName } from "../../meta/archive.ts";
import type { TaskRef } from "../../query/find_task.ts";
import { listOperations, type OperationFilter } from "../../query/list_operations.ts";
import type { OperationView } from "../../query/operation_view.ts";
import { usableState } from "./state_store.ts";

/** Whether it was one of this root: an archive is of it, or an operation on record. */
export async function isKnownTask(carrel: Carrel, ref: TaskRef): Promise<boolean> {
  return await hasArchive(carrel, ref) || (await listOperationsOf(carrel, ref, { limit: 1 })).length > 0;
}

/** Whether it was one of this root and was deleted: an archive is of it, or a deletion that came to its end. */
export async function isDeletedTask(carrel: Carrel, ref: TaskRef): Promise<boolean> {
  if (await hasArchive(carrel, ref)) return true;
  const closed = await listOperationsOf(carrel, ref, { statuses: ["CLOSED"] });
  return closed.some(({ verb }) => verb === "task delete");
}

async function hasArchive({ host, paths }: Carrel, { project, id }: TaskRef): Promise<boolean> {
  const archives = await ifPresent(host.files.list(paths.archiveDir(project))) ?? [];
  return archives.some(({ name }) => parseArchiveName(name)?.taskId === id);
}

async function listOperationsOf(
  carrel: Carrel,
  { project, id }: TaskRef,
  filter: OperationFilter,
): Promise<OperationView[]> {
  const state = await usableState(carrel);
  return state === null ? [] : await listOperations(state, { ...filter, project, task: id });
}
