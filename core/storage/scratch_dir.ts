/**
 * Directories in the making, beside the place that they are meant for.
 *
 * They are hidden and end in `.tmp`, which readers ignore, and each has a name of its own: a tool that
 * outlives a killed carrel can go on writing to its old one, and never into a new one.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";
import type { Random } from "../port/host.ts";
import { removeTree } from "./remove_tree.ts";

/** A name for a directory that is to become `place`, or to be removed from there. */
export function scratchPath(random: Random, place: string): string {
  return join(dirname(place), `.${basename(place)}.${random.bytes(8).toHex()}.tmp`);
}

/**
 * Whether a name in the directory of `place` is one of its scratch directories.
 *
 * @example
 * ```ts
 * import { isScratchOf } from "./scratch_dir.ts";
 * import { assert } from "@std/assert";
 * assert(isScratchOf("/srv/demo", ".demo.0123456789abcdef.tmp"));
 * assert(!isScratchOf("/srv/demo", ".demo-2.0123456789abcdef.tmp"));
 * ```
 */
export function isScratchOf(place: string, name: string): boolean {
  const [prefix, suffix] = [`.${basename(place)}.`, ".tmp"];
  return name.startsWith(prefix) && name.endsWith(suffix) &&
    /^[0-9a-f]{16}$/.test(name.slice(prefix.length, -suffix.length));
}

/** Paths of the scratch directories of `place` that are there, sorted. */
export async function listScratch({ host }: Pick<Carrel, "host">, place: string): Promise<string[]> {
  const entries = await ifPresent(host.files.list(dirname(place))) ?? [];
  return entries.filter(({ name }) => isScratchOf(place, name)).map(({ name }) => join(dirname(place), name));
}

/** Removes a tree that is no longer needed; that it could not be removed is a warning. */
export async function discardTree(
  { host, notify }: Pick<Carrel, "host" | "notify">,
  path: string,
): Promise<void> {
  try {
    await removeTree(host, path);
  } catch (error) {
    if (!isAppError(error)) throw error;
    notify({ kind: "warning", text: `${path} can be removed, but was not: ${error.message}` });
  }
}
