/**
 * Settles `task stop`: the container has ended, or the task runs on.
 *
 * @module
 */
import { findContainer, isActive } from "../query/launched_container.ts";
import { type Settler, UNDONE } from "./settle_operation.ts";
import { findSettlingTask } from "./settling_task.ts";
import { RUNS_ON } from "./stop_task.ts";

/** See the module. */
export const settleStop: Settler = async (carrel, unfinished) => {
  const task = (await findSettlingTask(carrel, unfinished))?.task ?? null;
  if (task === null || task.record.mode === null) return UNDONE;
  const { status } = await findContainer(carrel, task);
  if (!isActive(status)) return { kind: "finished", result: {} };
  await task.update(RUNS_ON);
  return UNDONE;
};
