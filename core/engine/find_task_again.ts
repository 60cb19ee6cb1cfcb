/**
 * The task of an operation that is asked for again.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { findTask, type TaskRef } from "../query/find_task.ts";
import { readBeginning } from "../query/operations.ts";
import type { MutationOptions } from "./operation.ts";

/**
 * The task that the words name; for an operation that was begun before, the one that they named then, which may
 * be gone by now, or not be the only one of that prefix. Errors: those of `findTask`.
 */
export async function findTaskAgain(
  carrel: Carrel,
  words: readonly string[],
  { op }: MutationOptions,
): Promise<TaskRef> {
  if (op !== undefined) {
    const { decisionAudit } = await carrel.state();
    const begun = readBeginning(await decisionAudit.eventsForDfid(op));
    if (begun !== null && begun.project !== null && begun.task !== null) {
      return { project: begun.project, id: begun.task };
    }
  }
  return await findTask(carrel, words);
}
