/**
 * Where a large tree can be divided, so that two processes scan it in half the time.
 *
 * @module
 */
import { isAppError } from "../error.ts";
import type { Files } from "../port/host.ts";

/** Levels below the root; 1 = the root's own directories. */
export type SplitDepth = number;

/** Among so many directories the halves are about equal, even when a few of them hold most. */
const DIRECTORIES_ENOUGH = 64;
/** Looking must cost much less than the scan. */
const ENTRIES_MAX = 4096;
/** A larger one holds tens of thousands of names; to list them here takes longer than it gains. */
const LISTED_DIRECTORY_BYTES_MAX = 512 * 1024;

/**
 * The depth at which a tree has many directories: the first one with enough of them, else the one with the
 * most that was seen before looking took too long. Null for a small tree, and for one that does not branch.
 *
 * Only a number comes of it: a directory that is swapped for a link meanwhile does no harm.
 */
export async function findSplitDepth(
  files: Pick<Files, "info" | "list">,
  root: string,
): Promise<SplitDepth | null> {
  let level = [root];
  let entriesLeft = ENTRIES_MAX;
  let best: { readonly depth: SplitDepth | null; readonly width: number } = { depth: null, width: 1 };
  let isAllSeen = true;
  for (let depth = 1; level.length > 0; depth++) {
    const next: string[] = [];
    for (const directory of level) {
      const listed = await look(files, directory);
      isAllSeen &&= listed !== null;
      next.push(...listed?.directories ?? []);
      entriesLeft -= listed?.entries ?? 1;
      if (entriesLeft < 0) break;
    }
    if (next.length > best.width) best = { depth, width: next.length };
    if (best.width >= DIRECTORIES_ENOUGH || entriesLeft < 0) return best.depth;
    level = next;
  }
  return isAllSeen ? null : best.depth;
}

/** The directories in one, and how many entries it has; null for one that is too large to look at. */
async function look(
  files: Pick<Files, "info" | "list">,
  path: string,
): Promise<{ readonly directories: readonly string[]; readonly entries: number } | null> {
  try {
    const info = await files.info(path);
    if (info?.kind !== "directory") return { directories: [], entries: 1 };
    if (info.sizeBytes > LISTED_DIRECTORY_BYTES_MAX) return null;
    const entries = await files.list(path);
    const directories = entries.flatMap(({ name, kind }) => kind === "directory" ? [`${path}/${name}`] : []);
    return { directories, entries: entries.length + 1 };
  } catch (error) {
    // What cannot be listed is the scan's to report.
    if (isAppError(error)) return { directories: [], entries: 1 };
    throw error;
  }
}
