/**
 * `archive restore`: the task comes back as it was, under its old id or a new one.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskId } from "../identity/task_id.ts";
import { editBookkeeping } from "../meta/bookkeeping.ts";
import { encodeDossier } from "../meta/dossier.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { NEW_TASK_MARKER } from "../meta/new_task_marker.ts";
import { dossierPath, metaPath, newTaskMarkerPath, workspaceDir } from "../meta/paths.ts";
import { readTaskMeta, removeRecord } from "../meta/record_store.ts";
import { toTaskRecord } from "../meta/task_record.ts";
import type { Archive } from "../query/archives.ts";
import { runtimeOf } from "../query/runtime_of.ts";
import type { TaskRef } from "../query/find_task.ts";
import { listUnfinished } from "../query/operations.ts";
import { openProject, type Project } from "../query/open_project.ts";
import { findTaskDir } from "../query/stored_task.ts";
import { ENDED_SESSION } from "./agent_session.ts";
import { RECORD_FILE, removeCopies } from "./archive_task.ts";
import {
  type ArchivedCopy,
  type ArchivedRecord,
  keepUnusable,
  readArchivedRecord,
} from "./archived_record.ts";
import { claimTaskId } from "./create_task.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { type Settled, settleTask } from "./settle_operation.ts";
import { lockTask, lockTaskFor } from "./with_task.ts";
import { moveAcross } from "./owned_tree.ts";

const RESTORE_VERB = "archive restore";

/** Where to restore to. */
export interface RestoreRequest {
  /** Another project than the one it was deleted from. */
  readonly into?: ProjectId;
}

/** What `archive restore` gives. */
export interface Restored {
  readonly ref: TaskRef;
  /** The id that it had, when it has got a new one; else null. */
  readonly restoredFrom: string | null;
}

/**
 * Restores an archived task: its record files byte for byte, then its directory by one rename. Of a copy that is
 * damaged, missing or not whole, `task.json` tells what it said; the damaged one is kept beside it. The session of
 * its agent has ended: its next start opens another, and no token of before is accepted until then. In another
 * project, or under a new id when another task has the old one, the record names its new place.
 * Errors: `project_not_found`, `already_exists` (that very task is there, or something else is in the way),
 * `archive_not_found`.
 */
export async function restoreArchive(
  carrel: Carrel,
  archive: Archive,
  request: RestoreRequest = {},
  options: MutationOptions = {},
): Promise<Performed<Restored>> {
  const project = await openTarget(carrel, archive, request);
  const ref = { project: project.id, id: archive.record.task_id };
  const args = { archive_id: archive.archiveId, from: archive.project };
  const deed = { verb: RESTORE_VERB, project: ref.project, task: ref.id, args };
  return await perform(carrel, deed, options, async (op) => {
    const restored = op.dryRun
      ? await restoreUnderOldId(carrel, op, archive, project)
      : await settleAndRestore(carrel, op, archive, project);
    return restored ?? await restoreUnderNewId(carrel, op, archive, project);
  });
}

/** The project to restore to; of one that is gone the archives are left, and go to another. */
async function openTarget(carrel: Carrel, archive: Archive, { into }: RestoreRequest): Promise<Project> {
  try {
    return await openProject(carrel, into ?? archive.project);
  } catch (error) {
    if (into !== undefined || !isAppError(error, "project_not_found")) throw error;
    throw new AppError("project_not_found", error.message, {
      hint:
        `restore it --into another project, or make this one anew with \`carrel project new ${archive.project}\``,
      cause: error,
    });
  }
}

/** An archive, and the task that it becomes. */
interface Restoring {
  readonly archive: Archive;
  readonly project: Project;
  readonly id: TaskId;
  readonly taskDir: string;
}

async function settleAndRestore(
  carrel: Carrel,
  op: Operation,
  archive: Archive,
  project: Project,
): Promise<Restored | null> {
  const ref = { project: project.id, id: archive.record.task_id };
  await lockTaskFor(op, carrel, ref);
  const settled = await settleTask(carrel, ref);
  const restored = await finishedBefore(op, settled) ?? await restoreUnderOldId(carrel, op, archive, project);
  // Nothing was done under another task's lock.
  if (restored === null) await op.letGo();
  return restored;
}

