/**
 * Task names as a checked type.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { sanitizeTaskName } from "./sanitize_task_name.ts";
import { validateTaskName } from "./validate_task_name.ts";

/** A sanitised, legal task name. Names need not be unique. */
export type TaskName = string & { readonly __brand: "TaskName" };

/**
 * Makes a task name of what a person typed.
 *
 * Throws `invalid_task_name` when nothing usable is left of it or the name would start with a hyphen.
 *
 * @example
 * ```ts
 * import { parseTaskName } from "./parse_task_name.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals<string>(parseTaskName("Fix login"), "fix-login");
 * ```
 */
export function parseTaskName(raw: string): TaskName {
  const name = sanitizeTaskName(raw);
  if (name === null) {
    throw new AppError(
      "invalid_task_name",
      `invalid task name ${JSON.stringify(raw)}: nothing usable in it`,
      {
        hint: "a task name is made of letters a-z, digits, hyphens and underscores",
        details: { name: raw },
      },
    );
  }
  const problem = validateTaskName(name);
  if (problem !== null) {
    throw new AppError("invalid_task_name", `invalid task name ${JSON.stringify(raw)}: ${problem}`, {
      hint: `try ${JSON.stringify(name.replace(/^-/, ""))}`,
      details: { name: raw },
    });
  }
  return name as TaskName;
}
