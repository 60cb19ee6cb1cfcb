/**
 * Tasks with everything known of them: record, files, live container.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { invariant } from "../invariant.ts";
import { listTaskIds } from "../meta/record_store.ts";
import type { TaskRef } from "./find_task.ts";
import { listProjectIds } from "./list_project_ids.ts";
import { type LiveState, liveStates, type SeenState } from "./live_states.ts";
import { openProject } from "./open_project.ts";
import { type Asked, NOTHING_ASKED } from "./question.ts";
import { readStoredTask, type StoredTask } from "./stored_task.ts";
import { newTaskMeta, type TaskMeta } from "./task_meta.ts";

/** A task and the parts its read model was made of; what it asks is not looked for here. */
export interface LoadedTask extends Asked {
  readonly stored: StoredTask;
  readonly live: LiveState;
  readonly meta: TaskMeta;
}

/** Tasks that could be read, and what could not. */
export interface TaskListing {
  readonly tasks: readonly LoadedTask[];
  /** One for each record that cannot be read. */
  readonly damaged: readonly AppError[];
  /** One for each runtime that did not answer; its tasks have status `unknown`. */
  readonly runtimeFailures: readonly AppError[];
}

/** A port on this machine answers at once or not at all. */
const PORT_TIMEOUT_MS = 300;

/** Records read at the same time; more gain nothing on two cores and hold more files open. */
const READS_AT_ONCE = 32;

/** Loads one task. Errors: `task_not_found`, `record_damaged`, exit 9 when its runtime fails. */
export async function loadTask(carrel: Carrel, ref: TaskRef): Promise<LoadedTask> {
  const loaded = await loadTaskAnyhow(carrel, ref);
  if (loaded.live instanceof AppError) throw loaded.live;
  return loaded;
}

/** Loads one task as a list does: with a runtime that fails its status is `unknown`. */
export async function loadTaskAnyhow(carrel: Carrel, ref: TaskRef): Promise<LoadedTask> {
  const stored = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
  const [loaded] = await addLiveStates(carrel, [stored]);
  invariant(loaded !== undefined, "every stored task is given its live state");
  return loaded;
}

/** What a task is that was started this moment: its runtime has said so, and is not asked again. */
export async function loadStarted(carrel: Carrel, ref: TaskRef): Promise<TaskMeta> {
  const stored = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
  const live = { state: "running", startedAtMicros: carrel.host.clock.nowMicros(), exit: null };
  return newTaskMeta(stored, live, await servesPort(carrel, stored, live));
}

/** Loads the tasks of one project, or of all; sorted by id within a project. */
export async function loadTasks(carrel: Carrel, project: ProjectId | null): Promise<TaskListing> {
  const { stored, damaged } = await loadStoredTasks(carrel, project);
  const tasks = await addLiveStates(carrel, stored);
  const failures = new Set(tasks.flatMap(({ live }) => live instanceof AppError ? [live] : []));
  return { tasks, damaged, runtimeFailures: [...failures] };
}

/** {@linkcode loadTasks} without asking any runtime. */
export async function loadStoredTasks(
  carrel: Carrel,
  project: ProjectId | null,
): Promise<{ readonly stored: readonly StoredTask[]; readonly damaged: readonly AppError[] }> {
  const projects = project === null ? await listProjectIds(carrel) : [project];
  const stored: StoredTask[] = [];
  const damaged: AppError[] = [];
  for (const id of projects) {
    try {
      const opened = await openProject(carrel, id);
      const ids = await listTaskIds(carrel.host.files, opened.metaDir) ?? [];
      for (let at = 0; at < ids.length; at += READS_AT_ONCE) {
        const batch = await Promise.allSettled(
          ids.slice(at, at + READS_AT_ONCE).map((taskId) => readStoredTask(carrel, opened, taskId)),
        );
        for (const result of batch) {
          if (result.status === "fulfilled") stored.push(result.value);
          else collectDamage(result.reason, damaged);
        }
      }
    } catch (error) {
      if (project !== null) throw error;
      collectDamage(error, damaged);
    }
  }
  return { stored, damaged };
}

/** A task that vanished between listing and reading was deleted: not damage. */
function collectDamage(error: unknown, damaged: AppError[]): void {
  if (!isAppError(error)) throw error;
  if (error.code !== "task_not_found") damaged.push(error);
}

async function addLiveStates(carrel: Carrel, stored: readonly StoredTask[]): Promise<LoadedTask[]> {
  const states = await liveStates(carrel, stored);
  return await Promise.all(stored.map(async (task, index) => {
    const live = states[index] ?? null;
    const meta = newTaskMeta(task, live, await servesPort(carrel, task, live));
    return { stored: task, live, meta, ...NOTHING_ASKED };
  }));
}

/** A task that serves a port is ready when the port answers. */
async function servesPort(carrel: Carrel, { record }: StoredTask, live: SeenState): Promise<boolean> {
  if (record.mode !== "web" && record.mode !== "toad") return false;
  if (record.initialized || record.web_port === null) return false;
  if (live === null || live instanceof AppError || live.state !== "running") return false;
  return await carrel.host.network.portAnswers(record.web_port, PORT_TIMEOUT_MS);
}
