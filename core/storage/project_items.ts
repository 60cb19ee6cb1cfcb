/**
 * What a project takes disk space with.
 *
 * @module
 */
import { basename, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import type { Config } from "../config/config.ts";
import { type AppError, isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { isTaskId, parseTaskId, type TaskId } from "../identity/task_id.ts";
import { parseArchiveName } from "../meta/archive.ts";
import { decodeDossier } from "../meta/dossier.ts";
import { dossierPath } from "../meta/paths.ts";
import { readRecordText } from "../meta/read_record_text.ts";
import { listTaskIds, readTaskMeta } from "../meta/record_store.ts";
import { toTaskRecord } from "../meta/task_record.ts";
import type { DirEntry } from "../port/host.ts";
import { findTaskDir } from "../query/stored_task.ts";
import { readOrMiss } from "./read_or_miss.ts";
import { listTaskParts, type StorageItem } from "./storage_item.ts";

/** A task's directory; it need not have a record. */
export interface TaskItem extends StorageItem {
  readonly project: ProjectId;
  readonly id: TaskId;
  /** Null when it has none, or its record cannot be read. */
  readonly name: string | null;
}

/** What a project's workspaces are made from. */
export interface CacheItem extends StorageItem {
  readonly project: ProjectId;
}

/** What a deletion left. */
export interface ArchiveItem extends StorageItem {
  readonly project: ProjectId;
  /** The name of its directory. */
  readonly archiveId: string;
  readonly taskId: string;
}

/** What lies among tasks or archives and is neither. */
export interface OtherItem extends StorageItem {
  readonly project: ProjectId;
  readonly path: string;
}

/** Everything of one project. */
export interface ProjectItems {
  readonly tasks: readonly TaskItem[];
  readonly caches: readonly CacheItem[];
  readonly archives: readonly ArchiveItem[];
  readonly others: readonly OtherItem[];
}

/** Finds what a project, also a deleted one, has on the disk. Why it may be incomplete goes to `problems`. */
export async function listProjectItems(
  carrel: Carrel,
  project: ProjectId,
  problems: AppError[],
): Promise<ProjectItems> {
  const config = await carrel.config(project);
  const search: Search = { carrel, project, config, problems };
  const tasksRoot = findTasksRoot(search);
  const [tasks, archives, cache] = await Promise.all([
    readEntries(search, tasksRoot, (name) => isTaskId(name)),
    readEntries(search, carrel.paths.archiveDir(project), (name) => parseArchiveName(name) !== null),
    readOrMiss(problems, carrel.host.files.info(carrel.paths.cloneCacheDir(project))),
  ]);
  return {
    tasks: await listTaskItems(search, tasksRoot, tasks.known),
    archives: archives.known.map((path) => ({
      ...newItem(search, path),
      archiveId: basename(path),
      taskId: parseArchiveName(basename(path))?.taskId ?? "",
    })),
    caches: cache?.kind === "directory" ? [newItem(search, carrel.paths.cloneCacheDir(project))] : [],
    others: [...tasks.others, ...archives.others].map((path) => newItem(search, path)),
  };
}

/** What is searched for, and with what. */
interface Search {
  readonly carrel: Carrel;
  readonly project: ProjectId;
  readonly config: Config;
  readonly problems: AppError[];
}

function newItem({ project, config }: Search, path: string): OtherItem {
  return { project, config, path, parts: [{ part: "rest", path }] };
}

/** With a broken configuration the usual place: better some figures than none. */
function findTasksRoot({ carrel, project, config, problems }: Search): string {
  const usual = carrel.paths.liveTasksRoot(project);
  try {
    return config.get("tasks.root") ?? usual;
  } catch (error) {
    if (!isAppError(error)) throw error;
    problems.push(error);
    return usual;
  }
}

/** Paths of the directories that `isKnown` names, and of other directories and files beside them. */
async function readEntries(
  { carrel, problems }: Search,
  directory: string,
  isKnown: (name: string) => boolean,
): Promise<{ readonly known: readonly string[]; readonly others: readonly string[] }> {
  const entries = await readOrMiss(problems, carrel.host.files.list(directory)) ?? [];
  const known = entries.filter(({ name, kind }) => kind === "directory" && isKnown(name));
  const others = entries.filter((entry) =>
    !known.includes(entry) && (entry.kind === "directory" || entry.kind === "file")
  );
  const toPaths = (some: readonly DirEntry[]) => some.map(({ name }) => join(directory, name));
  return { known: toPaths(known), others: toPaths(others) };
}

async function listTaskItems(
  search: Search,
  tasksRoot: string,
  dirs: readonly string[],
): Promise<TaskItem[]> {
  const { carrel, project, problems } = search;
  const metaDir = carrel.paths.tasksMetaDir(project);
  const recorded = await readOrMiss(problems, listTaskIds(carrel.host.files, metaDir)) ?? [];
  const places = new Map(dirs.map((dir) => [parseTaskId(basename(dir)), dir]));
  for (const id of recorded.filter((each) => !places.has(each))) {
    const dir = await findElsewhere(search, tasksRoot, id);
    if (dir !== null) places.set(id, dir);
  }
  const items = Array.from(places, async ([id, dir]): Promise<TaskItem> => ({
    ...newItem(search, dir),
    id,
    name: await readName(search, id),
    parts: await readOrMiss(problems, listTaskParts(carrel.host.files, dir)) ?? [],
  }));
  return (await Promise.all(items)).sort((a, b) => a.id < b.id ? -1 : 1);
}

/** The directory of a task that has none at the usual place but is recorded at another; else null. */
async function findElsewhere({ carrel, project, problems }: Search, tasksRoot: string, id: TaskId) {
  const metaDir = carrel.paths.tasksMetaDir(project);
  const map = await readOrMiss(problems, readTaskMeta(carrel.host.files, metaDir, id)) ?? {};
  const dir = await findTaskDir(carrel.host, { tasksRoot }, toTaskRecord(map, { project, id }));
  return dir === join(tasksRoot, id) ? null : dir;
}

/** The name of a task. Its figures stand without one: a damaged record is for `task list` to tell. */
async function readName({ carrel, project }: Search, id: TaskId): Promise<string | null> {
  const path = dossierPath(carrel.paths.tasksMetaDir(project), id);
  const reading = readRecordText(carrel.host.files, path).then((text) => decodeDossier(text, path).name);
  return await readOrMiss([], reading);
}
