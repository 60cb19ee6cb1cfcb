/**
 * `storage prune`: what dead processes have left goes.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { type AppError, isAppError } from "../error.ts";
import { holdCloneCache } from "../storage/clone_cache.ts";
import { purgePruned } from "./discard_archive.ts";
import { type Leftover, listLeftovers } from "./list_leftovers.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { settleTask } from "./settle_operation.ts";
import { lockTask } from "./with_task.ts";

/** Something that was removed. JSON. */
export type RemovedLeftover = { readonly kind: Leftover["kind"]; readonly path: string };

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
    const removed: RemovedLeftover[] = [];
    const warnings = problems.map(({ message }) => message);
    for (const leftover of leftovers) {
      const { kind, path } = leftover;
      await op.step(`remove ${kind}`, path, async () => {
        const failure = await removeLeftover(carrel, leftover);
        if (failure === null) removed.push({ kind, path });
        else warnings.push(`${path} was not removed: ${failure}`);
      });
    }
    if (!op.dryRun && removed.length === 0) op.wasInVain();
    return { removed, warnings };
  });
}

/** Null when it is gone; else why it is not. */
async function removeLeftover(carrel: Carrel, leftover: Leftover): Promise<string | null> {
  try {
    await removeLocked(carrel, leftover);
    return await carrel.host.files.info(leftover.path) === null ? null : "it is still there";
  } catch (error) {
    if (isAppError(error)) return error.message;
    throw error;
  }
}

async function removeLocked(carrel: Carrel, leftover: Leftover): Promise<void> {
  switch (leftover.kind) {
    case "pruned archive":
      return await purgePruned(carrel, leftover);
    case "clone cache scratch": {
      // Whoever holds the cache clears up after those who died at it.
      await using _held = await holdCloneCache(carrel, leftover.project);
      return;
    }
    case "temporary file":
      return void await carrel.host.files.removeFile(leftover.path);
    case "unfinished move":
    case "workspace scratch": {
      const ref = { project: leftover.project, id: leftover.task };
      return await lockTask(carrel, ref, async () => {
        // What it belongs to is finished or undone first; that may be all.
        await settleTask(carrel, ref, { urgent: true });
        if (await carrel.host.files.info(leftover.path) !== null) await purgePruned(carrel, leftover);
      });
    }
  }
}
