/**
 * An operation on one task: recorded, under the task's lock, on a fresh reading of its record.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { TaskRef } from "../query/find_task.ts";
import { openProject } from "../query/open_project.ts";
import type { JsonObject } from "../query/operations.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { settleTask } from "./settle_operation.ts";
import { type HeldTask, holdTask, lockTaskFor, withTask } from "./with_task.ts";

/** What is done to a task. */
export interface TaskDeed {
  /** The command, such as `task stop`. */
  readonly verb: string;
  readonly ref: TaskRef;
  /** Arguments without secrets. */
  readonly args?: JsonObject;
  /** See `Deed.urgent`. */
  readonly urgent?: boolean;
}

/**
 * Performs a deed on a task (see `perform`). What a dead process left of the task is settled first. A dry run
 * takes no lock. Errors: `project_not_found`, `task_not_found`, `record_damaged`, `lock_timeout`.
 */
export async function mutateTask<Result extends object>(
  carrel: Carrel,
  { verb, ref, args = {}, urgent = false }: TaskDeed,
  options: MutationOptions,
  body: (op: Operation, task: HeldTask) => Promise<Result>,
): Promise<Performed<Result>> {
  const project = await openProject(carrel, ref.project);
  const deed = { verb, project: ref.project, task: ref.id, args, urgent };
  return await perform(carrel, deed, options, async (op) => {
    if (op.dryRun) return await withTask(carrel, op, ref, (task) => body(op, task));
    await lockTaskFor(op, carrel, ref);
    await settleTask(carrel, ref, { urgent });
    return await body(op, await holdTask(carrel, project, ref));
  });
}
