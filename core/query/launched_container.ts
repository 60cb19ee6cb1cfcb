/**
 * The container of a task that has been started.
 *
 * @module
 */
import type { Carrel, OpenRuntime } from "../carrel.ts";
import type { ConfigKey } from "../config/config.ts";
import { AppError, isAppError } from "../error.ts";
import type { ContainerStatus, Runtime } from "../port/runtime.ts";
import { containerName } from "./container_name.ts";
import { runtimeOf } from "./runtime_of.ts";
import { ownContainer } from "./own_container.ts";
import type { StoredTask } from "./stored_task.ts";

/** A launched task's container as its runtime sees it now. */
export interface LaunchedContainer extends OpenRuntime {
  readonly name: string;
  readonly mode: string;
  /** Makes containers under this root; another than `runtime` when that knows the container under an old one. */
  readonly maker: Runtime;
  /** It cannot be started again, only made anew: its root has been moved. */
  readonly isMoved: boolean;
  /** Null when the runtime has no such container. */
  readonly status: ContainerStatus | null;
}

/**
 * Asks the runtime for a task's container. Errors: `never_ran`, and exit 9 when the runtime fails:
 * a container that cannot be seen is never taken for one that is not there, nor (`conflict`) one of which nobody can
 * tell whose it is.
 */
export async function findContainer(carrel: Carrel, task: StoredTask): Promise<LaunchedContainer> {
  const mode = requireMode(task);
  return await lookFor(carrel, task, mode, await runtimeOf(carrel, task.project, task.record));
}

/**
 * The same for who wants to end the container whatever the configuration is like: where it cannot be read, the usual
 * settings do for a container that is found with them. `invalid_config` when none is: it may be elsewhere.
 */
export async function findContainerAnyhow(carrel: Carrel, task: StoredTask): Promise<LaunchedContainer> {
  try {
    return await findContainer(carrel, task);
  } catch (error) {
    const { config } = task.project;
    const plugin = carrel.plugins.find(({ name }) => name === task.record.runtime);
    if (!isAppError(error, "invalid_config") || plugin === undefined) throw error;
    const setting = (key: string) => config.getOrDefault(key as ConfigKey);
    const runtime = await plugin.open({ ...carrel.runtimeContext(config), setting });
    const container = await lookFor(carrel, task, requireMode(task), { plugin, runtime });
    if (container.status === null) throw error;
    return container;
  }
}

function requireMode({ project, record }: StoredTask): string {
  if (record.mode === null) throw neverRan(`${project.id}/${record.task_id}`);
  return record.mode;
}

async function lookFor(
  carrel: Carrel,
  task: StoredTask,
  mode: string,
  opened: OpenRuntime,
): Promise<LaunchedContainer> {
  const { plugin, runtime: maker } = opened;
  const name = containerName(task.project.id, mode, task.record.task_id);
  const states = await maker.states({ project: task.project.id, names: [name], anyRoot: new Set([name]) });
  const own = await ownContainer(carrel, opened, task, states.get(name)) ??
    { runtime: maker, status: null, isMoved: false };
  return { plugin, maker, ...own, name, mode };
}

/** The container after a call that failed; undefined when its runtime cannot tell that either. */
export async function lookAgain(
  { runtime, name }: Pick<LaunchedContainer, "runtime" | "name">,
): Promise<ContainerStatus | null | undefined> {
  try {
    return (await runtime.states({ names: [name] })).get(name) ?? null;
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

/** States in which a container has processes, or may have them: nobody can tell of a damaged one. */
const ACTIVE_STATES = ["running", "paused", "stopping", "damaged"];

/** Whether a container in this state may have processes. */
export function isActiveState(state: string): boolean {
  return ACTIVE_STATES.includes(state);
}

/** Whether a container may have processes. */
export function isActive(status: ContainerStatus | null): boolean {
  return status !== null && isActiveState(status.state);
}

/** The error for a verb that needs a task that has been started. */
export function neverRan(address: string): AppError {
  return new AppError("never_ran", `task ${address} has never run`, {
    hint: `start it with \`carrel task run ${address}\``,
  });
}

/** The error for a verb that needs a running container. */
export function notRunning(address: string, status: ContainerStatus | null): AppError {
  const state = status === null ? "has no container" : `is not running (state: ${status.state})`;
  return new AppError("wrong_state", `task ${address} ${state}`, {
    hint: `start it with \`carrel task start ${address}\``,
  });
}
