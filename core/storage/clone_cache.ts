/**
 * Where a project's clone cache is, and how it is replaced.
 *
 * A cache lies at `<root>/sandbox/clone-cache/<project>`: a clone with a working tree, as the reference keeps
 * it. A new one is built under a scratch name and takes its place by two renames, between which the one before
 * is called `.<project>.old`. Under that name a whole cache lies, and it is the cache while there is no other:
 * who dies in between leaves the cache that was. Everything else beside it is scratch.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { FileLock, Files } from "../port/host.ts";
import { discardTree, listScratch, scratchPath } from "./scratch_dir.ts";

/** How long a copy may take; whoever replaces the cache waits for it. */
export const COPY_TIMEOUT_MS = 5 * 60_000;

type World = Pick<Carrel, "host" | "paths" | "lockTimeoutMs" | "notify">;

/** The directory of a project's cache; null when there is none that a workspace could be seeded from. */
export async function findCloneCache(
  { host: { files }, paths }: Pick<Carrel, "host" | "paths">,
  project: ProjectId,
): Promise<string | null> {
  const place = paths.cloneCacheDir(project);
  const dir = await files.info(place) !== null ? place : oldOf(place);
  return await isDirectory(files, dir) && await isDirectory(files, join(dir, ".git")) ? dir : null;
}

/** Whether anything lies in the place of a project's cache or beside it, sound or not. */
export async function hasCloneCache(
  { host, paths }: Pick<Carrel, "host" | "paths">,
  project: ProjectId,
): Promise<boolean> {
  const place = paths.cloneCacheDir(project);
  for (const path of [place, oldOf(place)]) if (await host.files.info(path) !== null) return true;
  return (await listScratch({ host }, place)).length > 0;
}

/** Keeps the cache where it is while it is copied. Throws `lock_timeout`. */
export async function shareCloneCache(carrel: World, project: ProjectId): Promise<FileLock> {
  const options = { timeoutMs: carrel.lockTimeoutMs, shared: true };
  return await carrel.host.files.lock(carrel.paths.cloneCacheLock(project), options);
}

/** Lets nobody else make or remove the cache, and clears up after one who died at it. Throws `lock_timeout`. */
export async function holdCloneCache(carrel: World, project: ProjectId): Promise<FileLock> {
  const lock = await carrel.host.files.lock(carrel.paths.cloneCacheSyncLock(project), {
    timeoutMs: carrel.lockTimeoutMs,
  });
  try {
    await settleCloneCache(carrel, project);
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Puts a finished clone in the place of the cache. The caller holds the cache. */
export async function placeCloneCache(carrel: World, project: ProjectId, clone: string): Promise<void> {
  const place = carrel.paths.cloneCacheDir(project);
  const isReplaced = await carrel.host.files.info(place) !== null;
  await moveAlone(carrel, project, [...(isReplaced ? [[place, oldOf(place)] as const] : []), [clone, place]]);
  await discardOld(carrel, place);
}

/** Removes a project's cache, if there is one. The caller holds the cache. */
export async function removeCloneCache(carrel: World, project: ProjectId): Promise<void> {
  const place = carrel.paths.cloneCacheDir(project);
  if (await carrel.host.files.info(place) === null) return;
  const gone = scratchPath(carrel.host.random, place);
  await moveAlone(carrel, project, [[place, gone]]);
  await discardTree(carrel, gone);
}

/** Renames while nobody copies the cache: all of it and for good, or none. */
async function moveAlone(
  carrel: World,
  project: ProjectId,
  moves: readonly (readonly [from: string, to: string])[],
): Promise<void> {
  const { files } = carrel.host;
  await using _alone = await lockAlone(carrel, project);
  const done: (readonly [from: string, to: string])[] = [];
  try {
    for (const [from, to] of moves) {
      await files.rename(from, to);
      done.unshift([from, to]);
    }
    await files.syncDir(dirname(carrel.paths.cloneCacheDir(project)));
  } catch (error) {
    if (isAppError(error)) { for (const [from, to] of done) await files.rename(to, from); }
    throw error;
  }
}

/** Finishes or undoes what a dead process left; the caller holds the cache. */
async function settleCloneCache(carrel: World, project: ProjectId): Promise<void> {
  const { files } = carrel.host;
  const place = carrel.paths.cloneCacheDir(project);
  if (await files.info(oldOf(place)) !== null) {
    if (await files.info(place) === null) {
      await using _alone = await lockAlone(carrel, project);
      await files.rename(oldOf(place), place);
    } else {
      await discardOld(carrel, place);
    }
  }
  for (const path of await listScratch(carrel, place)) await discardTree(carrel, path);
}

/** Under its name lies a whole cache: a part of one gets another name. */
async function discardOld(carrel: World, place: string): Promise<void> {
  const old = oldOf(place);
  if (await carrel.host.files.info(old) === null) return;
  const gone = scratchPath(carrel.host.random, place);
  try {
    await carrel.host.files.rename(old, gone);
  } catch (error) {
    if (!isAppError(error)) throw error;
    carrel.notify({ kind: "warning", text: `${old} can be removed, but was not: ${error.message}` });
    return;
  }
  await discardTree(carrel, gone);
}

/** Waits until nobody copies the cache any more. */
async function lockAlone({ host, paths, lockTimeoutMs }: World, project: ProjectId): Promise<FileLock> {
  return await host.files.lock(paths.cloneCacheLock(project), {
    timeoutMs: lockTimeoutMs + COPY_TIMEOUT_MS,
  });
}

function oldOf(place: string): string {
  return join(dirname(place), `.${basename(place)}.old`);
}

async function isDirectory(files: Files, path: string): Promise<boolean> {
  return (await files.info(path))?.kind === "directory";
}
