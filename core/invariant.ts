/**
 * Programmer errors: conditions that only a bug in carrel can break.
 *
 * @module
 */

/** A broken invariant; `main.ts` reports it as a bug with its stack and exits 70. */
export class InvariantError extends Error {
  override readonly name: string = "InvariantError";
}

/**
 * Throws {@linkcode InvariantError} unless `condition` holds.
 *
 * @example
 * ```ts
 * import { invariant } from "./invariant.ts";
 * const parts: (string | undefined)[] = ["a"];
 * const [first] = parts;
 * invariant(first !== undefined, "a split always has a first part");
 * first.length;
 * ```
 */
export function invariant(condition: unknown, because: string): asserts condition {
  if (!condition) throw new InvariantError(`invariant broken: ${because}`);
}

/** Marks a place that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable value: ${String(value)}`);
}
