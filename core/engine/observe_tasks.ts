/**
 * Looks at tasks, and keeps what is seen for the first time: how a run ended, or that it goes on; what its agent
 * asks of people.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskRef } from "../query/find_task.ts";
import {
  type LoadedTask,
  loadTask,
  loadTaskAnyhow,
  loadTasks,
  type TaskListing,
} from "../query/load_tasks.ts";
import { observeQuestion } from "./observe_question.ts";
import { endIsRecorded } from "../query/live_states.ts";
import { recordEnd } from "./record_end.ts";

/** Loads one task. Errors: `project_not_found`, `task_not_found`, `record_damaged`, exit 9 when its runtime fails. */
export async function observeTask(carrel: Carrel, ref: TaskRef): Promise<LoadedTask> {
  const task = await loadTask(carrel, ref);
  await keepEnd(carrel, task);
  return await observeQuestion(carrel, task);
}

/**
 * Loads a task however its runtime does: `live` is then the failure. Errors: `task_not_found`,
 * `record_damaged`.
 */
export async function observeTaskAnyhow(carrel: Carrel, ref: TaskRef): Promise<LoadedTask> {
  const task = await loadTaskAnyhow(carrel, ref);
  if (!(task.live instanceof AppError)) await keepEnd(carrel, task);
  return await observeQuestion(carrel, task);
}

/**
 * Loads a task for the answer of a verb that has done its work: that its runtime does not tell how it is now
 * is worth a warning, not a failure. Errors: `task_not_found`, `record_damaged`.
 */
export async function observeAfterwards(carrel: Carrel, ref: TaskRef): Promise<LoadedTask> {
  const task = await observeTaskAnyhow(carrel, ref);
  if (task.live instanceof AppError) {
    const text = `it is not known how task ${ref.project}/${ref.id} is now: ${task.live.message}`;
    carrel.notify({ kind: "warning", text });
  }
  return task;
}

/** Loads the tasks of one project, or of all; sorted by id within a project. `project_not_found`. */
export async function observeTasks(carrel: Carrel, project: ProjectId | null): Promise<TaskListing> {
  const listing = await loadTasks(carrel, project);
  const tasks: LoadedTask[] = [];
  for (const task of listing.tasks) {
    await keepEnd(carrel, task);
    tasks.push(await observeQuestion(carrel, task));
  }
  return { ...listing, tasks };
}

async function keepEnd(carrel: Carrel, { meta, stored }: LoadedTask): Promise<void> {
  const isNews = meta.exit_reason !== null && !endIsRecorded(stored.record);
  const isRestarted = meta.container_state === "running" && stored.record.stopped_at !== null;
  if (isNews || isRestarted) await recordEnd(carrel, stored);
}
