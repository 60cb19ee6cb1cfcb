/**
 * How each trouble of a task is put right.
 *
 * Each deed is safe to be killed at any write: what it leaves is sound, the same trouble, or another that the next
 * `doctor` finds.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../../carrel.ts";
import { AppError, isAppError } from "../../error.ts";
import { editBookkeeping } from "../../meta/bookkeeping.ts";
import { durableWrite } from "../../meta/durable_write.ts";
import { decodeDossier, encodeDossier } from "../../meta/dossier.ts";
import { dossierPath, envPath, metaPath } from "../../meta/paths.ts";
import { readTaskMeta, writeRecord } from "../../meta/record_store.ts";
import { runtimeOf } from "../../query/runtime_of.ts";
import { openProject } from "../../query/open_project.ts";
import { archiveTaskDir, RECORD_FILE, removeCopies } from "../archive_task.ts";
import { removeRest, snapshotUnmarked } from "../delete_task.ts";
import { purgeTree } from "../owned_tree.ts";
import { mayHaveContainers, removeContainers } from "../remove_containers.ts";
import { takeBackDeletion } from "../settle_delete.ts";
import { type HeldTask, holdTask } from "../with_task.ts";
import { findFacts } from "./find_facts.ts";
import { keepDamaged, readDamaged } from "../keep_damaged.ts";
import { salvageBookkeeping } from "./salvage_bookkeeping.ts";
import { readTaskHistory } from "./task_history.ts";
import type { TaskTraces } from "./task_traces.ts";
import type { TaskTroubleCode } from "./judge_task.ts";

/** Puts one trouble right, in a word or two; the caller holds the task's lock and has looked under it. */
export type MendTask = (carrel: Carrel, traces: TaskTraces) => Promise<string>;

/** The deed of each trouble; null = a person's. */
export const MEND_TASK: Readonly<Record<TaskTroubleCode, MendTask | null>> = {
  dossier_damaged: async (carrel, traces) => {
    const path = dossierPath(traces.project.metaDir, traces.ref.id);
    const readable = readNameIn(await readDamaged(carrel, path));
    const copy = await keepDamaged(carrel, path);
    const origin = await writeDossier(carrel, traces, readable);
    return `written anew, ${origin}; what it said is kept as ${copy}`;
  },
  dossier_missing: async (carrel, traces) => {
    return `written, ${await writeDossier(carrel, traces)}`;
  },
  bookkeeping_damaged: async (carrel, traces) => {
    const path = metaPath(traces.project.metaDir, traces.ref.id);
    const salvaged = await salvageBookkeeping(await readDamaged(carrel, path));
    const facts = await findFacts(carrel, traces, salvaged);
    const text = await editBookkeeping(null, facts.changes, path);
    const copy = await keepDamaged(carrel, path);
    await durableWrite(carrel.host, path, text);
    return `written anew${wordRemembered(facts.remembered)}; what it said is kept as ${copy}`;
  },
  bookkeeping_missing: adopt,
  record_missing: adopt,
  env_damaged: null,
  env_left: async (carrel, { project, ref }) => {
    await carrel.host.files.removeFile(envPath(project.metaDir, ref.id));
    await carrel.host.files.syncDir(project.metaDir);
    return "removed";
  },
  record_left: async (carrel, { ref }) => {
    await cleanUp(carrel, await hold(carrel, ref));
    return "removed";
  },
  task_dir_missing: null,
  task_dir_empty: async (carrel, { taskDir }) => {
    await carrel.host.files.removeDir(taskDir);
    return "removed";
  },
  task_dir_unknown: null,
  deletion_left: async (carrel, { ref, dir }) => {
    const task = await hold(carrel, ref);
    if (task.record.purging) return await finishPurge(carrel, task);
    if (dir === "task") return await takeBack(carrel, task);
    const snapshot = await snapshotUnmarked(carrel, task);
    const archiveId = await archiveTaskDir(carrel, task, snapshot, () => Promise.resolve());
    await cleanUp(carrel, task);
    return `archived as ${archiveId}`;
  },
};

