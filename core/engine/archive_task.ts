/**
 * Moves a task directory into the archive: record copies first, then one rename.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import {
  encodeArchiveRecord,
  formatArchiveName,
  formatArchiveStamp,
  parseArchiveName,
} from "../meta/archive.ts";
import type { TaskId } from "../identity/task_id.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { dossierPath, metaPath } from "../meta/paths.ts";
import { type RecordSnapshot, withoutTokens } from "../meta/record_snapshot.ts";
import { runtimeOf } from "../query/runtime_of.ts";
import { listScratch } from "../storage/scratch_dir.ts";
import { moveAcross } from "./owned_tree.ts";
import type { HeldTask } from "./with_task.ts";

/** The merged record of an archived task. */
export const RECORD_FILE = "task.json";

/** Names of the copies of the record files inside an archived task directory. */
export function archivedRecordPaths(
  archiveDir: string,
  id: TaskId,
): { readonly dossier: string; readonly bookkeeping: string } {
  return { dossier: dossierPath(archiveDir, id), bookkeeping: metaPath(archiveDir, id) };
}

/**
 * Writes task.json and copies of the record files into the task directory and moves the directory
 * to its archive name, which is announced before. Returns the archive id. The caller holds the task's lock.
 *
 * When it fails, the directory is where and as it was, unless a disk fails again and again: then it may
 * have been moved, which {@linkcode findOwnArchive} tells.
 */
export async function archiveTaskDir(
  carrel: Carrel,
  task: HeldTask,
  snapshot: RecordSnapshot,
  announce: (dir: string) => Promise<void>,
): Promise<string> {
  const root = carrel.paths.archiveDir(task.project.id);
  await carrel.host.files.ensureDir(task.taskDir, { mode: 0o700 });
  try {
    await writeCopies(carrel, task, snapshot);
    await carrel.host.files.ensureDir(root, { mode: 0o700 });
    const target = await freeArchiveDir(carrel, root, task.ref.id, task.record.name);
    await announce(target);
    await moveTree(carrel, task, target);
    return basename(target);
  } catch (error) {
    if (isAppError(error)) await removeCopies(carrel, task.taskDir, task.ref.id);
    throw error;
  }
}

async function writeCopies(carrel: Carrel, task: HeldTask, snapshot: RecordSnapshot): Promise<void> {
  const { taskDir, ref } = task;
  const copies = archivedRecordPaths(taskDir, ref.id);
  const merged = { ...snapshot.map, project_id: task.project.id, task_id: ref.id };
  await durableWrite(carrel.host, join(taskDir, RECORD_FILE), encodeArchiveRecord(merged));
  if (snapshot.dossier !== null) await durableWrite(carrel.host, copies.dossier, snapshot.dossier);
  if (snapshot.bookkeeping !== null) {
    const text = await withoutTokens(snapshot.bookkeeping, copies.bookkeeping);
    await durableWrite(carrel.host, copies.bookkeeping, text);
  }
}

/** Removes what the archive adds to a task directory, half written or whole, as far as that is possible. */
export async function removeCopies(carrel: Carrel, taskDir: string, id: TaskId): Promise<void> {
  for (const copy of [join(taskDir, RECORD_FILE), ...Object.values(archivedRecordPaths(taskDir, id))]) {
    try {
      for (const path of [...await listScratch(carrel, copy), copy]) await carrel.host.files.removeFile(path);
    } catch (error) {
      if (!isAppError(error)) throw error;
      carrel.notify({ kind: "warning", text: `${copy} can be removed, but was not: ${error.message}` });
    }
  }
}

/** A name that is free. Nobody else can take it: who archives this id holds the task's lock. */
async function freeArchiveDir(
  carrel: Carrel,
  root: string,
  id: string,
  name: string | null,
): Promise<string> {
  const first = join(root, formatArchiveName(formatArchiveStamp(carrel.host.clock.nowMicros()), id, name));
  let dir = first;
  for (let suffix = 1; await carrel.host.files.info(dir) !== null; suffix++) dir = `${first}_${suffix}`;
  return dir;
}

async function moveTree(carrel: Carrel, task: HeldTask, target: string): Promise<void> {
  const { files } = carrel.host;
  const { taskDir, project, record } = task;
  try {
    await files.rename(taskDir, target);
  } catch (error) {
    if (!isAppError(error, "cross_device")) throw error;
    const { plugin } = await runtimeOf(carrel, project, record);
    return await moveAcross(carrel, project.config, plugin, { id: task.ref.id, from: taskDir, to: target });
  }
  try {
    await files.syncDir(dirname(target));
    await files.syncDir(dirname(taskDir));
  } catch (error) {
    // A move that may not last must not be built upon.
    if (isAppError(error)) await moveBackIfPossible(carrel, target, taskDir);
    throw error;
  }
}

async function moveBackIfPossible(carrel: Carrel, target: string, taskDir: string): Promise<void> {
  try {
    await carrel.host.files.rename(target, taskDir);
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

/**
 * The archive that holds the directory of a task whose deletion or restore was interrupted; null while the
 * directory is still here, or when there is none (a purge was interrupted).
 */
export async function findOwnArchive(carrel: Carrel, task: HeldTask): Promise<string | null> {
  const { files } = carrel.host;
  if (await files.info(task.taskDir) !== null) return null;
  const root = carrel.paths.archiveDir(task.project.id);
  if (await files.info(root) === null) return null;
  const names = (await files.list(root)).map(({ name }) => name)
    .filter((name) => parseArchiveName(name)?.taskId === task.ref.id);
  for (const name of names.reverse()) {
    if (await files.info(join(root, name, RECORD_FILE)) !== null) return name;
  }
  return null;
}
