/**
 * `task delete`: a move into the archive, then clean-up.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { metaPath } from "../meta/paths.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { type RecordSnapshot, snapshotRecord, withoutDeletionMark } from "../meta/record_snapshot.ts";
import { removeRecord } from "../meta/record_store.ts";
import { CONTAINER_MODES } from "../query/container_name.ts";
import type { TaskRef } from "../query/find_task.ts";
import { findContainer } from "../query/launched_container.ts";
import { hasRuntime, purgingRuntimeOf } from "../query/runtime_of.ts";
import { openProject } from "../query/open_project.ts";
import { removeAgentFiles } from "./agent_file.ts";
import { AGENT_TOKEN_FILE } from "./agent_session.ts";
import { archiveTaskDir, findOwnArchive } from "./archive_task.ts";
import { captureLogs } from "./capture_logs.ts";
import { hasRecord } from "./create_task.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { type Settled, settleTask } from "./settle_operation.ts";
import { purgeTree } from "./owned_tree.ts";
import { mayHaveContainers, type Removal, removeContainers } from "./remove_containers.ts";
import { stopContainer } from "./stop_task.ts";
import { retainArchives } from "./retain_archives.ts";
import { retainState } from "./retain_state.ts";
import { withReserve } from "./reserve.ts";
import { restoreToken, tokenName } from "./task_port.ts";
import { releaseResources } from "./task_resources.ts";
import { type HeldTask, holdTask, lockTaskFor, withTask } from "./with_task.ts";

const DELETE_VERB = "task delete";

/** How to delete. */
export interface DeleteRequest {
  /** Free the disk at once and keep nothing. */
  readonly purge?: boolean;
}

/** What a deletion left. */
export type DeleteResult = Performed<Deletion>;

/** What `task delete` gives. */
export interface Deletion {
  readonly archiveId: string | null;
  readonly warnings: readonly string[];
  /** Whether a container or the record of this task may still be there. */
  readonly incomplete: boolean;
}

/**
 * Deletes a task: stops it, moves its whole directory into the archive, removes containers and
 * record. If the archive cannot be made nothing is removed (`archive_failed`); once it is made,
 * cleaning up always completes and collects warnings. Afterwards archives that are too old go, where
 * `archive.keep_for` says so. Errors before anything is changed:
 * `task_not_found`, `lock_timeout`, exit 9 when the runtime cannot say whether the task runs. A purge goes on
 * where there is no runtime of the name on record, and warns of the container that may be there.
 */
export async function deleteTask(
  carrel: Carrel,
  ref: TaskRef,
  request: DeleteRequest = {},
  options: MutationOptions = {},
): Promise<DeleteResult> {
  const project = await openProject(carrel, ref.project);
  // A purge frees the disk: nothing that is full must keep it from doing so.
  const urgent = request.purge ?? false;
  const deed = { verb: DELETE_VERB, project: ref.project, task: ref.id, args: { purge: urgent }, urgent };
  const result = await perform(carrel, deed, options, async (op) => {
    if (op.dryRun) return await withTask(carrel, op, ref, (task) => deleteHeld(carrel, op, task, request));
    await lockTaskFor(op, carrel, ref);
    const settled = await settleTask(carrel, ref, { urgent });
    if (settled.length === 0 || await hasRecord(carrel, project, ref.id)) {
      return await deleteHeld(carrel, op, await holdTask(carrel, project, ref), request);
    }
    // Settling has done what was asked for.
    await op.step("finish deletion", `${ref.project}/${ref.id}`, () => Promise.resolve());
    return finishedDeletion(settled);
  });
  if (!result.op.dryRun) {
    await retainArchives(carrel, project, { parent: result.op.id });
    await retainState(carrel, project, { parent: result.op.id });
  }
  return result;
}

/** What is left of a task that was gone once it was settled: what its deletion left, or its making, nothing. */
function finishedDeletion(settled: readonly Settled[]): Deletion {
  for (const { unfinished, settlement } of settled) {
    // Sound because the settler of this very verb has made it.
    if (unfinished.verb === DELETE_VERB && settlement.kind === "finished") {
      return settlement.result as Deletion;
    }
  }
  return { archiveId: null, warnings: [], incomplete: false };
}

async function deleteHeld(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  request: DeleteRequest,
): Promise<Deletion> {
  const warnings = await endRun(carrel, op, task, request);
  const archiveId = request.purge === true ? await purge(carrel, op, task) : await archive(carrel, op, task);
  const cleanUp = await removeRest(carrel, op, task);
  return { archiveId, ...cleanUp, warnings: [...warnings, ...cleanUp.warnings] };
}

/** Stops the task and keeps its output; a sentence if that is not possible. */
async function endRun(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  request: DeleteRequest,
): Promise<string[]> {
  if (task.record.mode === null) return [];
  // Nobody will ever be able to ask it, and whoever purges gives the task up.
  if (request.purge === true && !hasRuntime(carrel, task.record)) return [];
  const container = await findContainer(carrel, task);
  await stopContainer(carrel, op, task, container, null);
  if (op.dryRun || request.purge === true || container.status === null) return [];
  // A deletion that died after the move has kept the output already.
  if (await carrel.host.files.info(task.taskDir) === null) return [];
  const kept = await captureLogs(carrel, task, container);
  return kept === null ? [`the output of ${container.name} could not be kept`] : [];
}

