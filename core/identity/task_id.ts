/**
 * Task ids: five characters, such as `q7m2x`, unique within a project.
 *
 * The first is a letter that no hex number contains, the second a digit, the others lowercase
 * Crockford base 32 (no i, l, o, u). So an id never looks like a number, a hash or a word, and there
 * are 16 * 10 * 32^3 (5.2 million) of them.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { invariant } from "../invariant.ts";
import { type RandomBytes, randomIndex } from "./random_index.ts";

/** Letters that an id can begin with. */
export const TASK_ID_HEADS = "ghjkmnpqrstvwxyz";
/** What its second character is. */
export const TASK_ID_DIGITS = "0123456789";
/** What its last three characters are. */
export const TASK_ID_BODY = TASK_ID_DIGITS + "abcdef" + TASK_ID_HEADS;
/** Characters in an id. */
export const TASK_ID_LENGTH = 5;

const POSITIONS = [TASK_ID_HEADS, TASK_ID_DIGITS, TASK_ID_BODY, TASK_ID_BODY, TASK_ID_BODY];
const TASK_ID = new RegExp(`^[${TASK_ID_HEADS}][0-9][${TASK_ID_BODY}]{3}$`);

/** A complete, canonical task id. */
export type TaskId = string & { readonly __brand: "TaskId" };

/**
 * True if `text` is a complete, canonical task id. It need not name a task.
 *
 * @example
 * ```ts
 * import { isTaskId } from "./task_id.ts";
 * import { assert } from "@std/assert";
 * assert(isTaskId("q7m2x"));
 * assert(!isTaskId("Q7-M2X"));
 * assert(!isTaskId("q7m"));
 * ```
 */
export function isTaskId(text: string): text is TaskId {
  return TASK_ID.test(text);
}

/**
 * Reads a canonical task id, from disk or from a program; throws `invalid_task_id` for anything else.
 * What people type goes through `resolveTaskPrefix` instead.
 *
 * @example
 * ```ts
 * import { parseTaskId } from "./task_id.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals<string>(parseTaskId("q7m2x"), "q7m2x");
 * ```
 */
export function parseTaskId(text: string): TaskId {
  if (isTaskId(text)) return text;
  throw new AppError("invalid_task_id", `invalid task id ${JSON.stringify(text)}`, {
    hint: "a task id is five characters such as q7m2x",
    details: { task_id: text },
  });
}

/**
 * Makes a random task id, each position uniform over its alphabet. Whether it is still free is for the
 * caller to find out.
 *
 * @example
 * ```ts
 * import { isTaskId, newTaskId } from "./task_id.ts";
 * import { assert } from "@std/assert";
 * assert(isTaskId(newTaskId((count) => new Uint8Array(count).fill(7))));
 * ```
 */
export function newTaskId(randomBytes: RandomBytes): TaskId {
  const text = POSITIONS.map((alphabet) => alphabet.charAt(randomIndex(randomBytes, alphabet.length))).join(
    "",
  );
  invariant(isTaskId(text), "a character of each alphabet makes an id");
  return text;
}
