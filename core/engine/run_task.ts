/**
 * `task run`: a new task and its first start, or the first start of one that never ran.
 *
 * @module
 */
import type { Carrel, OpenRuntime } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskRef } from "../query/find_task.ts";
import type { TaskMode } from "../query/container_name.ts";
import { openProject, type Project } from "../query/open_project.ts";
import { type JsonObject, readConcern } from "../query/operations.ts";
import { makeAgentDir, writeAgentFile } from "./agent_file.ts";
import { requireActiveAgent } from "./agent_session.ts";
import { checkImage, checkUpstream } from "./check_launch.ts";
import { checkSpace, holdBudget } from "./check_space.ts";
import { addTask, hasRecord, newTaskArgs, type NewTaskRequest } from "./create_task.ts";
import { holderOf, launchTask, PROMPT_FILE } from "./launch.ts";
import { decideLaunch, type LaunchRequest, type LaunchSettings } from "./launch_settings.ts";
import { mutateTask } from "./mutate_task.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { failedBefore, perform, type Performed } from "./perform.ts";
import { hasSeed, SEED_STEP, seedTask } from "./seed_task.ts";
import { holdResources, releaseResources } from "./task_resources.ts";
import { type HeldTask, holdTask } from "./with_task.ts";

/** What was run; `ref` is null in a dry run that would make a new task. */
export type RunResult = Performed<Run>;

/** What `task run` gives. */
export interface Run {
  readonly ref: TaskRef | null;
  readonly mode: TaskMode;
}

/**
 * Makes a task and starts it. Everything that can be checked is checked before anything is made.
 * Errors: those of `createTask` and `decideLaunch`, exit 9 of the runtime, `image_not_found`,
 * `start_failed` (the task is there, its status `failed`).
 */
export async function runNewTask(
  carrel: Carrel,
  projectId: ProjectId,
  request: NewTaskRequest & LaunchRequest,
  options: MutationOptions = {},
): Promise<RunResult> {
  const project = await openProject(carrel, projectId);
  const failed = await failedBefore(carrel, options);
  const made = failed === null ? null : await findMade(carrel, project, failed);
  if (made !== null) return await runTask(carrel, made, request, options, failed);
  const args = { new: true, ...newTaskArgs(request), ...launchArgs(request) };
  const deed = { verb: "task run", project: project.id, task: null, args };
  return await perform(carrel, deed, options, async (op) => {
    const { settings, opened } = await decide(carrel, op, project, request);
    const { mode, runtime } = settings;
    const hold = (ref: TaskRef) => holdResources(carrel, op, holderOf({ project, ref }, settings), request);
    return await addTask(carrel, op, project, { ...request, hold, runtime }, async (ref): Promise<Run> => {
      if (ref === null) {
        await planLaunch(carrel, op, project, request);
        return { ref, mode };
      }
      const task = await holdTask(carrel, project, ref);
      try {
        await firstLaunch(carrel, op, task, settings, request, opened);
      } catch (error) {
        if (isAppError(error)) carrel.notify({ kind: "warning", text: notStarted(task) });
        throw error;
      }
      return { ref, mode };
    });
  });
}

/** Starts a task that never ran: `already_ran` otherwise. */
export async function runExistingTask(
  carrel: Carrel,
  ref: TaskRef,
  request: LaunchRequest,
  options: MutationOptions = {},
): Promise<RunResult> {
  return await runTask(carrel, ref, request, options, await failedBefore(carrel, options));
}

/** The same; `failed` is the last attempt of this operation, if there was one. */
async function runTask(
  carrel: Carrel,
  ref: TaskRef,
  request: LaunchRequest,
  options: MutationOptions,
  failed: string | null,
): Promise<RunResult> {
  const deed = { verb: "task run", ref, args: launchArgs(request) };
  return await mutateTask(carrel, deed, options, async (op, task): Promise<Run> => {
    if (hasRun(task, failed)) {
      throw new AppError("already_ran", `task ${task.address} has run before`, {
        hint: `start it again with \`carrel task restart ${task.address}\``,
      });
    }
    const { settings, opened } = await decide(carrel, op, task.project, request);
    await checkSpace(carrel, task.project);
    await holdResources(carrel, op, holderOf(task, settings), request);
    await holdBudget(carrel, op, task.project);
    await firstLaunch(carrel, op, task, settings, request, opened);
    return { ref, mode: settings.mode };
  });
}

