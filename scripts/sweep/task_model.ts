/**
 * What one task does, one command after the other: the model that histories are checked against.
 *
 * @module
 */
import type { Call } from "./find_order.ts";

/** A task. */
export interface TaskState {
  readonly isArchived: boolean;
  readonly name: string;
  readonly isRunning: boolean;
}

/** Commands about a task. */
export type TaskVerb = "rename" | "stop" | "start" | "restart" | "delete" | "restore" | "status";

/** One command about one task, and its answer. */
export interface TaskCall extends Call {
  readonly verb: TaskVerb;
  /** The new name, for `rename`. */
  readonly name: string;
  readonly code: number;
  /** What the answer said: it changed something; null when there was none. */
  readonly changed: boolean | null;
  /** The task in the answer; null when there was none. What may have been in between is null as well. */
  readonly seen: { readonly name: string | null; readonly isRunning: boolean | null } | null;
}

const NOT_FOUND = 3;
const WRONG_STATE = 5;
const NO_LOCK = 6;
const NO_CAPACITY = 12;

/**
 * Every state that the task can be in after the call, given its answer; none when there is no such state.
 *
 * @example
 * ```ts
 * import { stepTask } from "./task_model.ts";
 * import { assertEquals } from "@std/assert";
 * const task = { isArchived: false, name: "a", isRunning: true };
 * const call = { verb: "stop", name: "", begun: 0, ended: 1, code: 0, changed: true, seen: null } as const;
 * assertEquals(stepTask(task, call), [{ ...task, isRunning: false }]);
 * assertEquals(stepTask({ ...task, isRunning: false }, call), []);
 * ```
 */
export function stepTask(task: TaskState, call: TaskCall): readonly TaskState[] {
  if (call.code === NO_LOCK) return [task];
  if (call.verb === "restore") return restore(task, call);
  if (task.isArchived) return call.code === NOT_FOUND ? [task] : [];
  const starts = call.verb === "start" || call.verb === "restart";
  if (starts && call.code === NO_CAPACITY) {
    return task.isRunning && call.verb === "start" ? [] : withoutCapacity(task, call);
  }
  if (call.code !== 0) return [];
  return apply(task, call).filter((after) => agrees(after, call));
}

function restore(task: TaskState, { code }: TaskCall): readonly TaskState[] {
  if (code === 0) return task.isArchived ? [{ ...task, isArchived: false, isRunning: false }] : [];
  return !task.isArchived && (code === NOT_FOUND || code === WRONG_STATE) ? [task] : [];
}

/** A restart gives back what the task had before it takes it again. */
function withoutCapacity(task: TaskState, { verb }: TaskCall): readonly TaskState[] {
  return verb === "restart" && task.isRunning ? [task, { ...task, isRunning: false }] : [task];
}

function apply(task: TaskState, { verb, name, changed }: TaskCall): readonly TaskState[] {
  switch (verb) {
    case "status":
      return [task];
    case "rename":
      return changed === (task.name !== name) ? [{ ...task, name }] : [];
    case "stop":
      return changed === task.isRunning ? [{ ...task, isRunning: false }] : [];
    case "start":
      return changed === !task.isRunning ? [{ ...task, isRunning: true }] : [];
    case "restart":
      return [{ ...task, isRunning: true }];
    case "delete":
      return [{ ...task, isArchived: true, isRunning: false }];
    case "restore":
      return [];
  }
}

/** Only reads are held to all that they saw: what changes something answers with a later look. */
function agrees({ name, isRunning }: TaskState, { verb, seen }: TaskCall): boolean {
  if (verb !== "status") return true;
  return seen !== null && (seen.name ?? name) === name && (seen.isRunning ?? isRunning) === isRunning;
}
