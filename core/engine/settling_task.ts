/**
 * The task that an unfinished operation was about, as it is now.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
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

/**
 * Looks; null when the operation had not come to a task, or when the task's project is gone, which goes after all of
 * its tasks. The caller holds the task's lock.
 */
export async function findSettlingTask(
  carrel: Carrel,
  { project: projectId, task: id }: UnfinishedOperation,
): Promise<SettlingTask | null> {
  if (projectId === null || id === null) return null;
  const project = await findProject(carrel, projectId);
  if (project === null) return null;
  const ref = { project: projectId, id };
  const isRecorded = await readTaskMeta(carrel.host.files, project.metaDir, id) !== null;
  return { project, ref, task: isRecorded ? await holdTask(carrel, project, ref) : null };
}

async function findProject(carrel: Carrel, id: ProjectId): Promise<Project | null> {
  try {
    return await openProject(carrel, id);
  } catch (error) {
    if (!isAppError(error, "project_not_found")) throw error;
    return null;
  }
}
