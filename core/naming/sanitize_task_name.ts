/**
 * Turns what a person typed into a task name.
 *
 * @module
 */

/** Longest task name, in characters (all of them ASCII). */
export const TASK_NAME_MAX_LEN = 60;

/**
 * White space as Python's `str.strip()` sees it, since names must come out as the reference writes
 * them. `String.prototype.trim` differs: it keeps U+001C..U+001F and U+0085 and strips U+FEFF.
 */
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const LEADING_SPACE = new RegExp(`^${SPACE}+`);
// The look-behind lets only the start of a run match, so that long inner runs cost linear time.
const TRAILING_SPACE = new RegExp(`(?<!${SPACE})${SPACE}+$`);

/**
 * Makes a slug of `raw`: trimmed, lowercase, spaces to hyphens, only `[a-z0-9_-]`, no run of hyphens,
 * no hyphen at the end, at most {@linkcode TASK_NAME_MAX_LEN} characters; null when nothing is left.
 *
 * A leading hyphen is kept, for `validateTaskName` to refuse. The cut comes last, so a name
 * of full length may end in a hyphen.
 *
 * @example
 * ```ts
 * import { sanitizeTaskName } from "./sanitize_task_name.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(sanitizeTaskName("  Fix  Auth Bug! "), "fix-auth-bug");
 * assertEquals(sanitizeTaskName("-x"), "-x");
 * assertEquals(sanitizeTaskName("---"), null);
 * ```
 */
export function sanitizeTaskName(raw: string | null): string | null {
  if (raw === null) return null;
  const name = raw
    .replace(LEADING_SPACE, "")
    .replace(TRAILING_SPACE, "")
    .toLowerCase()
    .replaceAll(" ", "-")
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/-{2,}/g, "-")
    .replace(/-$/, "")
    .slice(0, TASK_NAME_MAX_LEN);
  return name === "" ? null : name;
}
