/**
 * Tasks as they are now: record, agent's word and live container.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { sanitizeLine } from "../text/sanitize_text.ts";
import { diffTask } from "../engine/diff_task.ts";
import { observeTask, observeTasks } from "../engine/observe_tasks.ts";
import { AppError, isAppError } from "../error.ts";
import { isProjectId, parseProjectId } from "../identity/project_id.ts";
import { isTaskId } from "../identity/task_id.ts";
import { readTaskMeta } from "../meta/record_store.ts";
import { toTaskRecord } from "../meta/task_record.ts";
import { CONTAINER_MODES, containerName } from "../query/container_name.ts";
import { filterTasks } from "../query/filter_tasks.ts";
import { type LiveState, liveStates } from "../query/live_states.ts";
import type { TaskListing } from "../query/load_tasks.ts";
import { openProject } from "../query/open_project.ts";
import { parseStatusWord } from "../query/parse_status_word.ts";
import type { TaskMeta as TaskSnapshot } from "../query/task_meta.ts";
import { parseTaskRef } from "./parse_task_ref.ts";

/** A snapshot of one task; `status` says in one word how it is. */
export type TaskMeta = TaskSnapshot;

/** The way to a {@linkcode TaskMeta} through its own name. */
export const TaskMeta: {
  /** Loads a task, the same as {@linkcode getTaskMeta}. */
  load(carrel: Carrel, project: string, taskId: string): Promise<TaskMeta>;
} = { load: getTaskMeta };

/**
 * One task with its live container. Throws `task_not_found`, `record_damaged`, and the error of a runtime
 * that does not answer: a container that cannot be seen is never taken for one that is not there.
 */
export async function getTaskMeta(carrel: Carrel, project: string, taskId: string): Promise<TaskMeta> {
  return (await observeTask(carrel, parseTaskRef(project, taskId))).meta;
}

/**
 * All tasks of a project with their live containers, by id; `reverse` turns the order round. Damaged
 * records and runtimes that do not answer are named in warnings; tasks of the latter have status `unknown`.
 * Throws `project_not_found`.
 */
export async function getTasks(carrel: Carrel, project: string, reverse = false): Promise<TaskMeta[]> {
  const listing = await observeTasks(carrel, parseProjectId(project));
  warn(carrel, [...listing.damaged, ...listing.runtimeFailures]);
  const tasks = listing.tasks.map(({ meta }) => meta);
  return reverse ? tasks.reverse() : tasks;
}

/** Which tasks {@linkcode taskList} names; all that is given must hold. */
export interface TaskListFilter {
  /** A status word; `not-found` is accepted for `not found`. */
  readonly status?: string | null;
  /** One of `CONTAINER_MODES`. */
  readonly mode?: string | null;
  /** The agent, else the provider, else the preset. */
  readonly agent?: string | null;
}

/**
 * The tasks of a project as lines, by id: `- <id>: <name> <status>` and, where there is something to say,
 * `[mode=...; port=...; work=...]`. Damaged records are named in warnings.
 *
 * Throws `invalid_value` for a filter word that means nothing, `project_not_found`, and the error of a
 * runtime that does not answer.
 */
export async function taskList(
  carrel: Carrel,
  project: string,
  { status, mode, agent }: TaskListFilter = {},
): Promise<string> {
  const filter = {
    status: status == null ? undefined : parseStatusWord(status),
    mode: mode == null ? undefined : parseMode(mode),
    agent: agent ?? undefined,
  };
  const listing = await observeTasks(carrel, parseProjectId(project));
  warn(carrel, listing.damaged);
  throwFirst(listing);
  const wanted = new Set(filterTasks(listing.tasks.map(({ meta }) => meta), filter));
  const lines = listing.tasks.filter(({ meta }) => wanted.has(meta)).map(({ meta }) => wordTask(meta));
  return lines.length === 0 ? "No tasks found" : lines.join("\n");
}