async function adopt(carrel: Carrel, traces: TaskTraces): Promise<string> {
  const { changes, remembered } = await findFacts(carrel, traces);
  const name = traces.dossier === "absent" ? (await readTaskHistory(carrel, traces.ref)).name : null;
  const named = name === null ? {} : { name };
  await writeRecord(carrel.host, traces.project.metaDir, traces.ref, { ...changes, ...named });
  return `written${wordRemembered([...Object.keys(named), ...remembered])}`;
}

/**
 * Says where its name comes from: what is still readable, bookkeeping of older versions, or the operations on record.
 */
async function writeDossier(
  carrel: Carrel,
  { project, ref }: TaskTraces,
  readable: string | null = null,
): Promise<string> {
  const { metaDir } = project;
  const recorded = readable ?? await nameInBookkeeping(carrel, metaDir, ref.id);
  const name = recorded ?? (await readTaskHistory(carrel, ref)).name;
  const text = encodeDossier({ project: ref.project, task: ref.id, name });
  await durableWrite(carrel.host, dossierPath(metaDir, ref.id), text);
  if (recorded !== null) return `with the name ${JSON.stringify(name)} that the record still says`;
  return name === null
    ? "without the name, which nothing tells any more"
    : `with the name ${JSON.stringify(name)} from the operations on record`;
}

/** The name in a damaged dossier, if all of it is there. */
function readNameIn(text: string): string | null {
  const [, literal] = /"name": *("(?:[^"\\]|\\.)+")/.exec(text) ?? [];
  if (literal === undefined) return null;
  try {
    return decodeDossier(`{"name": ${literal}}`, "").name;
  } catch (error) {
    if (!isAppError(error, "record_damaged")) throw error;
    return null;
  }
}

function wordRemembered(keys: readonly string[]): string {
  return keys.length === 0 ? "" : `, with ${keys.join(", ")} from the operations on record`;
}

async function nameInBookkeeping(
  carrel: Carrel,
  metaDir: string,
  id: TaskTraces["ref"]["id"],
): Promise<string | null> {
  try {
    const name = (await readTaskMeta(carrel.host.files, metaDir, id))?.["name"];
    return typeof name === "string" ? name : null;
  } catch (error) {
    if (!isAppError(error, "record_damaged")) throw error;
    return null;
  }
}

/** The mark goes last: it leads here again when the rest could not be done. */
async function takeBack(carrel: Carrel, task: HeldTask): Promise<string> {
  await removeCopies(carrel, task.taskDir, task.ref.id);
  const copy = join(task.taskDir, RECORD_FILE);
  if (await carrel.host.files.info(copy) !== null) {
    throw new AppError("storage_failed", `${copy} could not be removed`);
  }
  await takeBackDeletion(carrel, task);
  return "taken back";
}

/** Nothing but the record proves whose the containers are: it goes when they are gone. */
async function finishPurge(carrel: Carrel, task: HeldTask): Promise<string> {
  if (mayHaveContainers(task)) {
    const { failures: [failure] } = await removeContainers(carrel, task);
    if (failure !== undefined) throw new AppError("storage_failed", failure);
  }
  const { plugin } = await runtimeOf(carrel, task.project, task.record);
  await purgeTree(carrel, task.project.config, plugin, task.taskDir);
  await cleanUp(carrel, task);
  return "removed";
}

async function hold(carrel: Carrel, ref: TaskTraces["ref"]): Promise<HeldTask> {
  return await holdTask(carrel, await openProject(carrel, ref.project), ref);
}

/** What is left of a deletion whose archive is made. */
async function cleanUp(carrel: Carrel, task: HeldTask): Promise<void> {
  const { warnings: [warning] } = await removeRest(
    carrel,
    { lastStep: async (_action, _target, effect) => void await effect() },
    task,
  );
  if (warning !== undefined) throw new AppError("storage_failed", warning);
}
