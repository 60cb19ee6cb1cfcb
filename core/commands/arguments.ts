/**
 * Positionals and flags that several commands share.
 *
 * @module
 */
import type { BooleanFlag, RepeatedFlag, ValueFlag } from "../cli/declaration.ts";
import type { WaitOptions } from "../engine/task_resources.ts";
import { AppError } from "../error.ts";
import { parseDuration } from "../parse_duration.ts";
import type { Terminal } from "../port/terminal.ts";
import { waitUnlessSignalled } from "./signal_exit.ts";

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

/** One operation. */
export const operationArgument = {
  name: "op",
  placeholder: "OPERATION",
  summary: "its id, or the beginning of one; see carrel op list",
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

/** How many of a list. */
export const limitFlag = {
  kind: "value",
  placeholder: "N",
  summary: "at most so many, the newest of them",
  parse: parseLimit,
} as const satisfies ValueFlag;

function parseLimit(text: string): number {
  const limit = Number(text);
  if (/^[0-9]+$/.test(text) && limit > 0 && Number.isSafeInteger(limit)) return limit;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not a number from 1 up`, {
    hint: "leave --limit out to get all",
  });
}

/** Whether to queue for resources that are taken. */
export const waitFlags = {
  wait: {
    kind: "boolean",
    summary: "queue for resources that are taken; without it that is exit 12",
  } as const satisfies BooleanFlag,
  waitTimeout: {
    kind: "value",
    placeholder: "DURATION",
    summary: "queue, but no longer than this; then exit 7",
    parse: parseDuration,
  } as const satisfies ValueFlag,
};

/** What {@linkcode waitFlags} ask for; a signal at the terminal ends the waiting. */
export function waitOptions(
  terminal: Pick<Terminal, "onSignal">,
  flags: { readonly wait: boolean; readonly waitTimeout: number | undefined },
): WaitOptions {
  const waitMs = flags.waitTimeout !== undefined ? 1000 * flags.waitTimeout : flags.wait ? Infinity : 0;
  return { waitMs, whileWaiting: (wait) => waitUnlessSignalled(terminal, wait) };
}
