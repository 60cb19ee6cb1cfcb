/**
 * Whose a container with a task's name is: labels tell the root that it was made under, and a root may be moved.
 *
 * @module
 */
import type { Carrel, OpenRuntime } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { isTaskId, type TaskId } from "../identity/task_id.ts";
import { metaPath, newPaths } from "../meta/paths.ts";
import type { ContainerStatus, Runtime } from "../port/runtime.ts";
import type { Project } from "./open_project.ts";
import { toOperationView } from "./operation_view.ts";

/** What is looked at of a task; without its last operation the history alone tells. */
export interface ContainerOwner {
  readonly project: Pick<Project, "id" | "config">;
  readonly record: { readonly task_id: string; readonly op?: string | null };
}

/** A task's own container. */
export interface OwnContainer {
  /** The runtime that knows it. */
  readonly runtime: Runtime;
  readonly status: ContainerStatus;
  /** It was made before the root was moved: what it mounts is no longer there, so it cannot be started again. */
  readonly isMoved: boolean;
}

/**
 * The container as the task's own; null when it is another root's, where its own record is still there: roots are
 * copied too, and no copy may touch the containers of its original. Else the root was moved, and the container is
 * the task's if the operation that made it is one of the task's operations, whose ids nobody can guess. Errors:
 * `conflict` when that is not proved: then nobody can tell whether the task runs.
 */
export async function ownContainer(
  carrel: Carrel,
  { plugin, runtime }: OpenRuntime,
  { project, record }: ContainerOwner,
  status: ContainerStatus | undefined,
): Promise<OwnContainer | null> {
  if (status === undefined) return null;
  const { otherRoot, labels } = status;
  if (otherRoot === undefined) return { runtime, status, isMoved: false };
  const { task_id: id } = record;
  if (!isTaskId(id) || labels["carrel.task"] !== id || labels["carrel.project"] !== project.id) return null;
  if (await isRecordedIn(carrel, otherRoot, project.id, id)) return null;
  // The files of another machine cannot be looked at: its root may well be there.
  const isHere = (project.config.getOrDefault("runtime.podman.connection") ?? "") === "";
  const op = labels["carrel.op"] ?? "";
  if (!isHere || !await isOperationOf(carrel, project.id, record, op)) {
    const text = `container ${status.name} has the labels of this task, but was made under another root ` +
      `(${otherRoot}), and nothing proves that this is that root, moved`;
    throw new AppError("conflict", text, {
      hint:
        `move the root back, or see with ${plugin.name} itself whether it is this task's, and remove it there`,
    });
  }
  const moved = await plugin.open({ ...carrel.runtimeContext(project.config), root: otherRoot });
  return { runtime: moved, status, isMoved: true };
}

async function isRecordedIn(
  { host, paths }: Carrel,
  root: string,
  project: ProjectId,
  id: TaskId,
): Promise<boolean> {
  const { tasksMetaDir } = newPaths(root, paths.configDir);
  return await host.files.info(metaPath(tasksMetaDir(project), id)) !== null;
}

/** Whether the operation is on record as one of the task's: its last start, or in the history. */
async function isOperationOf(
  carrel: Carrel,
  project: ProjectId,
  record: ContainerOwner["record"],
  op: string,
): Promise<boolean> {
  if (op === "") return false;
  if (op === record.op) return true;
  try {
    const events = await (await carrel.existingState())?.decisionAudit.eventsForDfid(op) ?? [];
    const operation = toOperationView(events);
    return operation?.project_id === project && operation.task_id === record.task_id;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return false;
  }
}
