/**
 * Which project or task a question about the past is about. It may be gone by now.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { ValueFlag } from "../cli/declaration.ts";
import { AppError } from "../error.ts";
import { parseTaskAddress } from "../identity/address.ts";
import { normalizeTaskIdInput } from "../identity/normalize_task_id_input.ts";
import { parseProjectId, type ProjectId } from "../identity/project_id.ts";
import { isTaskId, type TaskId } from "../identity/task_id.ts";
import { findTask } from "../query/find_task.ts";

/** The flags that name the place. */
export const placeFlags = {
  project: {
    kind: "value",
    placeholder: "PROJECT",
    parse: parseProjectId,
    summary: "only this project, which may be deleted by now",
  },
  task: {
    kind: "value",
    placeholder: "PROJECT/TASK",
    summary: "only this task, by its whole id if it is deleted by now",
  },
} as const satisfies Readonly<Record<string, ValueFlag>>;

/** A place; empty for everywhere. */
export interface Place {
  readonly project?: ProjectId;
  readonly task?: TaskId;
}

/** Reads the flags: a whole id is taken as it is, the beginning of one is looked up among the tasks there are. */
export async function readPlace(
  carrel: Carrel,
  { project, task }: { readonly project: ProjectId | undefined; readonly task: string | undefined },
): Promise<Place> {
  if (task === undefined) return project === undefined ? {} : { project };
  if (project !== undefined) {
    throw new AppError("usage", "--project and --task exclude each other", {
      hint: "give --task PROJECT/TASK alone",
    });
  }
  const address = parseTaskAddress([task]);
  const id = normalizeTaskIdInput(address.task);
  if (isTaskId(id)) return { project: address.project, task: id };
  const found = await findTask(carrel, [task]);
  return { project: found.project, task: found.id };
}
