/**
 * Starting tasks, and bringing them back. The reference keeps its runners in another package; these are
 * carrel's own names.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { followupTask } from "../engine/followup_task.ts";
import type { LaunchRequest } from "../engine/launch_settings.ts";
import { newProject, type NewProjectRequest } from "../engine/new_project.ts";
import { restoreArchive } from "../engine/restore_archive.ts";
import { runExistingTask, runNewTask } from "../engine/run_task.ts";
import { type RestartRequest, restartTask, startTask } from "../engine/start_task.ts";
import type { WaitOptions, WhileWaiting } from "../engine/task_resources.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { invariant } from "../invariant.ts";
import { findArchive } from "../query/archives.ts";
import { parseTaskRef } from "./parse_task_ref.ts";

export type { LaunchRequest, NewProjectRequest, RestartRequest, WaitOptions, WhileWaiting };

/** What a task that is made and started may be given. */
export interface TaskRunOptions extends LaunchRequest {
  /** A name as a person types it; a random one when null or absent. */
  readonly name?: string | null;
  /** Labels for finding it again. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Where an archive is restored to. */
export interface ArchiveRestoreOptions {
  /** Another project than the one it was deleted from. */
  readonly into?: string;
}

/**
 * Makes a project with these settings; answers the path of its project.yml. Throws
 * `invalid_project_name`, `already_exists`, `invalid_value`.
 */
export async function projectNew(
  carrel: Carrel,
  project: string,
  settings: NewProjectRequest = {},
): Promise<string> {
  return (await newProject(carrel, project, settings)).file;
}

/**
 * Makes a task and starts it; answers its id once it is started, and does not wait for its end. Throws
 * `project_not_found`, `invalid_task_name`, `config_missing`, `env_missing`, `image_not_found`,
 * `start_failed`, and the error of a runtime that fails.
 */
export async function taskRun(
  carrel: Carrel,
  project: string,
  options: TaskRunOptions = {},
): Promise<string> {
  const { ref } = await runNewTask(carrel, parseProjectId(project), options);
  invariant(ref !== null, "a task that was made has an id");
  return ref.id;
}

/**
 * Starts a task: its first start with `launch`, or its container again, which is made anew if it is gone.
 * One that runs is left alone. Throws `task_not_found`, `already_ran` (a launch of a task that has run),
 * `never_ran` (no launch for one that has not), `env_missing`, `start_failed`, a runtime's error.
 */
export async function taskStart(
  carrel: Carrel,
  project: string,
  taskId: string,
  launch?: LaunchRequest,
): Promise<void> {
  const ref = parseTaskRef(project, taskId);
  if (launch === undefined) await startTask(carrel, ref);
  else await runExistingTask(carrel, ref, launch);
}

/** Stops a task if it runs and starts it again. Throws as `taskStart` does. */
export async function taskRestart(
  carrel: Carrel,
  project: string,
  taskId: string,
  options: RestartRequest = {},
): Promise<void> {
  await restartTask(carrel, parseTaskRef(project, taskId), options);
}

/**
 * Gives an unattended task that has ended another prompt and starts it again. Throws `never_ran`,
 * `wrong_state`, `container_absent`, and as `taskStart` does.
 */
export async function taskFollowup(
  carrel: Carrel,
  project: string,
  taskId: string,
  prompt: string,
): Promise<void> {
  await followupTask(carrel, parseTaskRef(project, taskId), prompt);
}

/**
 * Restores an archive, named by its id, a task id or the beginning of either; answers the task's id.
 * Throws `archive_not_found`, `ambiguous`, `already_exists`, `project_not_found`.
 */
export async function archiveRestore(
  carrel: Carrel,
  project: string,
  archiveId: string,
  options: ArchiveRestoreOptions = {},
): Promise<string> {
  const archive = await findArchive(carrel, [project, archiveId]);
  const into = options.into === undefined ? {} : { into: parseProjectId(options.into) };
  return (await restoreArchive(carrel, archive, into)).ref.id;
}
