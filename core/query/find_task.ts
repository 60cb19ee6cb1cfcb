/**
 * From what a person types to one task.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { parseTaskAddress } from "../identity/address.ts";
import { parseProjectId, type ProjectId } from "../identity/project_id.ts";
import { resolveTaskPrefix } from "../identity/resolve_task_prefix.ts";
import type { TaskId } from "../identity/task_id.ts";
import { listTaskIds } from "../meta/record_store.ts";
import { openProject } from "./open_project.ts";

/** The canonical name of one task. */
export interface TaskRef {
  readonly project: ProjectId;
  readonly id: TaskId;
}

/**
 * Resolves an id or prefix as a person typed it. Errors: `invalid_project_name`, `invalid_task_id`,
 * `project_not_found`, `task_not_found`, `ambiguous`.
 */
export async function findTaskId(carrel: Carrel, project: string, prefix: string): Promise<TaskRef> {
  const { id, metaDir } = await openProject(carrel, parseProjectId(project));
  const ids = await listTaskIds(carrel.host.files, metaDir);
  return { project: id, id: resolveTaskPrefix(id, prefix, ids) };
}

/** Resolves an address in either form: `PROJECT/TASK`, or the two words. */
export async function findTask(carrel: Carrel, words: readonly string[]): Promise<TaskRef> {
  const { project, task } = parseTaskAddress(words);
  return await findTaskId(carrel, project, task);
}
