/**
 * Settles `task delete`: before the move into the archive it is undone, after it finished.
 *
 * @module
 */
import { basename } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { removeRecord } from "../meta/record_store.ts";
import { findContainer, isActive } from "../query/launched_container.ts";
import { purgingRuntimeOf } from "../query/runtime_of.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { removeCopies } from "./archive_task.ts";
import { type Deletion, removeRest } from "./delete_task.ts";
import { purgeTree, settleMoveAcross } from "./owned_tree.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";
import { findSettlingTask } from "./settling_task.ts";
import { RUNS_ON } from "./stop_task.ts";
import { restoreToken } from "./task_port.ts";
import type { HeldTask } from "./with_task.ts";

/** See the module. A purge that had begun goes on: what it has removed cannot be brought back. */
export async function settleDelete(carrel: Carrel, unfinished: UnfinishedOperation): Promise<Settlement> {
  const found = await findSettlingTask(carrel, unfinished);
  const archiveDir = textOf(unfinished.notes["archive_dir"]);
  const archiveId = archiveDir === null ? null : basename(archiveDir);
  if (found === null) {
    // With its project the task is gone as well.
    const isGone = unfinished.task !== null;
    return isGone ? finished({ archiveId, warnings: [], incomplete: false }) : UNDONE;
  }
  const { project, ref, task } = found;
  if (task === null) {
    await removeRecord(carrel.host.files, project.metaDir, ref.id);
    return finished({ archiveId, warnings: [], incomplete: false });
  }
  const { plugin } = await purgingRuntimeOf(carrel, project, task.record);
  if (archiveDir !== null) {
    await settleMoveAcross(carrel, project.config, plugin, {
      id: ref.id,
      from: task.taskDir,
      to: archiveDir,
    });
  }
  const isPurge = unfinished.args["purge"] === true && unfinished.step !== "stop container";
  if (isPurge) await purgeTree(carrel, project.config, plugin, task.taskDir);
  else if (await carrel.host.files.info(task.taskDir) !== null) return await undo(carrel, unfinished, task);
  const rest = await removeRest(
    carrel,
    { lastStep: async (_action, _target, effect) => void await effect() },
    task,
  );
  return finished({ archiveId: isPurge ? null : archiveId, ...rest });
}

/** The task is whole again; if the deletion had stopped it, it is stopped. */
async function undo(carrel: Carrel, { step }: UnfinishedOperation, task: HeldTask): Promise<Settlement> {
  if (step === "stop container" && isActive((await findContainer(carrel, task)).status)) {
    await task.update(RUNS_ON);
  }
  await takeBackDeletion(carrel, task);
  return UNDONE;
}

/** Makes a task whole again whose directory was not moved; what a purge has left never is. The caller holds its lock. */
export async function takeBackDeletion(carrel: Carrel, task: HeldTask): Promise<void> {
  await removeCopies(carrel, task.taskDir, task.ref.id);
  if (!task.record.deleting || task.record.purging) return;
  await restoreToken(carrel, task);
  await task.update({ deleting: undefined });
}

function finished(result: Deletion): Settlement {
  return { kind: "finished", result };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
