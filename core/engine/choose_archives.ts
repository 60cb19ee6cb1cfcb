/**
 * Finds the archives that limits let go, and what that would free.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskId } from "../identity/task_id.ts";
import { ifPresent } from "../if_present.ts";
import { invariant } from "../invariant.ts";
import { parseArchiveStamp } from "../meta/archive.ts";
import { listProjectArchives, type NamedArchive, projectsWithArchives } from "../query/archives.ts";
import { measureItems, type StorageItem } from "../storage/storage_item.ts";
import { type HiddenTree, listHiddenTrees } from "./discard_archive.ts";
import { type ArchiveLimits, type DatedArchive, selectArchives } from "./select_archives.ts";

/** An archive that can be removed. */
export interface PrunableArchive extends DatedArchive {
  readonly project: ProjectId;
  readonly taskId: TaskId;
  readonly dir: string;
  /** The runtime that its files come from; null when its record does not tell. */
  readonly runtime: string | null;
  /** Apparent size. */
  readonly bytes: number;
}

/** Archives that are to go, newest first, and what is to be said of those that were looked at. */
export interface ArchiveChoice {
  readonly archives: readonly PrunableArchive[];
  readonly warnings: readonly string[];
  /** What earlier prunings have left half removed. */
  readonly leftovers: readonly HiddenTree[];
}

/**
 * Chooses among the archives of one project, also a deleted one, or of all. An archive is as old as its name
 * says, so a damaged one can go too, and is named; a directory whose name tells no time stays. Errors: those of
 * listing directories.
 */
export async function chooseArchives(
  carrel: Carrel,
  project: ProjectId | null,
  limits: ArchiveLimits,
): Promise<ArchiveChoice> {
  const warnings: string[] = [];
  const leftovers: HiddenTree[] = [];
  const found: NamedArchive[] = [];
  for (const id of project === null ? await projectsWithArchives(carrel) : [project]) {
    const archives = await listProjectArchives(carrel, id);
    found.push(...archives);
    leftovers.push(...await listHiddenTrees(carrel, id));
    warnings.push(...await nameStrangers(carrel, id, archives));
  }
  const unmeasured = found.map(toPrunable);
  const nowMicros = carrel.host.clock.nowMicros();
  // Without a limit of bytes only what goes is measured: the rest may be large.
  const candidates = limits.keepBytes === undefined
    ? selectArchives(unmeasured, limits, nowMicros)
    : unmeasured;
  const measured = await measureAll(carrel, candidates, limits.keepBytes === undefined, warnings);
  const archives = limits.keepBytes === undefined ? measured : selectArchives(measured, limits, nowMicros);
  const chosen = new Set(archives.map(({ dir }) => dir));
  for (const { dir, content } of found) {
    if (chosen.has(dir) && isAppError(content)) {
      warnings.push(`${dir} is damaged (${content.message}); its name tells how old it is`);
    }
  }
  return { archives, warnings, leftovers };
}

function toPrunable({ content, stamp, ...archive }: NamedArchive): PrunableArchive {
  const atMicros = parseArchiveStamp(stamp);
  invariant(atMicros !== null, "an archive's name begins with a time");
  const runtime = isAppError(content) ? null : content.record.runtime;
  return { ...archive, atMicros, runtime, bytes: 0, allocatedBytes: 0 };
}

/** Directories among the archives that are none; hidden ones are carrel's own, on their way in or out. */
async function nameStrangers(
  carrel: Carrel,
  project: ProjectId,
  archives: readonly NamedArchive[],
): Promise<string[]> {
  const root = carrel.paths.archiveDir(project);
  const known = new Set(archives.map(({ archiveId }) => archiveId));
  const entries = await ifPresent(carrel.host.files.list(root)) ?? [];
  return entries
    .filter(({ name, kind }) => kind === "directory" && !name.startsWith(".") && !known.has(name))
    .map(({ name }) => `${join(root, name)} is no archive of a task, so it stays`);
}

/** Adds sizes. Without them archives can still be removed, unless sizes are what decides. */
async function measureAll(
  carrel: Carrel,
  archives: readonly PrunableArchive[],
  canDoWithout: boolean,
  warnings: string[],
): Promise<PrunableArchive[]> {
  const items = await Promise.all(archives.map(async (archive) => ({
    archive,
    config: await carrel.config(archive.project),
    parts: [{ part: "rest", path: archive.dir }],
  } satisfies StorageItem & { archive: PrunableArchive })));
  try {
    const measured = await measureItems(carrel, items);
    return items.map((item) => {
      const { bytes = 0, allocatedBytes = 0 } = measured.get(item)?.whole ?? {};
      return { ...item.archive, bytes, allocatedBytes };
    });
  } catch (error) {
    if (!canDoWithout || !isAppError(error)) throw error;
    warnings.push(`what the archives take cannot be measured: ${error.message}`);
    return [...archives];
  }
}
