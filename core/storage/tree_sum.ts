/**
 * The figures of one tree while it is being scanned.
 *
 * @module
 */
import { InodeSet } from "./inode_set.ts";
import type { MeasuredTree } from "./tree_usage.ts";

/** Sums up one tree; what has one name only is not remembered, so a million files take no memory. */
export class TreeSum {
  /** Its root. */
  readonly path: string;
  #bytes = 0;
  #allocatedBytes = 0;
  #linked: InodeSet | null = null;
  readonly #unreadable = new Map<string, string>();

  constructor(path: string) {
    this.path = path;
  }

  /** Counts a file. `inode` is `device:inode` of one that may come again, else null. False when it did. */
  add(bytes: number, allocatedBytes: number, inode: string | null): boolean {
    if (inode !== null) {
      this.#linked ??= new InodeSet();
      if (!this.#linked.add(inode)) return false;
    }
    this.#bytes += bytes;
    this.#allocatedBytes += allocatedBytes;
    return true;
  }

  /** Notes what could not be read. */
  miss(path: string, reason: string): void {
    this.#unreadable.set(path, reason);
  }

  /** The figures so far. */
  get measured(): MeasuredTree {
    return {
      bytes: this.#bytes,
      allocatedBytes: this.#allocatedBytes,
      unreadable: [...this.#unreadable].map(([path, reason]) => ({ path, reason }))
        .sort((a, b) => a.path < b.path ? -1 : 1),
    };
  }
}
