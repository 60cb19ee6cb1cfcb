/**
 * Gives a new workspace the project's clone, so that its container need not make one.
 *
 * The copy is made beside the workspace, where no agent can reach it, verified, given its origin, and takes
 * the workspace's place by one rename. A workspace is therefore seeded or as it was, whoever dies or fails;
 * only between the removal of its marker and the rename it is empty, which {@linkcode mendWorkspace} mends.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { type AppError, isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { NEW_TASK_MARKER, NEW_TASK_MARKER_NAME } from "../meta/new_task_marker.ts";
import { findCloneCache, shareCloneCache } from "./clone_cache.ts";
import { copyClone } from "./copy_clone.ts";
import { damagedClone, readOrigin } from "./read_clone.ts";
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
  /** Is told the commit before the workspace has it. */
  readonly onVerified?: (commit: string) => Promise<void>;
}

/** What came of it. Unless it is seeded, the workspace is as it was. */
export type SeedOutcome =
  | { readonly kind: "seeded"; readonly commit: string }
  | { readonly kind: "skipped"; readonly why: string }
  | { readonly kind: "failed"; readonly error: AppError };

type World = Pick<Carrel, "host" | "paths" | "lockTimeoutMs" | "notify">;

/** Seeds a workspace, unless there is nothing to seed it from or it holds more than the new-task marker. */
export async function seedWorkspace(carrel: World, request: SeedRequest): Promise<SeedOutcome> {
  try {
    const why = await whyNot(carrel, request);
    if (why !== null) return { kind: "skipped", why };
    return await copyAndPlace(carrel, request);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { kind: "failed", error };
  }
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

async function whyNot(carrel: World, { workspace, project }: SeedRequest): Promise<string | null> {
  if (!await isUntouched(carrel, workspace)) return "the workspace holds something already";
  return await findCloneCache(carrel, project) === null ? "there is no clone cache" : null;
}

async function copyAndPlace(carrel: World, request: SeedRequest): Promise<SeedOutcome> {
  const { workspace } = request;
  await discardCopies(carrel, workspace);
  const copy = scratchPath(carrel.host.random, workspace);
  try {
    const commit = await copyCache(carrel, request, copy);
    if (commit === null) return { kind: "skipped", why: "there is no clone cache" };
    await request.onVerified?.(commit);
    await putInPlace(carrel, copy, workspace);
    return { kind: "seeded", commit };
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