function parseMode(word: string): string {
  if (CONTAINER_MODES.some((mode) => mode === word)) return word;
  throw new AppError("invalid_value", `${JSON.stringify(word)} is not a mode`, {
    hint: `one of: ${CONTAINER_MODES.join(", ")}`,
  });
}

function wordTask({ task_id, name, status, mode, web_port, work_status }: TaskMeta): string {
  const facts = [
    ...(mode === null ? [] : [`mode=${mode}`]),
    ...(web_port === null ? [] : [`port=${web_port}`]),
    ...(work_status === null ? [] : [`work=${work_status}`]),
  ];
  const line = `- ${task_id}: ${name} ${status}`;
  return sanitizeLine(facts.length === 0 ? line : `${line} [${facts.join("; ")}]`);
}

/**
 * The runtime's word for the container of a task in this mode (`running`, `exited`, ...); null when there
 * is no such container. Throws `project_not_found` and the error of a runtime that does not answer.
 */
export async function getTaskContainerState(
  carrel: Carrel,
  project: string,
  taskId: string,
  mode: string | null,
): Promise<string | null> {
  const ref = parseTaskRef(project, taskId);
  const opened = await openProject(carrel, ref.project);
  const map = await readTaskMeta(carrel.host.files, opened.metaDir, ref.id);
  const record = { ...toTaskRecord(map ?? {}, ref), mode };
  const [state = null] = await liveStates(carrel, [{ project: opened, record }]);
  return stateWord(state);
}

/**
 * The runtime's word for the container of each of the tasks, by task id, asked for all at once; null for a
 * task without one. Throws `project_not_found` and the error of a runtime that does not answer.
 */
export async function getAllTaskStates(
  carrel: Carrel,
  project: string,
  tasks: readonly TaskMeta[],
): Promise<Record<string, string | null>> {
  const opened = await openProject(carrel, parseProjectId(project));
  const states = await liveStates(carrel, tasks.map((record) => ({ project: opened, record })));
  return Object.fromEntries(tasks.map(({ task_id }, index) => [task_id, stateWord(states[index] ?? null)]));
}

function stateWord(state: LiveState): string | null {
  if (state instanceof AppError) throw state;
  return state?.state ?? null;
}

/**
 * What a task changed in its workspace, as git prints it: against the last commit (`HEAD`), or the last
 * commit against the one before (`PREV`). git runs where the task runs, never on the host. Null when there
 * is nothing to ask: the task never ran, its workspace is no repository or its image has no git, its
 * container and image are gone, or the runtime fails (`task diff` tells these apart).
 *
 * Throws `task_not_found`, `record_damaged`.
 */
export async function getWorkspaceGitDiff(
  carrel: Carrel,
  project: string,
  taskId: string,
  against: "HEAD" | "PREV" = "HEAD",
): Promise<string | null> {
  const ref = parseTaskRef(project, taskId);
  try {
    const diff = await diffTask(carrel, ref, { against: against === "PREV" ? "prev" : "head" });
    return new TextDecoder().decode(diff);
  } catch (error) {
    if (isAppError(error) && !isAppError(error, ...NO_SUCH_TASK)) return null;
    throw error;
  }
}

const NO_SUCH_TASK = ["project_not_found", "task_not_found", "record_damaged", "invalid_config"] as const;

/**
 * The name of a task's container; null when the task is unknown or has never run, or when the texts are no
 * names at all. Throws `record_damaged`.
 */
export async function lookupContainerByPt(
  carrel: Carrel,
  project: string,
  taskId: string,
): Promise<string | null> {
  if (!isProjectId(project) || !isTaskId(taskId)) return null;
  const map = await readTaskMeta(carrel.host.files, carrel.paths.tasksMetaDir(project), taskId);
  const { mode } = toTaskRecord(map ?? {}, { project, id: taskId });
  return mode === null ? null : containerName(project, mode, taskId);
}

function throwFirst({ runtimeFailures: [failure] }: TaskListing): void {
  if (failure !== undefined) throw failure;
}

function warn(carrel: Carrel, errors: readonly AppError[]): void {
  for (const { message } of errors) carrel.notify({ kind: "warning", text: message });
}
