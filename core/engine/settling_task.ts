/**
 * The task that an unfinished operation was about, as it is now.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { readTaskMeta } from "../meta/record_store.ts";
import type { TaskRef } from "../query/find_task.ts";
import { openProject, type Project } from "../query/open_project.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { type HeldTask, holdTask } from "./with_task.ts";

/** What there is of a task. */
export interface SettlingTask {
  readonly project: Project;
  readonly ref: TaskRef;
  /** Null when it has no record. */
  readonly task: HeldTask | null;
}

/** Looks; null when the operation had not come to a task. The caller holds the task's lock. */
export async function findSettlingTask(
  carrel: Carrel,
  { project: projectId, task: id }: UnfinishedOperation,
): Promise<SettlingTask | null> {
  if (projectId === null || id === null) return null;
  const project = await openProject(carrel, projectId);
  const ref = { project: projectId, id };
  const isRecorded = await readTaskMeta(carrel.host.files, project.metaDir, id) !== null;
  return { project, ref, task: isRecorded ? await holdTask(carrel, project, ref) : null };
}