/** What settling has done of what is asked for; null when it has not. */
async function finishedBefore(op: Operation, settled: readonly Settled[]): Promise<Restored | null> {
  for (const { unfinished, settlement } of settled) {
    if (unfinished.verb !== RESTORE_VERB || settlement.kind !== "finished") continue;
    // Sound because the settler of this very verb has made it.
    const restored = settlement.result as Restored;
    await op.step("finish restore", `${restored.ref.project}/${restored.ref.id}`, () => Promise.resolve());
    return restored;
  }
  return null;
}

/** Null when another task has the id. */
async function restoreUnderOldId(
  carrel: Carrel,
  op: Operation,
  archive: Archive,
  project: Project,
): Promise<Restored | null> {
  const id = archive.record.task_id;
  if (await hasAnotherTask(carrel, project, archive)) return null;
  await restoreTo(carrel, op, archive, project, id);
  return { ref: { project: project.id, id }, restoredFrom: null };
}

async function restoreUnderNewId(
  carrel: Carrel,
  op: Operation,
  archive: Archive,
  project: Project,
): Promise<Restored> {
  const oldId = archive.record.task_id;
  if (op.dryRun) {
    await op.step("restore record under a new id", project.id, () => Promise.resolve());
    await op.step("restore directory", project.tasksRoot, () => Promise.resolve());
    return { ref: { project: project.id, id: oldId }, restoredFrom: oldId };
  }
  const finished = await finishedBefore(op, await settleRestoresOf(carrel, archive));
  if (finished !== null) return finished;
  const { id, lock } = await claimTaskId(carrel, project);
  op.hold(lock);
  await restoreTo(carrel, op, archive, project, id);
  return { ref: { project: project.id, id }, restoredFrom: oldId };
}

/** Settles restores of this archive that died under whatever id they had chosen. */
async function settleRestoresOf(carrel: Carrel, archive: Archive): Promise<Settled[]> {
  const settled: Settled[] = [];
  for (const { verb, notes, project, task } of await listUnfinished(await carrel.state())) {
    if (verb !== RESTORE_VERB || notes["archive_dir"] !== archive.dir) continue;
    if (project === null || task === null) continue;
    const ref = { project, id: task };
    settled.push(...await lockTask(carrel, ref, () => settleTask(carrel, ref)));
  }
  return settled;
}

/**
 * Whether a task that is not the archived one has its id. A record without a directory is no task: it is what
 * a restore or a deletion left that died half-way.
 */
async function hasAnotherTask({ host }: Carrel, project: Project, { record }: Archive): Promise<boolean> {
  const id = record.task_id;
  const map = await readTaskMeta(host.files, project.metaDir, id);
  if (map === null) return false;
  const own = toTaskRecord(map, { project: project.id, id });
  if (own.created_at !== null && own.created_at === record.created_at) return false;
  return await host.files.info(await findTaskDir(host, project, own)) !== null;
}

async function restoreTo(
  carrel: Carrel,
  op: Operation,
  archive: Archive,
  project: Project,
  id: TaskId,
): Promise<void> {
  const { files } = carrel.host;
  const address = `${project.id}/${id}`;
  const taskDir = join(project.tasksRoot, id);
  if (await files.info(archive.dir) === null) {
    throw new AppError("archive_not_found", `archive ${archive.archiveId} is gone`);
  }
  const hadRecord = await refuseTaken(carrel, project, id, taskDir);
  const archivedId = archive.record.task_id;
  // What cannot be read is told before anything is changed.
  const archived = await readArchivedRecord(files, archive.dir, archivedId, archive.map);
  await op.note({
    archive_dir: archive.dir,
    task_dir: taskDir,
    had_record: hadRecord,
    archived_id: archivedId,
  });
  if (id !== archivedId) await op.concern({ project: project.id, id });
  await op.step("restore record", address, async () => {
    try {
      await restoreRecords(carrel, { archive, project, id, taskDir }, archived);
    } catch (error) {
      if (isAppError(error) && !hadRecord) await dropRecord(carrel, project, id);
      throw error;
    }
  });
  try {
    await op.step("restore directory", taskDir, () => moveBack(carrel, { archive, project, id, taskDir }));
  } catch (error) {
    const moved = isAppError(error) && await files.info(taskDir) !== null;
    if (isAppError(error) && !moved && !hadRecord) await dropRecord(carrel, project, id);
    throw error;
  }
  if (!op.dryRun) await removeCopies(carrel, taskDir, archivedId);
}

/**
 * Refuses an id that a task has. A record without a directory is a restore (or a deletion) that died
 * half-way: it is finished, not refused. Returns whether there is such a record.
 */
