/**
 * Gives a new workspace the project's clone, so that its container need not make one.
 *
 * The copy is made beside the workspace, where no agent can reach it, verified, given its origin, and takes
 * the workspace's place by one rename. A workspace is therefore seeded or as it was, whoever dies or fails;
 * only between the removal of its marker and the rename it is empty, which {@linkcode mendWorkspace} mends.
 * Who needs a copy that outlives a power loss flushes it before it is placed, and may do something else meanwhile.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { type AppError, isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { NEW_TASK_MARKER, NEW_TASK_MARKER_NAME } from "../meta/new_task_marker.ts";
import { COPY_TIMEOUT_MS, findCloneCache, shareCloneCache } from "./clone_cache.ts";
import { copyClone } from "./copy_clone.ts";
import { damagedClone, readOrigin } from "./read_clone.ts";
import { runTool } from "./run_tool.ts";
import { discardTree, listScratch, scratchPath } from "./scratch_dir.ts";

/** What is seeded from where. */
export interface SeedRequest {
  /** The directory, which may be absent. Nobody else seeds it at the same time. */
  readonly workspace: string;
  /** Whose clone cache. */
  readonly project: ProjectId;
  /** The origin of the seeded repository; null leaves that of the cache. */
  readonly originUrl: string | null;
  /** Only a clone of this upstream will do; default: any. */
  readonly upstream?: string;
}

/** A verified copy of the cache that waits beside the workspace. */
export interface SeedCopy {
  readonly workspace: string;
  readonly path: string;
  /** What it has checked out. */
  readonly commit: string;
}

/** What came of a seed. Unless it was done, the workspace is as it was, and nothing is beside it. */
export type SeedOutcome<Done> =
  | { readonly kind: "done"; readonly result: Done }
  | { readonly kind: "skipped"; readonly why: string }
  | { readonly kind: "failed"; readonly error: AppError };

type World = Pick<Carrel, "host" | "paths" | "lockTimeoutMs" | "notify">;

/** Seeds a workspace, unless there is nothing to seed it from or it holds more than the new-task marker. */
export async function seedWorkspace(carrel: World, request: SeedRequest): Promise<SeedOutcome<SeedCopy>> {
  const copied = await copySeed(carrel, request);
  if (copied.kind !== "done") return copied;
  return await outcomeOf(async () => {
    await placeSeed(carrel, copied.result);
    return copied;
  });
}

/** The first half of {@linkcode seedWorkspace}: the copy is made, verified, and waits for {@linkcode placeSeed}. */
export async function copySeed(carrel: World, request: SeedRequest): Promise<SeedOutcome<SeedCopy>> {
  const { workspace } = request;
  return await outcomeOf(async () => {
    if (!await isUntouched(carrel, workspace)) {
      return { kind: "skipped", why: "the workspace holds something already" };
    }
    const noCache = { kind: "skipped", why: "there is no clone cache" } as const;
    if (await findCloneCache(carrel, request.project) === null) return noCache;
    await discardCopies(carrel, workspace);
    const path = scratchPath(carrel.host.random, workspace);
    return await discardIfFailed(carrel, path, async () => {
      const commit = await copyCache(carrel, request, path);
      return commit === null ? noCache : { kind: "done", result: { workspace, path, commit } };
    });
  });
}

/**
 * Puts a copy in the place of its workspace, with the workspace's owner and marker. Fails with what the disk says;
 * the workspace is as it was then, and the copy is gone.
 */
export async function placeSeed(carrel: World, { path, workspace }: SeedCopy): Promise<void> {
  await discardIfFailed(carrel, path, async () => {
    await giveOwner(carrel.host, path, workspace);
    await putInPlace(carrel, path, workspace);
  });
}

/** Flushes what was copied, so that it outlives a power loss. `storage_failed` or `disk_full` when it cannot be. */
export async function flushSeed({ host }: World, { path }: SeedCopy): Promise<void> {
  await runTool(host, ["sync", "-f", "--", path], COPY_TIMEOUT_MS);
}

/** Whether a directory holds the new-task marker and nothing else, or is absent. */
export async function isUntouched(
  { host: { files } }: Pick<Carrel, "host">,
  workspace: string,
): Promise<boolean> {
  const info = await files.info(workspace);
  if (info === null) return true;
  if (info.kind !== "directory") return false;
  return (await files.list(workspace)).every(({ name }) => name === NEW_TASK_MARKER_NAME);
}

/**
 * Clears up after a seed that died, in a workspace whose task never ran: parts of copies go, and where the
 * marker was taken away it comes back.
 */
export async function mendWorkspace(carrel: World, workspace: string): Promise<void> {
  const { files } = carrel.host;
  await discardCopies(carrel, workspace);
  if ((await files.info(workspace))?.kind !== "directory" || (await files.list(workspace)).length > 0) return;
  await files.create(join(workspace, NEW_TASK_MARKER_NAME), NEW_TASK_MARKER, { mode: 0o644 });
}

async function discardCopies(carrel: World, workspace: string): Promise<void> {
  for (const leftover of await listScratch(carrel, workspace)) await discardTree(carrel, leftover);
}

async function outcomeOf<Done>(work: () => Promise<SeedOutcome<Done>>): Promise<SeedOutcome<Done>> {
  try {
    return await work();
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { kind: "failed", error };
  }
}

async function discardIfFailed<Result>(
  carrel: World,
  copy: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isAppError(error) && await carrel.host.files.info(copy) !== null) await discardTree(carrel, copy);
    throw error;
  }
}

/** Copies the cache while nobody replaces it; null when it is gone by now. */
async function copyCache(carrel: World, request: SeedRequest, to: string): Promise<string | null> {
  await using _shared = await shareCloneCache(carrel, request.project);
  const from = await findCloneCache(carrel, request.project);
  if (from === null) return null;
  if (request.upstream !== undefined && await readOrigin(carrel.host, from) !== request.upstream) {
    throw damagedClone(from, "it is of another upstream");
  }
  return await copyClone(carrel.host, { from, to, originUrl: request.originUrl });
}

/** Gives the copy to whom the workspace belongs: its container may have been made for another user meanwhile. */
async function giveOwner(host: World["host"], copy: string, workspace: string): Promise<void> {
  const [here, there] = [await host.files.info(copy), await host.files.info(workspace)];
  if (there === null || (here?.uid === there.uid && here.gid === there.gid)) return;
  await runTool(host, ["chown", "-R", "-h", `${there.uid}:${there.gid}`, "--", copy], COPY_TIMEOUT_MS);
}

/** Puts the copy in the place of the workspace, with the workspace's marker: for good, or not at all. */
async function putInPlace({ host: { files } }: World, copy: string, workspace: string): Promise<void> {
  const marker = join(workspace, NEW_TASK_MARKER_NAME);
  const before = { dir: await files.info(workspace), marker: await files.info(marker) };
  if (before.marker !== null) {
    const copied = join(copy, NEW_TASK_MARKER_NAME);
    await files.removeFile(copied);
    await files.create(copied, await files.read(marker), { mode: before.marker.mode });
    await files.syncDir(copy);
    await files.removeFile(marker);
  }
  let isPlaced = false;
  try {
    await files.rename(copy, workspace);
    isPlaced = true;
    await files.syncDir(dirname(workspace));
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (isPlaced) {
      await files.rename(workspace, copy);
      if (before.dir !== null) await files.makeDir(workspace, { mode: before.dir.mode });
    }
    if (before.marker !== null) {
      await files.create(marker, NEW_TASK_MARKER, { mode: before.marker.mode });
    }
    throw error;
  }
}
