/**
 * Measures a tree call by call, where there is no `find` for it: slower by far, and unable to name what is
 * no UTF-8.
 *
 * @module
 */
import { join } from "@std/path";
import { isAppError } from "../error.ts";
import type { FileInfo, Files } from "../port/host.ts";
import { TreeSum } from "./tree_sum.ts";

/** What stands in a name for bytes that are no UTF-8. */
const REPLACEMENT = "\ufffd";

/** Adds up what lies at and below a root; links are not followed. What cannot be read is noted. */
export async function walkTree(files: Pick<Files, "info" | "list">, root: string): Promise<TreeSum> {
  const sum = new TreeSum(root);
  const waiting = [root];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const place = path;
    const info = await readOrMiss(sum, place, () => files.info(place));
    if (info === null && place.includes(REPLACEMENT)) sum.miss(place, "its name is no UTF-8");
    if (info?.kind === "file") count(sum, info);
    if (info?.kind !== "directory") continue;
    const entries = await readOrMiss(sum, place, () => files.list(place)) ?? [];
    waiting.push(...entries.map(({ name }) => join(place, name)));
  }
  return sum;
}

function count(sum: TreeSum, { sizeBytes, allocatedBytes, device, inode }: FileInfo): void {
  sum.add(sizeBytes, allocatedBytes, `${device}:${inode}`);
}

/** What a call answers; null when it cannot, or what it asks after has vanished. */
async function readOrMiss<Answer>(
  sum: TreeSum,
  path: string,
  ask: () => Promise<Answer>,
): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (!isAppError(error)) throw error;
    const reason = error.message.slice(error.message.lastIndexOf(": ") + 2);
    if (error.code !== "file_not_found") sum.miss(path, reason);
    return null;
  }
}
