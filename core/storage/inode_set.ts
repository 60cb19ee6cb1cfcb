/**
 * Which files were counted already, under whatever name.
 *
 * @module
 */

/** From here on two inode numbers may be the same `number`. */
const SAFE_DIGITS = 15;

/**
 * A set of inodes, small enough for a million of them.
 *
 * @example
 * ```ts
 * import { InodeSet } from "./inode_set.ts";
 * import { assertEquals } from "@std/assert";
 * const seen = new InodeSet();
 * assertEquals([seen.add("2049:12"), seen.add("2049:12"), seen.add("66:12")], [true, false, true]);
 * ```
 */
export class InodeSet {
  readonly #devices = new Map<string, Set<number | string>>();

  /** Adds `device:inode`, both decimal; false when it was there. */
  add(key: string): boolean {
    const colon = key.indexOf(":");
    const device = key.slice(0, colon);
    const digits = key.slice(colon + 1);
    // Most numbers are small, and take a fraction of the memory of their text.
    const inode = digits.length <= SAFE_DIGITS ? Number(digits) : digits;
    const inodes = this.#devices.get(device) ?? new Set();
    this.#devices.set(device, inodes);
    return inodes.size !== inodes.add(inode).size;
  }
}