/** The task that a failed attempt of the operation has made and could not start; null when there is none. */
async function findMade(carrel: Carrel, project: Project, failed: string): Promise<TaskRef | null> {
  const { decisionAudit } = await carrel.state();
  const made = readConcern(await decisionAudit.eventsForDfid(failed));
  return made !== null && await hasRecord(carrel, project, made.id) ? made : null;
}

/** Whether a task was started, or was to be by anything but that failed attempt. */
function hasRun({ record: { mode, op } }: HeldTask, failed: string | null): boolean {
  return mode !== null && (failed === null || (op !== null && op !== failed));
}

/** What is recorded of a launch: names of variables, not their values; that there is a prompt, not its text. */
function launchArgs({ mode, command, env = {}, prompt, timeoutS }: LaunchRequest): JsonObject {
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(command === undefined ? {} : { command: [...command] }),
    env: Object.keys(env),
    prompt: prompt !== undefined,
    ...(timeoutS === undefined ? {} : { timeout: timeoutS }),
  };
}

async function decide(carrel: Carrel, op: Operation, project: Project, request: LaunchRequest) {
  const opened = await carrel.openRuntime(project.config.get("run.runtime"), project.config);
  const { caution } = opened.plugin;
  if (caution !== null) carrel.notify({ kind: "warning", text: caution });
  const settings = decideLaunch(carrel, project.config, opened.plugin, request);
  await checkUpstream(carrel, project);
  await requireActiveAgent(carrel, settings.agent);
  // A real run learns it from the runtime's create.
  if (op.dryRun) await checkImage(carrel, project, opened.plugin, settings);
  return { opened, settings };
}

async function firstLaunch(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  settings: LaunchSettings,
  { prompt }: LaunchRequest,
  opened: OpenRuntime,
): Promise<void> {
  try {
    if (prompt !== undefined) {
      await op.step("write prompt", task.address, () => writePrompt(carrel, task, prompt));
    }
    const seed = await seedTask(carrel, op, task, opened.plugin);
    try {
      await launchTask(carrel, op, task, settings, { ...opened, beforeStart: seed.place });
    } finally {
      // A launch that fails before its start keeps the seed for the next one.
      await seed.place();
    }
  } catch (error) {
    if (!isAppError(error)) throw error;
    // The mode is on record before anything is started: without it nothing runs, whatever the runtime can tell.
    if (!op.dryRun && task.record.mode === null) await releaseResources(carrel, task.ref);
    throw error.addDetails({ project_id: task.ref.project, task_id: task.ref.id });
  }
}

/** The task is there, whatever went wrong: nobody should have to search for it. */
function notStarted({ address, record }: HeldTask): string {
  const verb = record.mode === null ? "run" : "start";
  return `task ${address} was made, but not started; try again with \`carrel task ${verb} ${address}\``;
}

/** The steps of `firstLaunch` for a task that a dry run does not make. */
async function planLaunch(
  carrel: Carrel,
  op: Operation,
  project: Project,
  { prompt }: LaunchRequest,
): Promise<void> {
  const actions = [
    ...(prompt === undefined ? [] : ["write prompt"]),
    ...(await hasSeed(carrel, project) ? [SEED_STEP] : []),
    ...["prepare", "create container", "start container"],
  ];
  for (const action of actions) await op.step(action, project.id, () => Promise.resolve());
}

/** Leaves a prompt where the container sees it. */
export async function writePrompt(carrel: Carrel, task: HeldTask, prompt: string): Promise<void> {
  await makeAgentDir(carrel, task);
  await writeAgentFile(carrel, task, PROMPT_FILE, prompt, 0o644);
}
