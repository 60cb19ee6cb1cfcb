/**
 * What deletions left, read.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { sanitizeLine } from "../text/sanitize_text.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { findArchivedLog, listArchives } from "../query/archives.ts";

/**
 * A deleted task as its archive remembers it.
 *
 * @example
 * ```ts
 * import { ArchivedTask } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const archived = new ArchivedTask("/a/20260914T101530004211Z_q7m2x", "20260914T101530004211Z", "q7m2x", "", "run", 0);
 * assertEquals([archived.task_id, archived.exit_code], ["q7m2x", 0]);
 * ```
 */
export class ArchivedTask {
  /** Makes a value; nothing is read. */
  constructor(
    /** The directory of the archive. */
    readonly archive_dir: string,
    /** The time of deletion, the raw token of the directory's name: `20260914T101530004211Z`. */
    readonly archived_at: string,
    /** The id that the task had. */
    readonly task_id: string,
    /** Its name; empty when it had none. */
    readonly name: string,
    /** The mode in which it was launched; null = never. */
    readonly mode: string | null,
    /** How its command ended; null = not known. */
    readonly exit_code: number | null,
  ) {}
}

/**
 * The archives of a project, newest first; also of a deleted project. Those that cannot be read are named
 * in a warning.
 */
export async function listArchivedTasks(carrel: Carrel, project: string): Promise<ArchivedTask[]> {
  const { archives, damaged } = await listArchives(carrel, parseProjectId(project));
  for (const { message } of damaged) carrel.notify({ kind: "warning", text: message });
  return archives.map(({ dir, stamp, record: { task_id, name, mode, exit_code } }) =>
    new ArchivedTask(dir, stamp, task_id, name ?? "", mode, exit_code)
  );
}

/** The archives of a project as lines: time, `#id`, name and, where known, `[mode=...; exit=...]`. */
export async function taskArchiveList(carrel: Carrel, project: string): Promise<string> {
  const archives = await listArchivedTasks(carrel, project);
  if (archives.length === 0) return "No archived tasks";
  return archives.map(wordArchive).join("\n");
}

function wordArchive({ archived_at, task_id, name, mode, exit_code }: ArchivedTask): string {
  const facts = [
    ...(mode === null ? [] : [`mode=${mode}`]),
    ...(exit_code === null ? [] : [`exit=${exit_code}`]),
  ];
  const words = [archived_at, `#${task_id}`, name, facts.length === 0 ? "" : `[${facts.join("; ")}]`];
  return sanitizeLine(words.filter((word) => word !== "").join(" "));
}

/**
 * The log file of the newest archive whose directory name begins with `archiveId` and that has a log; null
 * when there is none.
 */
export async function taskArchiveLogs(
  carrel: Carrel,
  project: string,
  archiveId: string,
): Promise<string | null> {
  return await findArchivedLog(carrel, parseProjectId(project), archiveId);
}
