/**
 * Answers that many commands share.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { observeAfterwards } from "../engine/observe_tasks.ts";
import { AppError, isAppError } from "../error.ts";
import {
  type DoneAnswer,
  isDryRun,
  type MutationAnswer,
  type Operation,
  type PlanStep,
} from "../engine/operation.ts";
import type { TaskRef } from "../query/find_task.ts";
import { loadStarted } from "../query/load_tasks.ts";
import { type TaskView, toTaskView } from "../query/task_meta.ts";

/** The address of a task for `--quiet` and for people. */
export function addressOf({ project, id }: TaskRef): string {
  return `${project}/${id}`;
}

/** A task as the answer of a verb shows it; an end that is seen for the first time is recorded on the way. */
export async function viewTask(carrel: Carrel, ref: TaskRef): Promise<TaskView> {
  return toTaskView((await observeAfterwards(carrel, ref)).meta);
}

/**
 * A task as the answer of a verb that starts it shows it: as the start has left it. Only an operation that was
 * carried out before has to be looked after.
 */
export async function viewStartedTask(
  carrel: Carrel,
  { op, ref }: { readonly op: Pick<Operation, "isRepeated">; readonly ref: TaskRef },
): Promise<TaskView> {
  return op.isRepeated ? await viewTask(carrel, ref) : toTaskView(await loadStarted(carrel, ref));
}

/** A task as it is after it was followed; null when somebody has deleted it meanwhile. */
export async function viewLastingTask(carrel: Carrel, ref: TaskRef): Promise<TaskView | null> {
  try {
    return await viewTask(carrel, ref);
  } catch (error) {
    if (isAppError(error, "task_not_found", "project_not_found")) return null;
    throw error;
  }
}

/** Words for a mutation: the plan of a dry run, or what `done` says. */
export function wordMutation<Fields>(
  answer: MutationAnswer<Fields>,
  done: (answer: DoneAnswer<Fields>) => string,
): string {
  return isDryRun(answer) ? wordPlan(answer.plan) : done(answer);
}

/** Words for a plan, one line per step. */
export function wordPlan(plan: readonly PlanStep[]): string {
  if (plan.length === 0) return "nothing to do";
  return plan.map(({ action, target }) => `would ${action}: ${target}`).join("\n");
}

/** The error of a deletion that is complete but for a container or a record (exit 11). */
export function deletionIsIncomplete(): AppError {
  return new AppError("partial", "deleted, but something of it could not be removed", {
    hint: "see the warnings; `carrel doctor --fix` removes it once their cause is gone",
  });
}
