/**
 * Positionals and flags that several commands share.
 *
 * @module
 */
import type { RepeatedFlag, ValueFlag } from "../cli/declaration.ts";
import { parseDuration } from "../parse_duration.ts";

/** A project by name. */
export const projectArgument = { name: "project", summary: "the project" } as const;

/** One task: `PROJECT/TASK`, or the two words. */
export const taskArguments = {
  name: "task",
  placeholder: "PROJECT/TASK",
  summary: "the task: PROJECT/TASK or PROJECT TASK, TASK an id or the beginning of one",
  arity: "words",
} as const;

/** One task or several. */
export const tasksArguments = {
  name: "tasks",
  placeholder: "PROJECT/TASK",
  summary: "tasks: PROJECT/TASK (or one as PROJECT TASK); - reads addresses from stdin",
  arity: "many",
} as const;

/** One archived task. */
export const archiveArguments = {
  name: "archive",
  placeholder: "PROJECT/ARCHIVE",
  summary: "the archive: PROJECT/X, X an archive id, a task id, or the beginning of either",
  arity: "words",
} as const;

/** A task's name. */
export const nameFlag = {
  kind: "value",
  placeholder: "NAME",
  summary: "a name for people; default: a random one",
} as const satisfies ValueFlag;

/** Labels for a new task. */
export const labelFlag = {
  kind: "repeated",
  placeholder: "KEY=VALUE",
  summary: "a label",
} as const satisfies RepeatedFlag;

/** A time limit. */
export const timeoutFlag = {
  kind: "value",
  placeholder: "DURATION",
  summary: "time limit, in seconds or like 90s, 30m, 2h",
  parse: parseDuration,
} as const satisfies ValueFlag;
