/**
 * Task records on disk: dossier and bookkeeping as one map, read, edited under a lock, and removed.
 *
 * Either file alone makes a record. The dossier wins on the three keys that it holds.
 *
 * @module
 */
import { ifPresent } from "../if_present.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { isTaskId, type TaskId } from "../identity/task_id.ts";
import { invariant } from "../invariant.ts";
import type { Files } from "../port/host.ts";
import { decodeWholeBookkeeping, editBookkeeping } from "./bookkeeping.ts";
import { decodeDossier, encodeDossier } from "./dossier.ts";
import { durableWrite, type WriteHost } from "./durable_write.ts";
import { dossierPath, envPath, metaPath, type Paths, recordFileId } from "./paths.ts";
import { readRecordText, type RecordPlace } from "./read_record_text.ts";
import type { YamlValue } from "../yaml/yaml_value.ts";

/** Keys to set, and keys to delete (undefined). `name` goes to the dossier, the others to the bookkeeping. */
export type RecordChanges = Readonly<Record<string, YamlValue | undefined>> & { readonly name?: string };

/** Whose record. */
export interface TaskPlace {
  readonly project: ProjectId;
  readonly id: TaskId;
}

/** How long to wait for a task's lock. */
export interface LockOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the merged record of a task: all bookkeeping keys, `project_id`, `task_id` and `name`, whichever
 * are known. Null only if both files are missing. Throws `record_damaged` when one of them is unreadable.
 */
export async function readTaskMeta(
  files: Files,
  metaDir: string,
  id: TaskId,
  place: RecordPlace = {},
): Promise<Record<string, unknown> | null> {
  const [dossierFile, metaFile] = [dossierPath(metaDir, id), metaPath(metaDir, id)];
  let [dossierText, metaText] = await Promise.all([
    readRecordText(files, dossierFile, place),
    readRecordText(files, metaFile, place),
  ]);
  // A deletion marks the bookkeeping, then removes the dossier, then the bookkeeping: where one of them is gone, what
  // was read of the other may be older than that.
  if (dossierText === null && metaText !== null) metaText = await readRecordText(files, metaFile, place);
  if (dossierText !== null && metaText === null) {
    dossierText = await readRecordText(files, dossierFile, place);
  }
  if (dossierText === null && metaText === null) return null;
  const { project, task, name } = decodeDossier(dossierText, dossierFile);
  // `project_name` is the newer reference's word for `project_id`.
  const { project_id, project_name, task_id, name: oldName, ...rest } = metaText === null
    ? {}
    : await decodeWholeBookkeeping(metaText, metaFile);
  const identity = {
    project_id: project ?? project_id ?? project_name,
    task_id: task ?? task_id,
    name: name ?? oldName,
  };
  return {
    ...rest,
    ...Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined)),
  };
}

/**
 * Ids of all tasks with a record, sorted; files of other names are not looked at. Null when the directory
 * does not exist; other failures (`permission_denied`) are thrown.
 */
export async function listTaskIds(files: Files, metaDir: string): Promise<TaskId[] | null> {
  const entries = await ifPresent(files.list(metaDir));
  if (entries === null) return null;
  const ids = entries.filter(({ kind }) => kind !== "directory").map(({ name }) => recordFileId(name) ?? "");
  return [...new Set(ids.filter(isTaskId))].sort();
}

/**
 * Changes keys of a record, or makes it: dossier first, then bookkeeping, each only if its text changes.
 * The dossier always gets the project and task that it lacks. The caller holds the task's lock. Throws
 * `record_damaged` before anything is written, and the errors of {@linkcode durableWrite}.
 */
export async function writeRecord(
  host: WriteHost,
  metaDir: string,
  { project, id }: TaskPlace,
  { name, ...changes }: RecordChanges,
): Promise<void> {
  for (const key of ["project_id", "project_name", "task_id"]) {
    invariant(!(key in changes), `${key} is decided by the place of the record`);
  }
  const [dossierFile, metaFile] = [dossierPath(metaDir, id), metaPath(metaDir, id)];
  const [dossierText, metaText] = await Promise.all([
    readRecordText(host.files, dossierFile),
    readRecordText(host.files, metaFile),
  ]);
  const dossier = decodeDossier(dossierText, dossierFile);
  const complete = dossier.project !== null && dossier.task !== null;
  const newDossier = dossierText !== null && complete && (name === undefined || name === dossier.name)
    ? dossierText
    : encodeDossier({
      ...dossier,
      project: dossier.project ?? project,
      task: dossier.task ?? id,
      name: name ?? dossier.name,
    });
  const isNew = dossierText === null && metaText === null;
  const newMeta = isNew || metaText !== null || Object.keys(changes).length > 0
    ? await editBookkeeping(metaText, changes, metaFile)
    : null;
  if (isNew) await host.files.ensureDir(metaDir, { mode: 0o700 });
  if (newDossier !== dossierText) await durableWrite(host, dossierFile, newDossier);
  if (newMeta !== null && newMeta !== metaText) await durableWrite(host, metaFile, newMeta);
}

/** Runs `fn` while holding the lock of a task. Throws `lock_timeout`. */
export async function withTaskLock<T>(
  files: Pick<Files, "lock">,
  paths: Paths,
  { project, id, ...options }: TaskPlace & LockOptions,
  fn: () => Promise<T>,
): Promise<T> {
  await using _lock = await files.lock(paths.taskLock(project, id), options);
  return await fn();
}

/** {@linkcode writeRecord} under the task's lock. */
export async function updateTask(
  host: WriteHost,
  paths: Paths,
  place: TaskPlace & LockOptions,
  changes: RecordChanges,
): Promise<void> {
  await withTaskLock(
    host.files,
    paths,
    place,
    () => writeRecord(host, paths.tasksMetaDir(place.project), place, changes),
  );
}

/**
 * Removes a record and its environment values; what is already gone is fine. The bookkeeping goes last,
 * when nothing else is left: as long as there is anything, it says that the task is being deleted.
 */
export async function removeRecord(files: Files, metaDir: string, id: TaskId): Promise<void> {
  for (const group of [[envPath(metaDir, id), dossierPath(metaDir, id)], [metaPath(metaDir, id)]]) {
    const outcomes = await Promise.allSettled(group.map((path) => files.removeFile(path)));
    if (outcomes.some((outcome) => outcome.status === "fulfilled" && outcome.value)) {
      await files.syncDir(metaDir);
    }
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") throw outcome.reason;
    }
  }
}
