/**
 * From the library's plain texts to a checked reference.
 *
 * @module
 */
import { parseProjectId } from "../identity/project_id.ts";
import { parseTaskId } from "../identity/task_id.ts";
import type { TaskRef } from "../query/find_task.ts";

/**
 * Checks the name of a project and a complete, canonical task id; neither need exist. Throws
 * `invalid_project_name` and `invalid_task_id`.
 *
 * @example
 * ```ts
 * import { parseTaskRef } from "./parse_task_ref.ts";
 * import { assertEquals } from "@std/assert";
 * const { project, id } = parseTaskRef("demo", "q7m2x");
 * assertEquals<string[]>([project, id], ["demo", "q7m2x"]);
 * ```
 */
export function parseTaskRef(project: string, id: string): TaskRef {
  return { project: parseProjectId(project), id: parseTaskId(id) };
}
