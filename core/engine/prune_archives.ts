/**
 * `archive prune`: archives go for good.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { agentConfigDir, workspaceDir } from "../meta/paths.ts";
import type { JsonObject } from "../query/operations.ts";
import type { ArchiveChoice, PrunableArchive } from "./choose_archives.ts";
import { discardArchived, purgePruned } from "./discard_archive.ts";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { withReserve } from "./reserve.ts";
import { settleTask } from "./settle_operation.ts";
import { lockTask } from "./with_task.ts";

/** What of an archive goes: all of it, or all but records and logs. */
export type PrunedPart = "all" | "workspace";

/** What is to be pruned, beside the archives that were chosen. */
export interface PruneRequest {
  /** The project whose archives were looked at; null = all. */
  readonly project: ProjectId | null;
  /** Default: all. */
  readonly part?: PrunedPart;
  /** The limits that chose, for the record. */
  readonly args?: JsonObject;
}

/** An archive that is gone. JSON. */
export type PrunedArchive = {
  readonly project_id: string;
  readonly archive_id: string;
  readonly bytes: number;
  readonly allocated_bytes: number;
};

/** What `archive prune` gives. */
export interface Pruned {
  readonly archives: readonly PrunedArchive[];
  readonly warnings: readonly string[];
  /** Archives that should be gone but are not. */
  readonly left: readonly string[];
}

/**
 * Removes the archives that were chosen, each under the lock of its task, so that a restore has all of it or
 * comes too late. One that cannot be removed keeps no other. It works without the state store and on a full disk.
 */
export async function pruneArchives(
  carrel: Carrel,
  { archives, warnings, leftovers }: ArchiveChoice,
  { project, part = "all", args = {} }: PruneRequest,
  options: MutationOptions = {},
): Promise<Performed<Pruned>> {
  const deed = { verb: "archive prune", project, task: null, args: { ...args, part }, urgent: true };
  return await perform(carrel, deed, options, async (op) => {
    const left: string[] = [];
    for (const leftover of leftovers) {
      const { path } = leftover;
      await op.step("remove what is left of an archive", path, async () => {
        const failure = await purgePruned(carrel, leftover);
        if (failure !== null) left.push(`${path} was not removed: ${failure}`);
      });
    }
    if (op.dryRun || archives.length === 0) {
      const action = part === "all" ? "remove archive" : "remove the workspace of archive";
      for (const { dir } of archives) await op.step(action, dir, () => Promise.resolve());
      return { archives: archives.map(toPruned), warnings: [...warnings, ...left], left };
    }
    const pruned: PrunedArchive[] = [];
    // Once, before anything goes: there may be thousands.
    await op.note({ archives: archives.map(toPruned) });
    await op.step("remove archives", `${archives.length}`, async () => {
      for (const archive of archives) {
        const failure = await pruneOne(carrel, archive, part);
        if (failure === null) pruned.push(toPruned(archive));
        else left.push(failure);
      }
    });
    return { archives: pruned, warnings: [...warnings, ...left], left };
  });
}

function toPruned({ project, archiveId, bytes, allocatedBytes }: PrunableArchive): PrunedArchive {
  return { project_id: project, archive_id: archiveId, bytes, allocated_bytes: allocatedBytes };
}

/** Null when it is gone; else why it is not. */
async function pruneOne(carrel: Carrel, archive: PrunableArchive, part: PrunedPart): Promise<string | null> {
  const ref = { project: archive.project, id: archive.taskId };
  try {
    // The lock may need a file that is not there yet.
    const failure = await withReserve(carrel, () =>
      lockTask(carrel, ref, async () => {
        await settleTask(carrel, ref, { urgent: true });
        return await discardParts(carrel, archive, part);
      }));
    if (failure === null) return null;
    const what = part === "all" ? "archive" : "the workspace of archive";
    const name = `${archive.project}/${archive.archiveId}`;
    return `${what} ${name} is taken out of the archive, but still takes disk: ${failure}`;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return `archive ${archive.project}/${archive.archiveId} was not pruned: ${error.message}`;
  }
}

/**
 * Removes all of an archive, or its workspace and what its agent kept; null when it is gone, else why something
 * is left of it under a hidden name.
 */
export async function discardParts(
  carrel: Carrel,
  { project, runtime, dir }: Pick<PrunableArchive, "project" | "runtime" | "dir">,
  part: PrunedPart,
): Promise<string | null> {
  const root = dirname(dir);
  const paths = part === "all" ? [dir] : [workspaceDir(dir), agentConfigDir(dir)];
  let failure: string | null = null;
  for (const path of paths) {
    failure = await discardArchived(carrel, { project, runtime, path, root }) ?? failure;
  }
  return failure;
}
