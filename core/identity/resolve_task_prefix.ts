/**
 * From what a person typed to the one task that it means.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { normalizeTaskIdInput } from "./normalize_task_id_input.ts";
import type { ProjectId } from "./project_id.ts";
import { TASK_ID_BODY, TASK_ID_HEADS, TASK_ID_LENGTH, type TaskId } from "./task_id.ts";

const PREFIX = new RegExp(`^[${TASK_ID_HEADS}]([0-9][${TASK_ID_BODY}]{0,3})?$`);

/**
 * Finds the only id that begins with `raw`, read tolerantly (see `normalizeTaskIdInput`). `ids` are the
 * project's tasks in any order, or null when it has never had one.
 *
 * Throws `invalid_task_id` (empty or malformed), `task_not_found`, or `ambiguous` with all candidates,
 * sorted, in `details.matches`.
 *
 * @example
 * ```ts
 * import { parseProjectId } from "./project_id.ts";
 * import { resolveTaskPrefix } from "./resolve_task_prefix.ts";
 * import { parseTaskId } from "./task_id.ts";
 * import { assertEquals } from "@std/assert";
 * const ids = ["k3v8h", "q7m2x"].map(parseTaskId);
 * assertEquals<string>(resolveTaskPrefix(parseProjectId("demo"), "K3-V", ids), "k3v8h");
 * ```
 */
export function resolveTaskPrefix(project: ProjectId, raw: string, ids: readonly TaskId[] | null): TaskId {
  const prefix = parseTaskPrefix(project, raw);
  const hint = listHint(project);
  if (ids === null) {
    throw new AppError("task_not_found", `project ${project} has no tasks`, {
      hint: `create one: carrel task new ${project}`,
      details: { project_id: project, prefix },
    });
  }
  // A complete id is a prefix of itself only, so the exact match needs no step of its own.
  const matches = [...new Set(ids)].filter((id) => id.startsWith(prefix)).sort();
  const [match, ...others] = matches;
  if (match === undefined) {
    const message = prefix.length === TASK_ID_LENGTH
      ? `no task ${prefix} in project ${project}`
      : `no task of project ${project} begins with ${prefix}`;
    throw new AppError("task_not_found", message, { hint, details: { project_id: project, prefix } });
  }
  if (others.length > 0) {
    throw new AppError("ambiguous", `${matches.length} tasks of project ${project} begin with ${prefix}`, {
      hint: `add a character; it could be ${matches.join(", ")}`,
      details: { project_id: project, prefix, matches },
    });
  }
  return match;
}

/** Checks the beginning of an id as a person typed it, and normalises it. Throws `invalid_task_id`. */
export function parseTaskPrefix(project: ProjectId, raw: string): string {
  const details = { project_id: project, prefix: raw };
  const typed = raw.replaceAll("-", "").toLowerCase();
  if (typed === "") {
    throw new AppError("invalid_task_id", "missing task id", { hint: listHint(project), details });
  }
  // Checked before i, l and o are read as digits: "0 is not a head" would puzzle whoever typed "o".
  if (/^[ilo]/.test(typed)) {
    throw new AppError(
      "invalid_task_id",
      `invalid task id ${JSON.stringify(raw)}: ids never begin with i, l or o`,
      {
        hint: `an id begins with one of ${[...TASK_ID_HEADS].join(" ")}`,
        details,
      },
    );
  }
  const prefix = normalizeTaskIdInput(raw);
  if (!PREFIX.test(prefix)) {
    throw new AppError("invalid_task_id", `invalid task id ${JSON.stringify(raw)}`, {
      hint: "give the first one to five characters of an id such as q7m2x: a letter, a digit, " +
        "then letters and digits",
      details,
    });
  }
  return prefix;
}

function listHint(project: ProjectId): string {
  return `see the tasks there: carrel task list ${project}`;
}
