/**
 * What there is of a task on disk, whatever is missing.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../../carrel.ts";
import { type AppError, isAppError } from "../../error.ts";
import { ifPresent } from "../../if_present.ts";
import { formatAddress } from "../../identity/address.ts";
import { isTaskId, type TaskId } from "../../identity/task_id.ts";
import { decodeWholeBookkeeping } from "../../meta/bookkeeping.ts";
import { decodeDossier } from "../../meta/dossier.ts";
import { readEnv } from "../../meta/env_file.ts";
import { dossierPath, envFileId, envPath, metaPath, recordFileId, workspaceDir } from "../../meta/paths.ts";
import { readRecordText } from "../../meta/read_record_text.ts";
import { readTaskMeta } from "../../meta/record_store.ts";
import { recordDamaged } from "../../meta/record_damaged.ts";
import { type TaskRecord, toTaskRecord } from "../../meta/task_record.ts";
import { listProjectArchives } from "../../query/archives.ts";
import { findTaskDir } from "../../query/stored_task.ts";
import type { TaskRef } from "../../query/find_task.ts";
import { findCutOff } from "./cut_off.ts";
import type { KnownProject, SurveyedProject } from "./known_projects.ts";
import { isKnownTask } from "./task_history.ts";

/** One file of a record: absent, sound, or why it cannot be used. */
export type FileTrace = "absent" | "sound" | AppError;

/** A task's directory: `task` has a workspace, `empty` has nothing, `other` something else. */
export type DirTrace = "absent" | "task" | "empty" | "other";

/** See the module. */
export interface TaskTraces {
  readonly project: KnownProject;
  readonly ref: TaskRef;
  readonly address: string;
  readonly dossier: FileTrace;
  readonly bookkeeping: FileTrace;
  /** Values given with `--env`. */
  readonly env: FileTrace;
  /** What the sound files say together; null without one. */
  readonly record: TaskRecord | null;
  readonly taskDir: string;
  readonly dir: DirTrace;
  /** Whether the archive has this very task; looked for when its directory is absent. */
  readonly isArchived: boolean;
  /** Whether it is proved that a task of which only `env` is left was one of this root. */
  readonly isKnown: boolean;
}

/** Ids of all tasks of which there is a record's file, or a directory; sorted. */
export async function listTracedIds(
  { host: { files } }: Carrel,
  { metaDir, tasksRoot, sharesRoot }: SurveyedProject,
): Promise<TaskId[]> {
  const records = await ifPresent(files.list(metaDir)) ?? [];
  const dirs = sharesRoot ? [] : await ifPresent(files.list(tasksRoot)) ?? [];
  const ids = [
    ...records.filter(({ kind }) => kind !== "directory")
      .map(({ name }) => recordFileId(name) ?? envFileId(name) ?? ""),
    ...dirs.filter(({ kind }) => kind === "directory").map(({ name }) => name),
  ];
  return [...new Set(ids.filter(isTaskId))].sort();
}

/** Looks at one task. */
export async function traceTask(carrel: Carrel, project: KnownProject, id: TaskId): Promise<TaskTraces> {
  const { files } = carrel.host;
  const { metaDir } = project;
  const ref = { project: project.id, id };
  const [dossierFile, metaFile] = [dossierPath(metaDir, id), metaPath(metaDir, id)];
  const dossier = await traceFile(carrel, dossierFile, (text) => decodeDossier(text, dossierFile));
  const bookkeeping = await traceFile(carrel, metaFile, async (text) => {
    const map = await decodeWholeBookkeeping(text, metaFile);
    const cutOff = await findCutOff(carrel, ref, { path: metaFile, text, map });
    if (cutOff !== null) throw cutOff;
  });
  const isReadable = !isAppError(dossier) && !isAppError(bookkeeping);
  const map = isReadable ? await readTaskMeta(files, metaDir, id) : null;
  const record = map === null ? null : toTaskRecord(map, ref);
  const taskDir = record === null
    ? join(project.tasksRoot, id)
    : await findTaskDir(carrel.host, project, record);
  const dir = await traceDir(carrel, taskDir);
  const env = await traceFile(carrel, envPath(metaDir, id), () => readEnv(files, metaDir, id));
  const onlyEnv = env !== "absent" && dir === "absent" && dossier === "absent" && bookkeeping === "absent";
  return {
    project,
    ref,
    address: formatAddress(project.id, id),
    dossier,
    bookkeeping,
    env,
    record,
    taskDir,
    dir,
    isArchived: dir === "absent" && record !== null && await isInArchive(carrel, record),
    isKnown: onlyEnv && await isKnownTask(carrel, ref),
  };
}

/** Whether there is anything of a record. */
export function hasRecordFile({ dossier, bookkeeping }: TaskTraces): boolean {
  return dossier !== "absent" || bookkeeping !== "absent";
}

async function traceFile(
  { host: { files } }: Carrel,
  path: string,
  decode: (text: string) => unknown,
): Promise<FileTrace> {
  try {
    if (await files.info(path) === null) return "absent";
    const text = await readRecordText(files, path);
    if (text === null) return "absent";
    // Readers suffer an empty dossier, but no writer leaves one.
    if (text.trim() === "") return recordDamaged(path, "it is empty");
    await decode(text);
    return "sound";
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}

async function traceDir({ host: { files } }: Carrel, path: string): Promise<DirTrace> {
  const info = await files.info(path);
  if (info === null) return "absent";
  if (info.kind !== "directory") return "other";
  if ((await files.info(workspaceDir(path)))?.kind === "directory") return "task";
  return (await files.list(path)).length === 0 ? "empty" : "other";
}

/** An id may have been another task's: the time at which it was made tells them apart. */
async function isInArchive(
  carrel: Carrel,
  { project_id, task_id, created_at }: TaskRecord,
): Promise<boolean> {
  if (created_at === null) return false;
  return (await listProjectArchives(carrel, project_id)).some(({ taskId, content }) =>
    taskId === task_id && !isAppError(content) && content.record.created_at === created_at
  );
}
