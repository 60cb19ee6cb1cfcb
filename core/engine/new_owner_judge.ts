/**
 * Who holds a task's resources: its container, and until that runs the process that launches it.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isProjectId, type ProjectId } from "../identity/project_id.ts";
import { isTaskId } from "../identity/task_id.ts";
import { isActive } from "../query/launched_container.ts";
import { ownContainer } from "../query/own_container.ts";
import {
  type ContainerOwner,
  judgeProcessOwner,
  type LockOwner,
  type OwnerVerdict,
} from "../state/managers/lock_owner.ts";
import { hasRecord } from "./create_task.ts";

/**
 * Judges owners of locks: processes by this machine, containers by their runtime. What holds is never taken for
 * gone because somebody does not answer.
 */
export function newOwnerJudge(carrel: Carrel): (owner: LockOwner) => Promise<OwnerVerdict> {
  return async (owner) => {
    switch (owner.kind) {
      case "process":
        return await judgeProcessOwner(owner, carrel.host);
      case "container":
        return await judgeContainer(carrel, owner);
      case "lease":
        // It ends by itself, and no sooner.
        return "unknown";
    }
  };
}

/** A container that does not run holds nothing, unless somebody is about to start it. */
async function judgeContainer(carrel: Carrel, owner: ContainerOwner): Promise<OwnerVerdict> {
  const { host, runtime: runtimeName, name, project, launcher } = owner;
  if (host !== carrel.host.system.hostname || !isProjectId(project)) return "unknown";
  const launching = launcher === undefined ? "gone" : await judgeProcessOwner(launcher, carrel.host);
  if (launching !== "gone") return launching;
  const task_id = name.slice(name.lastIndexOf("-") + 1);
  if (await isDeletedTask(carrel, project, task_id)) return "gone";
  const config = await carrel.config(project);
  const opened = await carrel.openRuntime(runtimeName, config);
  const status = (await opened.runtime.states({ names: [name], anyRoot: new Set([name]) })).get(name);
  const task = { project: { id: project, config }, record: { task_id } };
  const own = await ownContainer(carrel, opened, task, status);
  return isActive(own?.status ?? null) ? "alive" : "gone";
}

/** Whether a container's task is gone: its container was stopped before its record was removed. */
async function isDeletedTask(carrel: Carrel, project: ProjectId, id: string): Promise<boolean> {
  return isTaskId(id) && !await hasRecord(carrel, { metaDir: carrel.paths.tasksMetaDir(project) }, id);
}
