/**
 * What deletions left behind.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";
import { isProjectId, parseProjectId, type ProjectId } from "../identity/project_id.ts";
import { parseTaskAddress } from "../identity/address.ts";
import { parseTaskPrefix } from "../identity/resolve_task_prefix.ts";
import { isTaskId, type TaskId } from "../identity/task_id.ts";
import { archiveStampToTimestamp, decodeArchiveRecord, parseArchiveName } from "../meta/archive.ts";
import { recordDamaged } from "../meta/record_damaged.ts";
import { readRecordText } from "../meta/read_record_text.ts";
import { type TaskRecord, toTaskRecord } from "../meta/task_record.ts";
import { findOwnLog } from "./own_log.ts";

/** One archived task. */
export interface Archive {
  readonly project: ProjectId;
  /** Name of its directory. */
  readonly archiveId: string;
  readonly dir: string;
  /** The raw time token of the directory name. */
  readonly stamp: string;
  readonly record: TaskRecord;
  /** Content of its task.json. */
  readonly map: Readonly<Record<string, unknown>>;
}

/** An archived task in JSON output. */
export interface ArchiveView {
  readonly archive_id: string;
  /** RFC 3339. */
  readonly archived_at: string;
  readonly project_id: string;
  readonly task_id: string;
  readonly name: string;
  readonly mode: string | null;
  readonly exit_code: number | null;
}

/** What is shown of an archive. */
export function toArchiveView({ archiveId, stamp, project, record }: Archive): ArchiveView {
  return {
    archive_id: archiveId,
    archived_at: archiveStampToTimestamp(stamp) ?? stamp,
    project_id: project,
    task_id: record.task_id,
    name: record.name ?? "",
    mode: record.mode,
    exit_code: record.exit_code,
  };
}

/** Archives of a project, newest first, and the ones that cannot be read. */
export interface ArchiveListing {
  readonly archives: readonly Archive[];
  readonly damaged: readonly AppError[];
}

/** The name of an archive, and what it holds; an error when that cannot be read. */
export interface NamedArchive {
  readonly project: ProjectId;
  readonly archiveId: string;
  readonly taskId: TaskId;
  readonly dir: string;
  /** The raw time token of the directory name. */
  readonly stamp: string;
  readonly content: Archive | AppError;
}

/**
 * Lists the archives of one project, or of all that ever had one; newest first. Of all, a project whose
 * archives cannot be looked at counts as damaged and hides no other.
 */
export async function listArchives(carrel: Carrel, project: ProjectId | null): Promise<ArchiveListing> {
  const projects = project === null ? await projectsWithArchives(carrel) : [project];
  const contents = await Promise.all(projects.map(async (id) => {
    try {
      return (await listProjectArchives(carrel, id)).map(({ content }) => content);
    } catch (error) {
      if (project !== null || !isAppError(error)) throw error;
      return [error];
    }
  }));
  const all = contents.flat();
  return {
    archives: all.flatMap((content) => isAppError(content) ? [] : [content])
      .sort((a, b) => compare(b.stamp, a.stamp)),
    damaged: all.flatMap((content) => isAppError(content) ? [content] : []),
  };
}

/** The archives of one project, newest first, those among them that cannot be read too. */
export async function listProjectArchives(carrel: Carrel, project: ProjectId): Promise<NamedArchive[]> {
  const root = carrel.paths.archiveDir(project);
  const found: NamedArchive[] = [];
  for (const { name: archiveId, kind } of await listOrEmpty(carrel, root)) {
    const parts = kind === "directory" ? parseArchiveName(archiveId) : null;
    if (parts === null) continue;
    const { taskId, archivedAt: stamp } = parts;
    if (!isTaskId(taskId)) continue;
    const dir = join(root, archiveId);
    const named = { project, archiveId, taskId, dir, stamp };
    try {
      const map = await readArchivedTask(carrel, dir);
      if (map === null) continue;
      const record = toTaskRecord(map, { project, id: taskId });
      found.push({ ...named, content: { project, archiveId, dir, stamp, record, map } });
    } catch (error) {
      if (!isAppError(error)) throw error;
      found.push({ ...named, content: error });
    }
  }
  return found.sort((a, b) => compare(b.archiveId, a.archiveId));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Null for one that was pruned or restored meanwhile: whoever moves a directory here has written its task.json. */
async function readArchivedTask(
  { host: { files } }: Carrel,
  dir: string,
): Promise<Record<string, unknown> | null> {
  const path = join(dir, "task.json");
  const text = await readRecordText(files, path, { untrusted: true });
  if (text !== null) return decodeArchiveRecord(text, path);
  if (await files.info(dir) === null) return null;
  throw recordDamaged(path, "it is missing");
}

/** Projects that have archives, or had some, deleted ones too. */
export async function projectsWithArchives(carrel: Carrel): Promise<ProjectId[]> {
  const entries = await listOrEmpty(carrel, carrel.paths.archiveRoot);
  return entries.flatMap(({ name, kind }) => kind === "directory" && isProjectId(name) ? [name] : []);
}

async function listOrEmpty(carrel: Carrel, dir: string) {
  return await ifPresent(carrel.host.files.list(dir)) ?? [];
}

/**
 * Finds one archive by `PROJECT/X`, X an archive id, a task id, or a prefix of either. Errors:
 * `archive_not_found`, `ambiguous` (several match; an exact archive id always wins), `record_damaged` (the
 * only one that matches cannot be read).
 */
export async function findArchive(carrel: Carrel, words: readonly string[]): Promise<Archive> {
  const { project, task: wanted } = parseTaskAddress(words);
  const id = parseProjectId(project);
  const matchesWanted = archiveMatcher(id, wanted);
  const matches = (await listProjectArchives(carrel, id)).filter(matchesWanted);
  const [only, ...others] = matches;
  if (only === undefined) {
    throw new AppError("archive_not_found", `no archive of project ${id} matches ${wanted}`, {
      hint: `list them with \`carrel archive list ${id}\``,
    });
  }
  const found = others.length === 0 ? only : matches.find(({ archiveId }) => archiveId === wanted);
  if (found === undefined) {
    const list = matches.map(({ archiveId }) => archiveId);
    throw new AppError("ambiguous", `${wanted} matches ${list.length} archives of project ${id}`, {
      hint: `give one of: ${list.join(", ")}`,
      details: { matches: list },
    });
  }
  if (isAppError(found.content)) throw found.content;
  return found.content;
}

/** Archive ids begin with a digit, task ids with a letter: no word means both. */
function archiveMatcher(project: ProjectId, wanted: string): (archive: NamedArchive) => boolean {
  if (/^\d/.test(wanted)) return ({ archiveId }) => archiveId.startsWith(wanted);
  const prefix = parseTaskPrefix(project, wanted);
  return ({ taskId }) => taskId.startsWith(prefix);
}

/**
 * The log file of the newest archive whose name begins with `prefix` and that has one; null when there
 * is none. Archives whose record is damaged have logs too.
 */
export async function findArchivedLog(
  carrel: Carrel,
  project: ProjectId,
  prefix: string,
): Promise<string | null> {
  const root = carrel.paths.archiveDir(project);
  const names = (await listOrEmpty(carrel, root)).map(({ name }) => name)
    .filter((name) => name.startsWith(prefix) && parseArchiveName(name) !== null)
    .sort((a, b) => compare(b, a));
  for (const name of names) {
    const path = await findOwnLog(carrel.host.files, join(root, name));
    if (path !== null) return path;
  }
  return null;
}