/** Moves the task into the archive; on failure the task is whole again, but stopped. */
async function archive(carrel: Carrel, op: Operation, task: HeldTask): Promise<string | null> {
  let archiveId: string | null = null;
  await op.step("archive", task.taskDir, async () => {
    // A deletion that died after the move (or a restore before it) is finished here, not archived again.
    archiveId = await findOwnArchive(carrel, task);
    if (archiveId !== null) return;
    if (await carrel.host.files.info(task.taskDir) === null) {
      const text =
        `the directory of task ${task.address} is missing (${task.taskDir}): only its record is archived`;
      carrel.notify({ kind: "warning", text });
    }
    if (task.record.purging) {
      const text = `a purge of task ${task.address} had begun: only what it has left is archived`;
      carrel.notify({ kind: "warning", text });
    }
    const snapshot = await snapshotUnmarked(carrel, task);
    try {
      await task.update({ deleting: true });
      await removeSecrets(carrel, task);
      archiveId = await archiveTaskDir(carrel, task, snapshot, (dir) => op.note({ archive_dir: dir }));
    } catch (error) {
      if (!isAppError(error)) throw error;
      throw await archiveFailure(carrel, task, snapshot, error);
    }
  });
  return archiveId;
}

/** The record without the mark that an interrupted deletion left on it. */
export async function snapshotUnmarked(
  carrel: Carrel,
  { project, ref, record }: HeldTask,
): Promise<RecordSnapshot> {
  const snapshot = await snapshotRecord(carrel.host.files, project.metaDir, ref.id);
  if (snapshot.bookkeeping === null || !record.deleting) return snapshot;
  const path = metaPath(project.metaDir, ref.id);
  return { ...snapshot, bookkeeping: await withoutDeletionMark(snapshot.bookkeeping, path) };
}

/** Makes the task whole again, if all of its directory is still here, and says why it was not deleted. */
async function archiveFailure(
  carrel: Carrel,
  task: HeldTask,
  snapshot: RecordSnapshot,
  cause: AppError,
): Promise<AppError> {
  const moved = await carrel.host.files.info(task.taskDir) === null;
  const isWhole = !moved && !task.record.purging;
  if (isWhole) {
    try {
      await unmark(carrel, task, snapshot);
    } catch (error) {
      // The mark says no more than that a deletion is to be finished or begun again.
      if (!isAppError(error)) throw error;
    }
  }
  return new AppError("archive_failed", `task ${task.address} was not deleted: ${cause.message}`, {
    hint: isWhole
      ? "the task is stopped but whole; free some disk or mend the cause, then delete it again"
      : moved
      ? "its directory is in the archive already; delete the task again to finish"
      : "a purge of it had begun; mend the cause, then delete it again",
    cause,
  });
}

/** The record and the token file as they were before the deletion began. */
async function unmark(carrel: Carrel, task: HeldTask, { bookkeeping }: RecordSnapshot): Promise<void> {
  const path = metaPath(task.project.metaDir, task.ref.id);
  if (bookkeeping === null) await carrel.host.files.removeFile(path);
  else await durableWrite(carrel.host, path, bookkeeping);
  await restoreToken(carrel, task);
}

async function purge(carrel: Carrel, op: Operation, task: HeldTask): Promise<null> {
  const { plugin } = await purgingRuntimeOf(carrel, task.project, task.record);
  await op.step("purge", task.taskDir, async () => {
    await withReserve(carrel, () => task.update({ deleting: true, purging: true }));
    await purgeTree(carrel, task.project.config, plugin, task.taskDir);
  });
  return null;
}

/** Token files never reach the archive. */
async function removeSecrets(carrel: Carrel, task: HeldTask): Promise<void> {
  await removeAgentFiles(carrel, task, [...CONTAINER_MODES.map(tokenName), AGENT_TOKEN_FILE]);
}

/** What is left after the move: containers and record. */
export async function removeRest(
  carrel: Carrel,
  op: Pick<Operation, "lastStep">,
  task: HeldTask,
): Promise<Pick<Deletion, "warnings" | "incomplete">> {
  const warnings: string[] = [];
  let incomplete = false;
  if (mayHaveContainers(task)) {
    await op.lastStep("remove containers", task.address, async () => {
      const { failures, strangers } = await tryRemoveContainers(carrel, task);
      incomplete = failures.length > 0;
      // A container that is left was stopped before anything was moved.
      await releaseResources(carrel, task.ref);
      warnings.push(...failures, ...strangers);
    });
  }
  await op.lastStep("remove record", task.address, async () => {
    try {
      await removeRecord(carrel.host.files, task.project.metaDir, task.ref.id);
    } catch (error) {
      if (!isAppError(error)) throw error;
      incomplete = true;
      warnings.push(`the record of ${task.address} could not be removed: ${error.message}`);
    }
  });
  return { warnings, incomplete };
}

/** As {@linkcode removeContainers}; a runtime that cannot be asked may still have them. */
async function tryRemoveContainers(carrel: Carrel, task: HeldTask): Promise<Removal> {
  try {
    return await removeContainers(carrel, task);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return {
      failures: [`containers of ${task.address} may still be there: ${error.message}`],
      strangers: [],
    };
  }
}
