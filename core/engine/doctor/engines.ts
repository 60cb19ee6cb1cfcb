/**
 * The engines that may have containers of this root.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import type { Config } from "../../config/config.ts";
import { type AppError, isAppError } from "../../error.ts";
import { isProjectId } from "../../identity/project_id.ts";
import { isTaskId } from "../../identity/task_id.ts";
import { listTaskIds, readTaskMeta } from "../../meta/record_store.ts";
import { type TaskRecord, toTaskRecord } from "../../meta/task_record.ts";
import type { ContainerStatus, Runtime } from "../../port/runtime.ts";
import { listProjectArchives } from "../../query/archives.ts";
import type { TaskRef } from "../../query/find_task.ts";
import { hasRuntime } from "../../query/runtime_of.ts";
import { type KnownProject, surveyProjects } from "./known_projects.ts";

/** One engine: a runtime, reached as the configuration of one of its projects says. */
export interface Engine {
  readonly runtime: string;
  readonly config: Config;
  /** Whether a task is on record that was launched there; else it need not even be installed. */
  readonly isUsed: boolean;
}

/** Lists those that projects are set to, and those that tasks and archives have run on. */
export async function listEngines(carrel: Carrel): Promise<Engine[]> {
  const engines = new Map<string, Engine>();
  const add = (runtime: string, { config }: KnownProject, isUsed: boolean) => {
    const connection = config.getOrDefault("runtime.podman.connection") ?? "";
    const key = `${runtime} ${runtime === "podman" ? connection : ""}`;
    const known = engines.get(key);
    engines.set(key, { runtime, config, isUsed: isUsed || known?.isUsed === true });
  };
  for (const project of (await surveyProjects(carrel)).known) {
    const usual = project.config.getOrDefault("run.runtime");
    add(usual, project, false);
    for (const record of await listRecords(carrel, project)) {
      // Another check tells which runtimes on record there are none of.
      if (!hasRuntime(carrel, record)) continue;
      if (record.mode !== null || record.runtime !== null) add(record.runtime ?? usual, project, true);
    }
    for (const { content } of await listProjectArchives(carrel, project.id)) {
      if (!isAppError(content) && content.record.runtime !== null) {
        add(content.record.runtime, project, false);
      }
    }
  }
  return [...engines.values()];
}

/** A container of this root, by its labels, and the runtime that it was found in. */
export interface FoundContainer {
  readonly runtime: Runtime;
  readonly status: ContainerStatus;
  readonly ref: TaskRef;
}

/** All containers of this root that an engine has, or why it does not tell. */
export async function askEngine(
  carrel: Carrel,
  { runtime: name, config }: Engine,
): Promise<FoundContainer[] | AppError> {
  try {
    const { runtime } = await carrel.openRuntime(name, config);
    return [...(await runtime.states({})).values()].flatMap((status) => {
      const ref = containerTask(carrel, status);
      return ref === null ? [] : [{ runtime, status, ref }];
    });
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}

/** The task of this root that a container was made for; null for anybody else's, whatever its name. */
function containerTask({ paths }: Carrel, { labels }: ContainerStatus): TaskRef | null {
  const { "carrel.root": root, "carrel.project": project = "", "carrel.task": id = "" } = labels;
  return root === paths.root && isProjectId(project) && isTaskId(id) ? { project, id } : null;
}

/** The records that can be read. */
export async function listRecords(
  { host: { files } }: Carrel,
  { id, metaDir }: KnownProject,
): Promise<TaskRecord[]> {
  const records: TaskRecord[] = [];
  for (const task of await listTaskIds(files, metaDir) ?? []) {
    try {
      const map = await readTaskMeta(files, metaDir, task);
      if (map !== null) records.push(toTaskRecord(map, { project: id, id: task }));
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
  }
  return records;
}