async function refuseTaken(
  carrel: Carrel,
  project: Project,
  id: TaskId,
  taskDir: string,
): Promise<boolean> {
  const map = await readTaskMeta(carrel.host.files, project.metaDir, id);
  const recorded = map === null
    ? taskDir
    : await findTaskDir(carrel.host, project, toTaskRecord(map, { project: project.id, id }));
  for (const dir of new Set([taskDir, recorded])) {
    if (await carrel.host.files.info(dir) === null) continue;
    throw new AppError("already_exists", `project ${project.id} has a task ${id} already`, {
      hint: map === null
        ? `the directory ${dir} is in the way`
        : "delete that task first, or restore --into another project",
    });
  }
  return map !== null;
}

/** Takes back a record whose directory could not follow; the archive still has both. */
export async function dropRecord(carrel: Carrel, project: Project, id: TaskId): Promise<void> {
  try {
    await removeRecord(carrel.host.files, project.metaDir, id);
  } catch (error) {
    if (!isAppError(error)) throw error;
    carrel.notify({ kind: "warning", text: `the record of ${project.id}/${id} is left: ${error.message}` });
  }
}

async function restoreRecords(
  carrel: Carrel,
  { archive, project, id, taskDir }: Restoring,
  { bookkeeping, dossier }: ArchivedRecord,
): Promise<void> {
  await carrel.host.files.ensureDir(project.metaDir, { mode: 0o700 });
  for (const copy of [bookkeeping, dossier]) await tellOfDamage(carrel, taskDir, copy);
  const archivedId = archive.record.task_id;
  const isMoved = bookkeeping.text === null || archive.record.workspace !== taskDir;
  const changes = {
    ...bookkeeping.lacks,
    ...(isMoved ? { workspace: taskDir } : {}),
    ...(id === archivedId ? {} : { restored_from: archivedId }),
    ...(archive.record.agent_session === null ? {} : { agent_session: ENDED_SESSION }),
  };
  // In one write: under a new id, the old workspace would be another task's; and no kill leaves an old session.
  const text = bookkeeping.bytes !== null && Object.keys(changes).length === 0
    ? bookkeeping.bytes
    : await editBookkeeping(bookkeeping.text, changes, bookkeeping.path);
  await durableWrite(carrel.host, metaPath(project.metaDir, id), text);
  const isOwn = project.id === archive.project && id === archivedId;
  const identity = dossier.bytes !== null && dossier.problem === null && isOwn
    ? dossier.bytes
    : encodeDossier({ ...dossier.content, project: project.id, task: id });
  await durableWrite(carrel.host, dossierPath(project.metaDir, id), identity);
}

/** Keeps what is damaged; it moves with the directory. */
async function tellOfDamage(
  carrel: Carrel,
  taskDir: string,
  copy: ArchivedCopy,
): Promise<void> {
  if (copy.problem === null) return;
  const aside = await keepUnusable(carrel, copy);
  const kept = aside === null ? "" : `, and what was there is kept as ${join(taskDir, basename(aside))}`;
  carrel.notify({ kind: "warning", text: `${copy.problem}; ${RECORD_FILE} told what it said${kept}` });
}

/** The reference keeps no workspace in its archives: such a task starts from the remote's head again. */
export async function addMissingWorkspace(carrel: Carrel, taskDir: string): Promise<void> {
  const { files } = carrel.host;
  if (await files.info(workspaceDir(taskDir)) !== null) return;
  await files.makeDir(workspaceDir(taskDir), { mode: 0o700 });
  await files.create(newTaskMarkerPath(taskDir), NEW_TASK_MARKER, { mode: 0o644 });
}

async function moveBack(
  carrel: Carrel,
  { archive, project, id, taskDir }: Restoring,
): Promise<void> {
  const { files } = carrel.host;
  await files.ensureDir(project.tasksRoot, { mode: 0o700 });
  try {
    await files.rename(archive.dir, taskDir);
  } catch (error) {
    if (!isAppError(error, "cross_device")) throw error;
    const { plugin } = await runtimeOf(carrel, project, archive.record);
    await moveAcross(carrel, project.config, plugin, { id, from: archive.dir, to: taskDir });
  }
  await addMissingWorkspace(carrel, taskDir);
  await files.syncDir(project.tasksRoot);
  await files.syncDir(dirname(archive.dir));
}
