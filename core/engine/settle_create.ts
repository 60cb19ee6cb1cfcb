/**
 * Settles `task new`: a task that was made whole stays, of any other nothing is left.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { takeBack } from "./create_task.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";
import { findSettlingTask, type SettlingTask } from "./settling_task.ts";
import type { HeldTask } from "./with_task.ts";

/** See the module. */
export async function settleCreate(carrel: Carrel, unfinished: UnfinishedOperation): Promise<Settlement> {
  const found = await findSettlingTask(carrel, unfinished);
  if (found === null) return UNDONE;
  const task = await wholeTask(carrel, found);
  if (task === null) return UNDONE;
  return { kind: "finished", result: { ref: found.ref, name: task.record.name ?? "" } };
}

/** The task if it was made whole; else what there is of it is taken back. The record is written last. */
export async function wholeTask(
  carrel: Carrel,
  { project, ref, task }: SettlingTask,
): Promise<HeldTask | null> {
  if (task !== null && task.record.created_at !== null) return task;
  await takeBack(carrel, project, ref.id, join(project.tasksRoot, ref.id));
  return null;
}
