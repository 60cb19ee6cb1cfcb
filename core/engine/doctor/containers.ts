/**
 * Containers of this root that no task has: their task is gone, or has another one.
 *
 * Only labels say whose a container is. One whose task was not deleted, as far as the history tells, is named only.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { AppError, isAppError } from "../../error.ts";
import { formatAddress } from "../../identity/address.ts";
import type { TaskRecord } from "../../meta/task_record.ts";
import type { ContainerStatus } from "../../port/runtime.ts";
import { containerName } from "../../query/container_name.ts";
import type { TaskRef } from "../../query/find_task.ts";
import { runtimeOf } from "../../query/runtime_of.ts";
import { isActive } from "../../query/launched_container.ts";
import { askEngine, type Engine, type FoundContainer, listEngines } from "./engines.ts";
import type { Diagnosis } from "./finding.ts";
import { findKnownProject, type KnownProject, notChecked } from "./known_projects.ts";
import { lookAtQuiet, repairQuiet, RIGHT_ALREADY } from "./quiet.ts";
import { isDeletedTask, isKnownTask } from "./task_history.ts";
import { hasRecordFile, traceTask } from "./task_traces.ts";

/** What is wrong with a container. */
type Trouble = Pick<Diagnosis, "code" | "what" | "fix">;

/** See the module. */
export async function containers(carrel: Carrel): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  const seen = new Set<string>();
  for (const engine of await listEngines(carrel)) {
    const asked = await askEngine(carrel, engine);
    if (isAppError(asked)) {
      found.push(...toldOf(carrel, engine, asked));
      continue;
    }
    for (const container of asked) {
      // One engine may be reached in several ways.
      const key = `${container.status.id} ${container.status.name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(...await diagnose(carrel, container));
    }
  }
  return found;
}

/** A runtime that no task on record needs may well be gone; that it was not asked is said all the same. */
function toldOf(carrel: Carrel, { runtime, isUsed }: Engine, failure: AppError): Diagnosis[] {
  if (isUsed) return [notChecked(`runtime ${runtime}`, failure)];
  const text = `it is not known whether runtime ${runtime} has containers of old tasks: ${failure.message}`;
  carrel.notify({ kind: "notice", text });
  return [];
}

async function diagnose(carrel: Carrel, container: FoundContainer): Promise<Diagnosis[]> {
  const { ref, runtime, status: { name, id } } = container;
  if (await judge(carrel, container) === null) return [];
  const look = async () => {
    const now = await findAgain(container);
    return now === null ? null : await judge(carrel, now);
  };
  const trouble = await lookAtQuiet(carrel, ref, look);
  if (trouble === null) return [];
  const where = formatAddress(ref.project, ref.id);
  if (trouble.fix === null) return [{ ...trouble, where, repair: null }];
  const repair = () =>
    repairQuiet(carrel, ref, async () => {
      if ((await look())?.fix !== trouble.fix) return RIGHT_ALREADY;
      const [result] = await runtime.remove([name]);
      if (result?.removed === true) return "removed";
      throw new AppError(
        "runtime_failed",
        `cannot remove the container ${name} (${id}): ${result?.error ?? ""}`,
      );
    });
  return [{ ...trouble, where, repair }];
}

/** The same container as it is now. */
async function findAgain(container: FoundContainer): Promise<FoundContainer | null> {
  const { id, name } = container.status;
  const status = (await container.runtime.states({ names: [name] })).get(name);
  return status === undefined || status.id !== id ? null : { ...container, status };
}

async function judge(carrel: Carrel, { runtime, ref, status }: FoundContainer): Promise<Trouble | null> {
  const project = await findProject(carrel, ref);
  if (project === null) return null;
  const traces = await traceTask(carrel, project, ref.id);
  if (!hasRecordFile(traces)) {
    // A directory without a record is a task whose record is lost: it gets its container back with it.
    return traces.dir === "absent" ? await judgeOrphan(carrel, ref, status) : null;
  }
  const { record, bookkeeping } = traces;
  // Which one is its own is only known by its bookkeeping.
  if (record === null || bookkeeping !== "sound") return null;
  const isOwn = record.mode !== null && status.name === containerName(ref.project, record.mode, ref.id) &&
    runtime.name === (record.runtime ?? project.config.getOrDefault("run.runtime"));
  if (isOwn) return null;
  const what = `container ${status.name} of runtime ${runtime.name} is not the one on its record`;
  // What has run may be all that is left of a run, unless the task has its own container.
  const isNeeded = isActive(status) ||
    status.startedAtMicros !== null && !await hasOwnContainer(carrel, project, record);
  return { code: "stray_container", what, fix: isNeeded ? null : "remove the container" };
}

/** Whether the container on record is there; a runtime that fails has not said so. */
async function hasOwnContainer(carrel: Carrel, project: KnownProject, record: TaskRecord): Promise<boolean> {
  if (record.mode === null) return false;
  const name = containerName(project.id, record.mode, record.task_id);
  try {
    const { runtime } = await runtimeOf(carrel, project, record);
    return (await runtime.states({ names: [name] })).has(name);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return false;
  }
}

/** Null for one that cannot be looked at, which another check tells. */
async function findProject(carrel: Carrel, { project }: TaskRef): Promise<KnownProject | null> {
  try {
    return await findKnownProject(carrel, project);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return null;
  }
}

/** A container that has run is only removed when its task is proved to be deleted, not just gone. */
async function judgeOrphan(
  carrel: Carrel,
  ref: TaskRef,
  { name, startedAtMicros }: ContainerStatus,
): Promise<Trouble> {
  const isProved = startedAtMicros === null ? isKnownTask : isDeletedTask;
  if (await isProved(carrel, ref)) {
    const what = `container ${name} is left of a task that is gone`;
    return { code: "orphan_container", what, fix: "remove the container" };
  }
  const what = `container ${name} is labelled as this task's, and nothing proves that the task was deleted`;
  return { code: "unknown_container", what, fix: null };
}
