/**
 * Archives that cannot be read, or not as a whole: `task.json` or a copy of a record is missing or damaged, or what
 * has their name is no directory.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import { ifPresent } from "../../if_present.ts";
import { isTaskId, type TaskId } from "../../identity/task_id.ts";
import { decodeArchiveRecord, encodeArchiveRecord, parseArchiveName } from "../../meta/archive.ts";
import { editBookkeeping } from "../../meta/bookkeeping.ts";
import { encodeDossier } from "../../meta/dossier.ts";
import { durableWrite } from "../../meta/durable_write.ts";
import { readRecordText } from "../../meta/read_record_text.ts";
import type { DirEntry, Files } from "../../port/host.ts";
import { projectsWithArchives } from "../../query/archives.ts";
import type { TaskRef } from "../../query/find_task.ts";
import { archivedRecordPaths, RECORD_FILE } from "../archive_task.ts";
import { keepUnusable, readArchivedRecord } from "../archived_record.ts";
import { keepDamaged } from "../keep_damaged.ts";
import type { Diagnosis } from "./finding.ts";
import { lookAtQuiet, repairQuiet, RIGHT_ALREADY } from "./quiet.ts";
import { salvageBookkeeping } from "./salvage_bookkeeping.ts";

/** Something with the name of an archive; links are not followed. */
interface Place {
  readonly ref: TaskRef;
  readonly archiveId: string;
  readonly dir: string;
  readonly kind: DirEntry["kind"];
  readonly name: string | null;
}

/** What is wrong with one. */
type Trouble = Pick<Diagnosis, "code" | "what" | "fix">;

/** See the module. */
export async function archives(carrel: Carrel): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  for (const place of await listPlaces(carrel)) {
    const look = () => judge(carrel, place);
    if (await look() === null) continue;
    const trouble = await lookAtQuiet(carrel, place.ref, look);
    if (trouble !== null) found.push(toDiagnosis(carrel, place, trouble));
  }
  return found;
}

async function listPlaces(carrel: Carrel): Promise<Place[]> {
  const places: Place[] = [];
  for (const project of await projectsWithArchives(carrel)) {
    const root = carrel.paths.archiveDir(project);
    for (const { name: archiveId, kind } of await ifPresent(carrel.host.files.list(root)) ?? []) {
      const parts = parseArchiveName(archiveId);
      if (parts === null || !isTaskId(parts.taskId)) continue;
      const ref = { project, id: parts.taskId };
      places.push({ ref, archiveId, dir: join(root, archiveId), kind, name: parts.name });
    }
  }
  return places;
}

async function judge({ host: { files } }: Carrel, { ref, dir, kind }: Place): Promise<Trouble | null> {
  if (kind !== "directory") {
    const what = `${dir} has the name of an archive, but is no directory`;
    return { code: "archive_no_directory", what, fix: null };
  }
  const path = join(dir, RECORD_FILE);
  try {
    const text = await readRecordText(files, path, { untrusted: true });
    if (text !== null && text.trim() !== "") {
      const { dossier, bookkeeping } = await readArchivedRecord(
        files,
        dir,
        ref.id,
        decodeArchiveRecord(text, path),
      );
      const problems = [dossier, bookkeeping].flatMap(({ problem }) => problem ?? []);
      if (problems.length === 0) return null;
      const fix = `keep a copy of what is damaged, and write what ${RECORD_FILE} says`;
      return { code: "archive_copies_damaged", what: problems.join("; "), fix };
    }
    // Pruned or restored meanwhile.
    const entries = await ifPresent(files.list(dir));
    if (entries === null) return null;
    return entries.length === 0
      ? { code: "archive_empty", what: `archive ${dir} is empty`, fix: "remove the empty directory" }
      : {
        code: "archive_incomplete",
        what: `archive ${dir} has no ${RECORD_FILE}`,
        fix: await sourceOf(files, dir, ref.id),
      };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const isDamaged = error.code === "record_damaged";
    return {
      code: "archive_damaged",
      what: error.message,
      fix: isDamaged ? `keep a copy of the file, and ${await sourceOf(files, dir, ref.id)}` : null,
    };
  }
}

/** Where a `task.json` that is written anew comes from. */
async function sourceOf(files: Files, dir: string, id: TaskId): Promise<string> {
  const copies = Object.values(archivedRecordPaths(dir, id));
  const infos = await Promise.all(copies.map((copy) => files.info(copy)));
  return infos.some((info) => info !== null)
    ? "write it from the copies of its record"
    : "write what its name tells: the copies of its record are gone too";
}

function toDiagnosis(carrel: Carrel, place: Place, trouble: Trouble): Diagnosis {
  const where = `${place.ref.project}/${place.archiveId}`;
  if (trouble.fix === null) return { ...trouble, where, repair: null };
  const repair = () =>
    repairQuiet(carrel, place.ref, async () => {
      const now = await judge(carrel, place);
      return now?.code === trouble.code ? await mend(carrel, place, trouble) : RIGHT_ALREADY;
    });
  return { ...trouble, where, repair };
}

async function mend(carrel: Carrel, place: Place, { code }: Trouble): Promise<string> {
  const { host } = carrel;
  if (code === "archive_empty") {
    await host.files.removeDir(place.dir);
    return "removed";
  }
  if (code === "archive_copies_damaged") return await mendCopies(carrel, place);
  const { ref: { project, id }, name, dir } = place;
  const path = join(dir, RECORD_FILE);
  const copy = code === "archive_damaged" ? await keepDamaged(carrel, path, { untrusted: true }) : null;
  const said = { name, ...await readCopies(carrel, dir, id), project_id: project, task_id: id };
  await durableWrite(host, path, encodeArchiveRecord(said));
  await mendCopies(carrel, place);
  return copy === null ? "written" : `written anew; what it said is kept as ${copy}`;
}

/** What the copies of the record say; an archive of the reference has none, and then its name is all. */
async function readCopies({ host }: Carrel, dir: string, id: TaskId): Promise<Record<string, unknown>> {
  const { copied, bookkeeping: { bytes, text } } = await readArchivedRecord(host.files, dir, id, {});
  if (bytes === null || text !== null) return copied;
  return { ...await salvageBookkeeping(new TextDecoder().decode(bytes)), ...copied };
}

/** Writes copies that are damaged, missing or not whole as `task.json` says. */
async function mendCopies(carrel: Carrel, { ref: { project, id }, dir }: Place): Promise<string> {
  const { host } = carrel;
  const path = join(dir, RECORD_FILE);
  const said = decodeArchiveRecord(await host.files.readText(path), path);
  const { dossier, bookkeeping } = await readArchivedRecord(host.files, dir, id, said);
  const kept: string[] = [];
  for (const copy of [dossier, bookkeeping]) {
    const aside = await keepUnusable(carrel, copy);
    if (aside !== null) kept.push(aside);
  }
  if (dossier.problem !== null) {
    await durableWrite(host, dossier.path, encodeDossier({ ...dossier.content, project, task: id }));
  }
  if (bookkeeping.problem !== null) {
    const text = await editBookkeeping(bookkeeping.text, bookkeeping.lacks, bookkeeping.path);
    await durableWrite(host, bookkeeping.path, text);
  }
  return kept.length === 0 ? "written" : `written anew; what was there is kept as ${kept.join(", ")}`;
}
