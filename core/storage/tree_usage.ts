/**
 * What a directory tree takes.
 *
 * @module
 */

/** Figures of a tree: of its regular files, each inode once. Directories and links count nothing. */
export interface TreeUsage {
  /** Apparent size: the sum of `st_size`, bytes. */
  readonly bytes: number;
  /** What the files take on the disk, bytes: less for sparse files, more for many small ones. */
  readonly allocatedBytes: number;
}

/** A path whose content is missing in the figures. */
export interface Unreadable {
  readonly path: string;
  /** Why, such as `permission denied`. */
  readonly reason: string;
}

/** The figures of a tree, and what is missing in them. */
export interface MeasuredTree extends TreeUsage {
  readonly unreadable: readonly Unreadable[];
}

/** The reason of what this user may not read. */
export const DENIED = "permission denied";

/**
 * The figures of several trees together.
 *
 * @example
 * ```ts
 * import { sumUsage } from "./tree_usage.ts";
 * import { assertEquals } from "@std/assert";
 * const sum = sumUsage([{ bytes: 10, allocatedBytes: 4096 }, { bytes: 1, allocatedBytes: 4096 }]);
 * assertEquals(sum, { bytes: 11, allocatedBytes: 8192 });
 * ```
 */
export function sumUsage(usages: readonly TreeUsage[]): TreeUsage {
  return usages.reduce<TreeUsage>((sum, { bytes, allocatedBytes }) => ({
    bytes: sum.bytes + bytes,
    allocatedBytes: sum.allocatedBytes + allocatedBytes,
  }), { bytes: 0, allocatedBytes: 0 });
}
