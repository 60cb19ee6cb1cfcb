/**
 * Which tasks a list shows, and in which order.
 *
 * @module
 */
import type { TaskStatus } from "./effective_status.ts";
import type { TaskMeta } from "./task_meta.ts";

/** Conditions; all that are given must hold. */
export interface TaskFilter {
  readonly status?: TaskStatus | undefined;
  readonly mode?: string | undefined;
  /** Matches the agent, else the provider, else the preset. */
  readonly agent?: string | undefined;
  /** Labels that must be there, with this value unless it is null. */
  readonly label?: readonly { readonly key: string; readonly value: string | null }[];
}

/** The matching tasks, newest first; tasks without a time last, by address. */
export function filterTasks(tasks: readonly TaskMeta[], filter: TaskFilter): TaskMeta[] {
  return tasks.filter((task) => matches(task, filter)).sort(byNewest);
}

function matches(task: TaskMeta, { status, mode, agent, label = [] }: TaskFilter): boolean {
  return (status === undefined || task.status === status) &&
    (mode === undefined || task.mode === mode) &&
    (agent === undefined || (task.agent ?? task.provider ?? task.preset) === agent) &&
    label.every(({ key, value }) =>
      Object.hasOwn(task.labels, key) && (value === null || task.labels[key] === value)
    );
}

function byNewest(a: TaskMeta, b: TaskMeta): number {
  return compare(b.created_at ?? "", a.created_at ?? "") ||
    compare(`${a.project_id}/${a.task_id}`, `${b.project_id}/${b.task_id}`);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
