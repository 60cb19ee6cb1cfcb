/**
 * Random task names such as `patient-heron`.
 *
 * @module
 */
import { randomIndex } from "../identity/random_index.ts";
import { invariant } from "../invariant.ts";
import type { Random } from "../port/host.ts";
import { parseCategory } from "./category.ts";
import { parseTaskName, type TaskName } from "./parse_task_name.ts";
import { ADJECTIVES, NOUNS } from "./word_lists.ts";

/** What {@linkcode generateTaskName} draws from. */
export interface GenerateTaskNameOptions {
  /** At least one category, as configured (see `resolveCategories`). */
  readonly categories: readonly string[];
  readonly random: Pick<Random, "bytes">;
}

/**
 * Makes an `adjective-noun` name: a uniform choice of category, then of a noun in it, then of an adjective.
 *
 * Throws `invalid_config` if any category is unknown, whether or not it would have been drawn.
 *
 * @example
 * ```ts
 * import { generateTaskName } from "./generate_task_name.ts";
 * import { assertMatch } from "@std/assert";
 * const random = { bytes: (count: number) => new Uint8Array(count) };
 * assertMatch(generateTaskName({ categories: ["plants"], random }), /^[a-z0-9]+-[a-z0-9]+$/);
 * ```
 */
export function generateTaskName({ categories, random }: GenerateTaskNameOptions): TaskName {
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[randomIndex((count) => random.bytes(count), choices.length)];
    invariant(choice !== undefined, "a drawn index lies inside its list");
    return choice;
  };
  const noun = pick(NOUNS[pick(categories.map(parseCategory))]);
  return parseTaskName(`${pick(ADJECTIVES)}-${noun}`);
}
