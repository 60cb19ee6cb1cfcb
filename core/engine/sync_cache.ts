/**
 * `cache sync`: a project's clone cache becomes what its upstream is now.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { openProject, type Project } from "../query/open_project.ts";
import { buildClone, type CloneRequest, type Deadline, readUpstream } from "../storage/build_clone.ts";
import { findCloneCache, holdCloneCache, placeCloneCache } from "../storage/clone_cache.ts";
import { type GitRefs, sameRefs } from "../storage/git_refs.ts";
import { type Clone, readClone } from "../storage/read_clone.ts";
import { discardTree, scratchPath } from "../storage/scratch_dir.ts";
import { checkUpstream } from "./check_launch.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { perform } from "./perform.ts";

/** How to synchronise. */
export interface SyncRequest {
  /** Give up after this many seconds; default: {@linkcode SYNC_TIMEOUT_S}. */
  readonly timeoutS?: number | null;
}

/** How long fetching and checking may take unless it is said. */
export const SYNC_TIMEOUT_S = 30 * 60;

/**
 * Makes or refreshes the clone cache of a project. A cache that has what the upstream has is left alone;
 * otherwise a new clone is built aside, verified, and takes its place, so that a failure leaves the cache as
 * it was. Errors: `config_missing` (no upstream), `wrong_state` (no such directory, nothing to check out, no
 * git), `upstream_failed`, `lock_timeout` (another is at it), `disk_full`, `storage_failed`.
 */
export async function syncCloneCache(
  carrel: Carrel,
  projectId: ProjectId,
  request: SyncRequest = {},
  options: MutationOptions = {},
): Promise<Operation> {
  const project = await openProject(carrel, projectId);
  const url = requireUpstream(project);
  await checkUpstream(carrel, project);
  const deadline = { atMs: carrel.host.clock.monotonicMs() + 1000 * (request.timeoutS ?? SYNC_TIMEOUT_S) };
  const deed = { verb: "cache sync", project: project.id, task: null };
  const { op } = await perform(carrel, deed, options, async (op) => {
    if (op.dryRun) {
      await refresh(carrel, op, project, url, deadline);
      return {};
    }
    await using _held = await holdCloneCache(carrel, project.id);
    await refresh(carrel, op, project, url, deadline);
    return {};
  });
  return op;
}

function requireUpstream({ id, config }: Project): string {
  const url = config.get("git.upstream_url");
  if (url !== null) return url;
  throw new AppError("config_missing", `project ${id} has no upstream to cache`, {
    hint: "set git.upstream_url in its project.yml",
  });
}

async function refresh(
  carrel: Carrel,
  op: Operation,
  project: Project,
  url: string,
  deadline: Deadline,
): Promise<void> {
  const upstream = await readUpstream(carrel.host, url, deadline);
  const branch = chooseBranch(carrel, project, upstream);
  const dir = await findCloneCache(carrel, project.id);
  const cache = dir === null ? null : await readIfSound(carrel, dir);
  if (cache !== null && isCurrent(cache, url, upstream, branch)) return;
  const place = carrel.paths.cloneCacheDir(project.id);
  await op.step("sync clone cache", place, async () => {
    await carrel.host.files.ensureDir(dirname(place), { mode: 0o700 });
    const reference = cache === null ? null : dir;
    const clone = await buildAside(carrel, place, { url, branch, reference }, deadline);
    try {
      await placeCloneCache(carrel, project.id, clone);
    } catch (error) {
      if (isAppError(error)) await discardTree(carrel, clone);
      throw error;
    }
  });
}

/** The branch that workspaces start on: the wanted one if the upstream has it, else that of its head (null). */
function chooseBranch(carrel: Carrel, { config }: Project, { head, refs }: GitRefs): string | null {
  const wanted = config.get("git.default_branch");
  if (wanted !== null && refs.has(`heads/${wanted}`)) return wanted;
  if (head === null) {
    const isEmpty = refs.size === 0;
    throw new AppError(
      "wrong_state",
      isEmpty ? "the upstream has no commits yet" : "the upstream's head names no branch",
      {
        hint: isEmpty ? "push something to it first" : "set git.default_branch to a branch that it has",
      },
    );
  }
  if (wanted !== null) {
    const text = `the upstream has no branch ${wanted}; its default branch is cached`;
    carrel.notify({ kind: "warning", text });
  }
  return null;
}

/** A cache that git cannot read is made anew. */
async function readIfSound(carrel: Carrel, dir: string): Promise<Clone | null> {
  try {
    return await ifPresent(readClone(carrel.host, dir));
  } catch (error) {
    if (isAppError(error, "storage_failed")) return null;
    throw error;
  }
}

/** Whether a clone has all that the upstream has, and the right branch checked out. */
function isCurrent(cache: Clone, url: string, upstream: GitRefs, branch: string | null): boolean {
  if (cache.origin !== url || !sameRefs(cache.refs, upstream.refs)) return false;
  if (branch !== null) return cache.branch === branch && cache.head === upstream.refs.get(`heads/${branch}`);
  return cache.head === upstream.head && (upstream.branch === null || upstream.branch === cache.branch);
}

/** Builds a clone under a scratch name; what a failure leaves of it is removed. */
async function buildAside(
  carrel: Carrel,
  place: string,
  request: CloneRequest,
  deadline: Deadline,
): Promise<string> {
  const dir = scratchPath(carrel.host.random, place);
  try {
    await buildClone(carrel.host, dir, request, deadline);
    return dir;
  } catch (error) {
    if (!isAppError(error)) throw error;
    await discardTree(carrel, dir);
    // The upstream has just answered: what the old clone lacks may be the reason.
    const isReferences = isAppError(error, "upstream_failed", "storage_failed") && request.reference !== null;
    if (!isReferences || carrel.host.clock.monotonicMs() >= deadline.atMs) throw error;
    return await buildAside(carrel, place, { ...request, reference: null }, deadline);
  }
}
