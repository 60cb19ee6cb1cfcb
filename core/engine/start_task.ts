/**
 * `task start` and `task restart`: the container that is there runs again, or a new one like it.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { requireOwnDirs } from "../query/agent_dir.ts";
import { readEnv } from "../meta/env_file.ts";
import { CONTAINER_MODES, type TaskMode } from "../query/container_name.ts";
import type { TaskRef } from "../query/find_task.ts";
import { findContainer, isActive, type LaunchedContainer } from "../query/launched_container.ts";
import { checkSession } from "./agent_session.ts";
import { checkImage, checkUpstream } from "./check_launch.ts";
import { checkStart, holderOf, launchTask, startContainer } from "./launch.ts";
import { IDLE_COMMAND, type LaunchSettings, requireSoundLaunch, resolveEnv } from "./launch_settings.ts";
import { mutateTask } from "./mutate_task.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { RUNS_ON, stopContainer } from "./stop_task.ts";
import { type Holder, holdResources, type WaitOptions } from "./task_resources.ts";
import type { HeldTask } from "./with_task.ts";

/** How to restart. */
export interface RestartRequest extends WaitOptions {
  /** Make a new container from the recorded image and command, even if the old one is there. */
  readonly recreate?: boolean;
}

/** Starts a task that is not running; one that runs is left alone. Errors: `never_ran`, `env_missing`, exit 9, `start_failed`, those of `holdResources`. */
export async function startTask(
  carrel: Carrel,
  ref: TaskRef,
  request: WaitOptions = {},
  options: MutationOptions = {},
): Promise<Operation> {
  const { op } = await mutateTask(carrel, { verb: "task start", ref }, options, async (op, task) => {
    const container = await findContainer(carrel, task);
    await noteStart(op, container);
    refusePaused(task.address, container.status);
    if (!isActive(container.status)) {
      await checkSession(carrel, task.record);
      await holdResources(carrel, op, startHolder(task, container, false), request);
      await resumeOrRecreate(carrel, op, task, container, false);
    } else if (task.record.stopped_at !== null && !op.dryRun) await task.update(RUNS_ON);
    return {};
  });
  return op;
}

/** Stops a task if it runs, then starts it. Errors as of `startTask`. */
export async function restartTask(
  carrel: Carrel,
  ref: TaskRef,
  request: RestartRequest = {},
  options: MutationOptions = {},
): Promise<Operation> {
  const recreate = request.recreate ?? false;
  const deed = { verb: "task restart", ref, args: { recreate } };
  const { op } = await mutateTask(carrel, deed, options, async (op, task) => {
    const container = await findContainer(carrel, task);
    await noteStart(op, container);
    // What the start needs is looked for before the running container is touched.
    await checkSession(carrel, task.record);
    if (recreate || !canResume(container)) await checkRecreate(carrel, task, container);
    else await checkStart(carrel, task);
    await holdResources(carrel, op, startHolder(task, container, recreate), request);
    await stopContainer(carrel, op, task, container, null);
    await resumeOrRecreate(carrel, op, task, container, recreate);
    return {};
  });
  return op;
}

/** A new container takes the place of the old one: what can be known to stand in its way comes first. */
async function checkRecreate(carrel: Carrel, task: HeldTask, { plugin }: LaunchedContainer): Promise<void> {
  await requireOwnDirs(carrel.host, task.taskDir);
  const settings = await recordedSettings(carrel, task);
  await checkUpstream(carrel, task.project);
  await checkImage(carrel, task.project, plugin, settings);
}

/** Whether there is a container that can be started again. */
function canResume({ status, isMoved }: LaunchedContainer): boolean {
  return status !== null && !isMoved;
}

async function resumeOrRecreate(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  container: LaunchedContainer,
  recreate: boolean,
): Promise<void> {
  if (canResume(container) && !recreate) {
    await startContainer(carrel, op, task, container);
    return;
  }
  const settings = await recordedSettings(carrel, task);
  await launchTask(carrel, op, task, settings, container);
}

/** Who takes resources for a start; a container that is there needs its port again. */
export function startHolder(task: HeldTask, container: LaunchedContainer, recreate: boolean): Holder {
  const holder = holderOf(task, { mode: container.mode, runtime: container.plugin.name });
  return !canResume(container) || recreate ? holder : { ...holder, hostPort: task.record.web_port };
}

/** A start that comes later than this one is the operation's own. */
export async function noteStart(op: Operation, { status }: LaunchedContainer): Promise<void> {
  await op.note({ started_at: status?.startedAtMicros ?? null });
}

function refusePaused(address: string, status: LaunchedContainer["status"]): void {
  if (status?.state !== "paused") return;
  throw new AppError("wrong_state", `the container of task ${address} is paused`, {
    hint: `unpause it, or start afresh with \`carrel task restart ${address}\``,
  });
}

/** The settings of the last launch, from the record. `env_missing` names a value that is gone. */
async function recordedSettings(carrel: Carrel, task: HeldTask): Promise<LaunchSettings> {
  const { record, project } = task;
  requireSoundLaunch(project.config);
  resolveEnv(carrel, project.config.get("run.env"));
  const values = await readEnv(carrel.host.files, project.metaDir, record.task_id);
  const env: Record<string, string> = {};
  for (const name of record.env_names) {
    const value = values[name] ?? carrel.host.env.get(name);
    if (value === undefined) {
      throw new AppError("env_missing", `the value of ${name} is needed to make the container again`, {
        hint: `set ${name} in carrel's environment, or run a new task`,
        details: { name },
      });
    }
    env[name] = value;
  }
  const mode = knownMode(record.mode, task.address);
  return {
    mode,
    image: record.image ?? project.config.get("run.image"),
    command: record.command ?? (mode === "cli" ? IDLE_COMMAND : null),
    env,
    timeoutS: record.timeout,
    unrestricted: record.unrestricted ?? project.config.get("run.unrestricted"),
    agent: record.agent,
    runtime: record.runtime ?? project.config.get("run.runtime"),
  };
}

function knownMode(mode: string | null, address: string): TaskMode {
  const known = CONTAINER_MODES.find((word) => word === mode);
  if (known === undefined) {
    throw new AppError("record_damaged", `task ${address} has an unknown mode ${JSON.stringify(mode)}`);
  }
  return known;
}
