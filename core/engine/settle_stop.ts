/**
 * Settles `task stop`: the container has ended, or the task runs on.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { findContainer, isActive } from "../query/launched_container.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";
import { findSettlingTask } from "./settling_task.ts";
import { RUNS_ON } from "./stop_task.ts";

/** See the module. */
export async function settleStop(carrel: Carrel, unfinished: UnfinishedOperation): Promise<Settlement> {
  const task = (await findSettlingTask(carrel, unfinished))?.task ?? null;
  if (task === null || task.record.mode === null) return UNDONE;
  const { status } = await findContainer(carrel, task);
  if (!isActive(status)) return { kind: "finished", result: {} };
  await task.update(RUNS_ON);
  return UNDONE;
}
