/**
 * `storage prune`: what dead processes have left goes.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { type AppError, isAppError } from "../error.ts";
import { findAgentDir } from "../query/agent_dir.ts";
import { hasCloneCache, holdCloneCache, removeCloneCache } from "../storage/clone_cache.ts";
import { measureTrees } from "../storage/measure_trees.ts";
import type { TreeUsage } from "../storage/tree_usage.ts";
import { purgePruned } from "./discard_archive.ts";
import { type Leftover, listDamagedCopies, listLeftovers } from "./list_leftovers.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { withReserve } from "./reserve.ts";
import { settleTask } from "./settle_operation.ts";
import { lockTask } from "./with_task.ts";

/** Something that was removed. JSON. */
export type RemovedLeftover = {
  readonly kind: Leftover["kind"];
  readonly path: string;
  readonly bytes: number;
  readonly allocated_bytes: number;
};

/** What `storage prune` gives. */
export interface PrunedStorage {
  readonly removed: readonly RemovedLeftover[];
  /** One sentence for each that is still there, and for each place that could not be looked at. */
  readonly warnings: readonly string[];
}

/**
 * Removes leftovers, each under the lock of those who make such things, so that nobody is at it. One that
 * resists keeps no other. It works without the state store and on a full disk.
 */
export async function pruneStorage(
  carrel: Carrel,
  options: MutationOptions = {},
): Promise<Performed<PrunedStorage>> {
  const deed = { verb: "storage prune", project: null, task: null, urgent: true };
  return await perform(carrel, deed, options, async (op) => {
    const problems: AppError[] = [];
    const leftovers = await listLeftovers(carrel, problems);
    const usages = op.dryRun ? new Map<string, TreeUsage>() : await measureLeftovers(carrel, leftovers);
    const removed: RemovedLeftover[] = [];
    const warnings = problems.map(({ message }) => message);
    for (const leftover of leftovers) {
      const { kind, path } = leftover;
      await op.step(`remove ${kind}`, path, async () => {
        const failure = await removeLeftover(carrel, leftover);
        const { bytes = 0, allocatedBytes = 0 } = usages.get(path) ?? {};
        if (failure === null) removed.push({ kind, path, bytes, allocated_bytes: allocatedBytes });
        else warnings.push(`${path} was not removed: ${failure}`);
      });
    }
    if (!op.dryRun && removed.length === 0) op.wasInVain();
    return { removed, warnings };
  });
}

/** What each takes, by path. Without it they can still be removed. */
async function measureLeftovers(
  carrel: Carrel,
  leftovers: readonly Leftover[],
): Promise<ReadonlyMap<string, TreeUsage>> {
  try {
    const trees = await Promise.all(leftovers.map(async (leftover) => ({
      path: leftover.path,
      config: await carrel.config("project" in leftover ? leftover.project : undefined),
    })));
    return new Map((await measureTrees(carrel, trees)).map((tree) => [tree.path, tree]));
  } catch (error) {
    if (!isAppError(error)) throw error;
    const text = `what was left behind cannot be measured: ${error.message}`;
    carrel.notify({ kind: "warning", text });
    return new Map();
  }
}

/** Removes one under the lock of those who make such things; null when it is gone, else why it is not. */
export async function removeLeftover(carrel: Carrel, leftover: Leftover): Promise<string | null> {
  try {
    // A lock may need a file that is not there yet.
    const failure = await withReserve(carrel, () => removeLocked(carrel, leftover));
    if (failure !== null) return failure;
    return await isThere(carrel, leftover) ? "it is still there, whole or in part" : null;
  } catch (error) {
    if (isAppError(error)) return error.message;
    throw error;
  }
}

/** A clone cache is also there under the name that it has while it is being removed. */
async function isThere(carrel: Carrel, leftover: Leftover): Promise<boolean> {
  if (leftover.kind === "stale clone cache") return await hasCloneCache(carrel, leftover.project);
  return await carrel.host.files.info(leftover.path) !== null;
}

/** Null, or why it is not gone. */
async function removeLocked(carrel: Carrel, leftover: Leftover): Promise<string | null> {
  switch (leftover.kind) {
    case "pruned archive":
      return await purgePruned(carrel, leftover);
    case "stale clone cache": {
      await using _held = await holdCloneCache(carrel, leftover.project);
      await removeCloneCache(carrel, leftover.project);
      return null;
    }
    case "clone cache scratch": {
      // Whoever holds the cache clears up after those who died at it.
      await using _held = await holdCloneCache(carrel, leftover.project);
      return null;
    }
    case "temporary file": {
      const { path, agentOf } = leftover;
      // Since it was listed, its directory may have become a link.
      if (agentOf !== undefined && await findAgentDir(carrel.host, agentOf) === null) return null;
      await carrel.host.files.removeFile(path);
      return null;
    }
    case "copy of a damaged record": {
      const ref = { project: leftover.project, id: leftover.task };
      return await lockTask(carrel, ref, async () => {
        // That may bring its task back.
        await settleTask(carrel, ref, { urgent: true });
        const gone = await listDamagedCopies(carrel, [], leftover.project);
        if (gone.some(({ path }) => path === leftover.path)) {
          await carrel.host.files.removeFile(leftover.path);
        }
        return null;
      });
    }
    case "unfinished move":
    case "workspace scratch": {
      const ref = { project: leftover.project, id: leftover.task };
      return await lockTask(carrel, ref, async () => {
        // What it belongs to is finished or undone first; that may be all.
        await settleTask(carrel, ref, { urgent: true });
        const isLeft = await carrel.host.files.info(leftover.path) !== null;
        return isLeft ? await purgePruned(carrel, leftover) : null;
      });
    }
  }
}
