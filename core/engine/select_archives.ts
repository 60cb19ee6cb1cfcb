/**
 * Which archives are to go, given how much of them is to be kept.
 *
 * @module
 */

/** How much is kept. At least one is given; the more are given, the more archives one of them can name. */
export interface ArchiveLimits {
  /** What is older than so many seconds goes. */
  readonly olderThanS?: number;
  /** The newest so many of each project stay, whatever the other limits say; alone, all others go. */
  readonly keepLast?: number;
  /** From the newest on, what no longer fits into so many bytes goes, and everything older. */
  readonly keepBytes?: number;
}

/** What is known of an archive before it is decided on. */
export interface DatedArchive {
  readonly project: string;
  readonly archiveId: string;
  /** When it was made, microseconds since the epoch. */
  readonly atMicros: number;
  /** What it takes on the disk. */
  readonly allocatedBytes: number;
}

/**
 * The archives that the limits let go, newest first.
 *
 * @example
 * ```ts
 * import { selectArchives } from "./select_archives.ts";
 * import { assertEquals } from "@std/assert";
 * const archives = [1, 2, 3].map((day) => ({
 *   project: "demo",
 *   archiveId: `day ${day}`,
 *   atMicros: day * 86_400e6,
 *   allocatedBytes: 100,
 * }));
 * const gone = (limits: object) =>
 *   selectArchives(archives, limits, 4 * 86_400e6).map(({ archiveId }) => archiveId);
 * assertEquals(gone({ olderThanS: 86_400 }), ["day 2", "day 1"]);
 * assertEquals(gone({ olderThanS: 86_400, keepLast: 2 }), ["day 1"]);
 * assertEquals(gone({ keepBytes: 250 }), ["day 1"]);
 * assertEquals(gone({ keepLast: 1 }), ["day 2", "day 1"]);
 * ```
 */
export function selectArchives<Archive extends DatedArchive>(
  archives: readonly Archive[],
  { olderThanS, keepLast, keepBytes }: ArchiveLimits,
  nowMicros: number,
): Archive[] {
  const onlyKeepLast = olderThanS === undefined && keepBytes === undefined;
  const kept = new Map<string, number>();
  let totalBytes = 0;
  return archives.toSorted((a, b) => b.atMicros - a.atMicros).filter((archive) => {
    totalBytes += archive.allocatedBytes;
    const rank = (kept.get(archive.project) ?? 0) + 1;
    kept.set(archive.project, rank);
    if (rank <= (keepLast ?? 0)) return false;
    return onlyKeepLast ||
      (olderThanS !== undefined && nowMicros - archive.atMicros > olderThanS * 1e6) ||
      (keepBytes !== undefined && totalBytes > keepBytes);
  });
}
