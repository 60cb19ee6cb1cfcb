/**
 * The runtime of a task.
 *
 * @module
 */
import type { Carrel, OpenRuntime } from "../carrel.ts";
import { AppError } from "../error.ts";
import type { TaskRecord } from "../meta/task_record.ts";
import type { Project } from "./open_project.ts";

/**
 * Opens the runtime of a task: the one that it ran on, else the one that its project is set to. Errors:
 * `runtime_unavailable` when there is none of the name on record, `runtime_not_found` of the name configured.
 */
export async function runtimeOf(
  carrel: Carrel,
  project: Pick<Project, "config">,
  record: Pick<TaskRecord, "runtime">,
): Promise<OpenRuntime> {
  if (!hasRuntime(carrel, record)) throw unknownRuntime(carrel, record);
  return await carrel.openRuntime(record.runtime ?? project.config.get("run.runtime"), project.config);
}

/** As {@linkcode runtimeOf}, for a tree that is to go: where there is none of the name on record, the usual one does. */
export async function purgingRuntimeOf(
  carrel: Carrel,
  project: Pick<Project, "config">,
  record: Pick<TaskRecord, "runtime">,
): Promise<OpenRuntime> {
  return await runtimeOf(carrel, project, hasRuntime(carrel, record) ? record : { runtime: null });
}

/** Whether there is a runtime of the name that is on record, if there is one. */
export function hasRuntime(
  { plugins }: Pick<Carrel, "plugins">,
  record: Pick<TaskRecord, "runtime">,
): boolean {
  return record.runtime === null || plugins.some(({ name }) => name === record.runtime);
}

/** The task may run: nobody here can tell. That is a runtime that does not answer, not a name typed wrong. */
function unknownRuntime(
  { plugins }: Pick<Carrel, "plugins">,
  { runtime }: Pick<TaskRecord, "runtime">,
): AppError {
  return new AppError("runtime_unavailable", `there is no runtime ${runtime}, which is the one on record`, {
    hint: `correct \`runtime:\` in the task's bookkeeping to one of: ${
      plugins.map(({ name }) => name).join(", ")
    }; \`carrel doctor\` names the file, and \`carrel task delete --purge\` gives the task up`,
  });
}
