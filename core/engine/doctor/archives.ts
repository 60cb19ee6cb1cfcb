/**
 * Archives that readers pass over, or cannot read: their `task.json` is missing or damaged.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import { ifPresent } from "../../if_present.ts";
import { isTaskId, type TaskId } from "../../identity/task_id.ts";
import { decodeArchiveRecord, encodeArchiveRecord, parseArchiveName } from "../../meta/archive.ts";
import { durableWrite } from "../../meta/durable_write.ts";
import { readTaskMeta } from "../../meta/record_store.ts";
import { projectsWithArchives } from "../../query/archives.ts";
import type { TaskRef } from "../../query/find_task.ts";
import { RECORD_FILE } from "../archive_task.ts";
import type { Diagnosis } from "./finding.ts";
import { keepDamaged } from "./keep_damaged.ts";
import { lookAtQuiet, repairQuiet, RIGHT_ALREADY } from "./quiet.ts";

/** A directory with the name of an archive. */
interface Place {
  readonly ref: TaskRef;
  readonly archiveId: string;
  readonly dir: string;
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
      const parts = kind === "directory" ? parseArchiveName(archiveId) : null;
      if (parts === null || !isTaskId(parts.taskId)) continue;
      const ref = { project, id: parts.taskId };
      places.push({ ref, archiveId, dir: join(root, archiveId), name: parts.name });
    }
  }
  return places;
}

async function judge({ host: { files } }: Carrel, { dir }: Place): Promise<Trouble | null> {
  const path = join(dir, RECORD_FILE);
  const fix = "write it from the copies of its record";
  try {
    const text = await ifPresent(files.readText(path));
    if (text !== null && text.trim() !== "") {
      decodeArchiveRecord(text, path);
      return null;
    }
    // Pruned or restored meanwhile.
    const entries = await ifPresent(files.list(dir));
    if (entries === null) return null;
    return entries.length === 0
      ? { code: "archive_empty", what: `archive ${dir} is empty`, fix: "remove the empty directory" }
      : { code: "archive_incomplete", what: `archive ${dir} has no ${RECORD_FILE}`, fix };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const isDamaged = error.code === "record_damaged";
    return {
      code: "archive_damaged",
      what: error.message,
      fix: isDamaged ? `keep a copy of the file, and ${fix}` : null,
    };
  }
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
  const path = join(place.dir, RECORD_FILE);
  if (code === "archive_empty") {
    await host.files.removeDir(place.dir);
    return "removed";
  }
  const copy = code === "archive_damaged" ? await keepDamaged(carrel, path) : null;
  const { ref: { project, id }, name, dir } = place;
  const said = { name, ...await readCopies(carrel, dir, id), project_id: project, task_id: id };
  await durableWrite(host, path, encodeArchiveRecord(said));
  return copy === null ? "written" : `written anew; what it said is kept as ${copy}`;
}

/** What the copies of the record say; an archive of the reference has none, and then its name is all. */
async function readCopies({ host }: Carrel, dir: string, id: TaskId): Promise<Record<string, unknown>> {
  try {
    return await readTaskMeta(host.files, dir, id) ?? {};
  } catch (error) {
    if (!isAppError(error, "record_damaged")) throw error;
    return {};
  }
}
