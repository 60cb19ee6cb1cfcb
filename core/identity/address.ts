/**
 * Addresses of tasks on the command line: `PROJECT/TASK` or `PROJECT TASK`.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { checkPathSegment } from "./path_segment.ts";
import { parseProjectId, type ProjectId } from "./project_id.ts";

/** A parsed address. */
export interface TaskAddress {
  readonly project: ProjectId;
  /** A task id, a prefix of one or the name of an archive, not yet looked up; safe as a path segment. */
  readonly task: string;
}

/**
 * Reads one address from positional arguments, in either form. Two words are always project and task.
 *
 * Throws `usage` for a wrong number of words or a missing task, `invalid_project_name`, and
 * `invalid_value` for a task that is no single name.
 *
 * @example
 * ```ts
 * import { parseProjectId } from "./project_id.ts";
 * import { parseTaskAddress } from "./address.ts";
 * import { assertEquals } from "@std/assert";
 * const address = { project: parseProjectId("demo"), task: "q7m2x" };
 * assertEquals(parseTaskAddress(["demo/q7m2x"]), address);
 * assertEquals(parseTaskAddress(["demo", "q7m2x"]), address);
 * ```
 */
export function parseTaskAddress(words: readonly string[]): TaskAddress {
  const [projectText, task] = splitWords(words);
  const project = parseProjectId(projectText);
  checkPathSegment(task, "task");
  return { project, task };
}

/**
 * Writes an address in its slash form, which every command accepts.
 *
 * @example
 * ```ts
 * import { parseProjectId } from "./project_id.ts";
 * import { formatAddress } from "./address.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatAddress(parseProjectId("demo"), "q7m2x"), "demo/q7m2x");
 * ```
 */
export function formatAddress(project: ProjectId, task: string): string {
  return `${project}/${task}`;
}

function splitWords(words: readonly string[]): [project: string, task: string] {
  const [first, second] = words;
  if (first === undefined) {
    throw new AppError("usage", "missing task address", { hint: "name a task as PROJECT/TASK" });
  }
  if (words.length > 2) {
    throw new AppError("usage", `too many words for one task: ${JSON.stringify(words)}`, {
      hint: "name a task as PROJECT/TASK or PROJECT TASK",
    });
  }
  if (second !== undefined && first.includes("/")) {
    throw new AppError("usage", `${first} is a whole address; unexpected ${JSON.stringify(second)}`, {
      hint: "quote a text that has several words",
    });
  }
  if (second !== undefined) return [first, second];
  const slash = first.indexOf("/");
  if (slash === -1) {
    throw new AppError("usage", `missing task id after ${JSON.stringify(first)}`, {
      hint: "name a task as PROJECT/TASK; carrel task list PROJECT shows those there are",
    });
  }
  return [first.slice(0, slash), first.slice(slash + 1)];
}
