/**
 * `task rename`: another name for people; the id stays.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { parseTaskName } from "../naming/parse_task_name.ts";
import type { TaskRef } from "../query/find_task.ts";
import { mutateTask } from "./mutate_task.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { refuseDeleting } from "./with_task.ts";

/** Renames a task, running or not. Errors: `invalid_task_name`, `task_not_found`, `lock_timeout`. */
export async function renameTask(
  carrel: Carrel,
  ref: TaskRef,
  newName: string,
  options: MutationOptions = {},
): Promise<Operation> {
  const name = parseTaskName(newName);
  const deed = { verb: "task rename", ref, args: { name } };
  const { op } = await mutateTask(carrel, deed, options, async (op, task) => {
    refuseDeleting(task);
    if (task.record.name === name) return {};
    await op.step("rename", `${task.address} to ${name}`, () => task.update({ name }));
    return {};
  });
  return op;
}
