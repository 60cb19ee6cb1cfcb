/**
 * Settles `task rename`: the new name is on record, or it is not.
 *
 * @module
 */
import { type Settler, UNDONE } from "./settle_operation.ts";
import { findSettlingTask } from "./settling_task.ts";

/** See the module. */
export const settleRename: Settler = async (carrel, unfinished) => {
  const task = (await findSettlingTask(carrel, unfinished))?.task ?? null;
  const isRenamed = task !== null && task.record.name === unfinished.args["name"];
  return isRenamed ? { kind: "finished", result: {} } : UNDONE;
};
