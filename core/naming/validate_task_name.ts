/**
 * The one rule that a sanitised task name can still break.
 *
 * @module
 */

/**
 * Says why a name made by `sanitizeTaskName` is not allowed, or null when it is: a leading hyphen
 * would make it look like a flag.
 *
 * @example
 * ```ts
 * import { validateTaskName } from "./validate_task_name.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(validateTaskName("fix-auth-bug"), null);
 * assertEquals(validateTaskName("-x"), "a task name must not start with a hyphen");
 * ```
 */
export function validateTaskName(sanitized: string): string | null {
  return sanitized.startsWith("-") ? "a task name must not start with a hyphen" : null;
}
