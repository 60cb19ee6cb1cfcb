/**
 * Takes a tree out of the archive for good.
 *
 * It gets a hidden name first, under which nobody takes it for an archive: who dies on the way leaves a whole
 * archive, or something that only waits to be removed.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { removeTree } from "../storage/remove_tree.ts";
import { purgeTree } from "./owned_tree.ts";

const PREFIX = ".pruned-";
/** A file's name has 255 bytes at most. */
const KEPT_OF_NAME = 100;

/**
 * Whether a name in a directory of archives is that of a tree which is being removed.
 *
 * @example
 * ```ts
 * import { isPruned } from "./discard_archive.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals([".pruned-20260914T101530004211Z_q7m2x.0123456789abcdef", ".pruned"].map(isPruned), [true, false]);
 * ```
 */
export function isPruned(name: string): boolean {
  return name.startsWith(PREFIX) && /\.[0-9a-f]{16}$/.test(name);
}

/** Where a tree lies that is to go, and whose it is. */
export interface Discard {
  readonly project: ProjectId;
  /** The runtime that its files come from; null when unknown. */
  readonly runtime: string | null;
  readonly path: string;
  /** The directory of archives that it is taken out of. */
  readonly root: string;
}

/**
 * Takes a tree out and removes it; null when it is gone or was not there, else why something is left of it under
 * its hidden name. Errors: those of the rename, after which nothing has changed.
 */
export async function discardArchived(
  carrel: Carrel,
  { path, root, ...whose }: Discard,
): Promise<string | null> {
  const { files, random } = carrel.host;
  const name = `${PREFIX}${basename(path).slice(0, KEPT_OF_NAME)}.${random.bytes(8).toHex()}`;
  const gone = join(root, name);
  try {
    await files.rename(path, gone);
  } catch (error) {
    if (isAppError(error, "file_not_found")) return null;
    throw error;
  }
  await files.syncDir(dirname(path));
  return await purgePruned(carrel, { ...whose, path: gone });
}

/** A tree that has its hidden name and waits to be removed. */
export interface HiddenTree {
  readonly project: ProjectId;
  readonly path: string;
}

/** What was being removed of a project's archives when a process died, or could not be removed. */
export async function listHiddenTrees(carrel: Carrel, project: ProjectId): Promise<HiddenTree[]> {
  const root = carrel.paths.archiveDir(project);
  const entries = await ifPresent(carrel.host.files.list(root)) ?? [];
  return entries.filter(({ name, kind }) => kind === "directory" && isPruned(name))
    .map(({ name }) => ({ project, path: join(root, name) }));
}

/** Removes a tree that has its hidden name; null when it is gone, else why it is not. */
export async function purgePruned(
  carrel: Carrel,
  { project, runtime = null, path }: HiddenTree & { readonly runtime?: string | null },
): Promise<string | null> {
  try {
    await purgeAsAnyone(carrel, project, runtime, path);
    return null;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.message;
  }
}

/** As this user, which needs no runtime; what is left after that belongs to users of containers. */
async function purgeAsAnyone(
  carrel: Carrel,
  project: ProjectId,
  runtime: string | null,
  path: string,
): Promise<void> {
  try {
    return await removeTree(carrel.host, path);
  } catch (error) {
    if (!isAppError(error)) throw error;
    const config = await carrel.config(project);
    const name = runtime ?? config.getOrDefault("run.runtime");
    const plugin = carrel.plugins.find((each) => each.name === name);
    if (plugin === undefined) throw error;
    await purgeTree(carrel, config, plugin, path);
  }
}
