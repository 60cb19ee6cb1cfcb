/**
 * Ends a container at once, for somebody who would not wait for a stop that is under way.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { TaskRef } from "../query/find_task.ts";
import { findContainerAnyhow } from "../query/launched_container.ts";
import { openProject } from "../query/open_project.ts";
import { readStoredTask } from "../query/stored_task.ts";

/** Kills a task's container without taking the task's lock, which the slower stop holds. */
export async function killContainer(carrel: Carrel, ref: TaskRef): Promise<void> {
  const task = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
  const { runtime, name } = await findContainerAnyhow(carrel, task);
  await runtime.stop(name, { graceMs: 0 });
}
