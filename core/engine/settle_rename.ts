/**
 * Settles `task rename`: the new name is on record, or it is not.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";
import { findSettlingTask } from "./settling_task.ts";

/** See the module. */
export async function settleRename(carrel: Carrel, unfinished: UnfinishedOperation): Promise<Settlement> {
  const task = (await findSettlingTask(carrel, unfinished))?.task ?? null;
  const isRenamed = task !== null && task.record.name === unfinished.args["name"];
  return isRenamed ? { kind: "finished", result: {} } : UNDONE;
}
