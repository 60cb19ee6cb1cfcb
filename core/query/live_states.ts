/**
 * What the runtimes say of tasks, in one call per runtime.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { ContainerStatus, ExitReason, ExitReport } from "../port/runtime.ts";
import { containerName } from "./container_name.ts";
import type { Project } from "./open_project.ts";
import { ownContainer } from "./own_container.ts";
import { runtimeOf } from "./runtime_of.ts";

/** What is looked at of a record to ask after its container. */
export interface LiveSubject {
  readonly project: Pick<Project, "id" | "config">;
  readonly record: EndFacts & {
    readonly task_id: string;
    readonly op?: string | null;
    readonly mode: string | null;
    readonly runtime: string | null;
  };
}

/** What a record says of the end of the last run. */
export interface EndFacts {
  readonly exit_code: number | null;
  readonly exit_reason: string | null;
  readonly stopped_at: string | null;
}

/** A container, or null when the task has none, or the failure of the runtime that was asked. */
export type LiveState = ContainerStatus | null | AppError;

/** What of a {@linkcode LiveState} makes the state of a task. */
export type SeenState = Pick<ContainerStatus, "state" | "startedAtMicros" | "exit"> | null | AppError;

/** The exit status that stands for a run whose time was up, as of timeout(1): engines have codes of their own. */
const TIMED_OUT_EXIT = 124;

/** What a record says of an end that a runtime reports. */
export function endFacts(
  { code, reason }: ExitReport,
): { readonly exit_code: number | null; readonly exit_reason: ExitReason } {
  return { exit_code: reason === "timeout" ? TIMED_OUT_EXIT : code, exit_reason: reason };
}

/** Whether a record already says how its last run ended. */
export function endIsRecorded(record: EndFacts): boolean {
  return record.exit_code !== null || record.exit_reason !== null || record.stopped_at !== null;
}

/** The live state of every task, in the order given. Never throws for a runtime that fails. */
export async function liveStates(carrel: Carrel, tasks: readonly LiveSubject[]): Promise<LiveState[]> {
  const launched = tasks.filter((task) => task.record.mode !== null);
  const groups = Map.groupBy(launched, engineOf);
  const answers = new Map<string, ReadonlyMap<string, ContainerStatus> | AppError>();
  await Promise.all([...groups].map(async ([name, group]) => {
    answers.set(name, await askRuntime(carrel, group));
  }));
  return await Promise.all(tasks.map(async (task) => {
    const { record, project } = task;
    if (record.mode === null) return null;
    const answer = answers.get(engineOf(task));
    if (answer === undefined || answer instanceof AppError) return answer ?? null;
    const status = answer.get(containerName(project.id, record.mode, record.task_id));
    return status?.otherRoot === undefined ? status ?? null : await movedState(carrel, task, status);
  }));
}

/** Names the engine that knows a task's container; a runtime may be reached through several connections. */
function engineOf({ record, project }: LiveSubject): string {
  const runtime = record.runtime ?? project.config.getOrDefault("run.runtime");
  return `${runtime} ${project.config.getOrDefault("runtime.podman.connection") ?? ""}`;
}

/** The state of a container that was made under another root, if it is the task's all the same. */
async function movedState(carrel: Carrel, task: LiveSubject, status: ContainerStatus): Promise<LiveState> {
  try {
    const opened = await runtimeOf(carrel, task.project, task.record);
    return (await ownContainer(carrel, opened, task, status))?.status ?? null;
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}

async function askRuntime(
  carrel: Carrel,
  tasks: readonly LiveSubject[],
): Promise<ReadonlyMap<string, ContainerStatus> | AppError> {
  const [first] = tasks;
  if (first === undefined) return new Map();
  const names = tasks.map(({ record, project }) =>
    containerName(project.id, record.mode ?? "", record.task_id)
  );
  const settled = new Set(names.filter((_, index) => {
    const task = tasks[index];
    return task !== undefined && endIsRecorded(task.record);
  }));
  const oneProject = tasks.every((task) => task.project.id === first.project.id);
  try {
    const { runtime } = await runtimeOf(carrel, first.project, first.record);
    return await runtime.states({
      ...(oneProject ? { project: first.project.id } : {}),
      ...(tasks.length === 1 ? { names } : {}),
      anyRoot: new Set(names),
      settled,
    });
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}
