/**
 * What tasks are called: ids that people type, and random names.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { randomTaskName } from "../engine/create_task.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { findTaskId } from "../query/find_task.ts";

/**
 * The id of the only task of the project that begins with `prefix`, which is read as people type:
 * capitals, hyphens, and letters taken for digits (`K3-V8H`, `k3v8h`) are the same.
 *
 * Throws `project_not_found`, `invalid_task_id` (not one to five characters of an id), `task_not_found`,
 * and `ambiguous` with all candidates in `details.matches`.
 */
export async function resolveTaskId(carrel: Carrel, project: string, prefix: string): Promise<string> {
  return (await findTaskId(carrel, project, prefix)).id;
}

/**
 * A random name such as `talented-toucan`, from the categories that `tasks.name_categories` of the project
 * or of the global configuration names, else from three that follow from the project's name, else (without
 * a project) from all. Throws `invalid_config` for an unknown category.
 */
export async function generateTaskName(carrel: Carrel, project: string | null = null): Promise<string> {
  if (project === null) return randomTaskName(carrel, { id: null, config: await carrel.config() });
  const id = parseProjectId(project);
  return randomTaskName(carrel, { id, config: await carrel.config(id) });
}
