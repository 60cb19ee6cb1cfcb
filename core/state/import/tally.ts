/**
 * Finding rows again that have no key.
 *
 * @module
 */

/**
 * What we hold of lists that only grow, to be taken row by row. Two rows are the same when they say the same;
 * of several that do, as many are here already as we hold.
 *
 * @example
 * ```ts
 * import { Tally } from "./tally.ts";
 * import { assertEquals } from "@std/assert";
 * const held = new Tally((flow) => flow === "a" ? ["x", "x"] : []);
 * assertEquals([held.take("a", "x"), held.take("a", "x"), held.take("a", "x")], [true, true, false]);
 * assertEquals(held.take("b", "x"), false);
 * ```
 */
export class Tally {
  readonly #load: (group: string) => Iterable<string>;
  /** Rows by group, with how often; null for a group of which nothing is left, as for most of a new file. */
  readonly #groups = new Map<string, Map<string, number> | null>();

  /** `load` reads what we hold of a group (a flow, an agent); it is called once for each. */
  constructor(load: (group: string) => Iterable<string>) {
    this.#load = load;
  }

  /** Whether we hold one more like this; it is taken away. */
  take(group: string, row: string): boolean {
    const left = this.#left(group);
    const count = left?.get(row) ?? 0;
    if (left === null || count === 0) return false;
    if (count > 1) left.set(row, count - 1);
    else left.delete(row);
    if (left.size === 0) this.#groups.set(group, null);
    return true;
  }

  /** Groups of which more is held than was taken, among those that were asked for. */
  leftovers(): Set<string> {
    return new Set([...this.#groups].filter(([, left]) => left !== null).map(([group]) => group));
  }

  #left(group: string): Map<string, number> | null {
    const known = this.#groups.get(group);
    if (known !== undefined) return known;
    const counts = new Map<string, number>();
    for (const row of this.#load(group)) counts.set(row, (counts.get(row) ?? 0) + 1);
    const left = counts.size === 0 ? null : counts;
    this.#groups.set(group, left);
    return left;
  }
}
