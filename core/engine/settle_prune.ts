/**
 * Settles `archive prune`: it goes on, for what it has removed cannot be brought back.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { parseProjectId, type ProjectId } from "../identity/project_id.ts";
import { parseTaskId } from "../identity/task_id.ts";
import { parseArchiveName } from "../meta/archive.ts";
import { objectOf, type UnfinishedOperation } from "../query/operations.ts";
import { listHiddenTrees, purgePruned } from "./discard_archive.ts";
import { discardParts, type Pruned, type PrunedArchive } from "./prune_archives.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";
import { lockTask } from "./with_task.ts";

/** See the module. */
export async function settlePrune(
  carrel: Carrel,
  { notes, args }: UnfinishedOperation,
): Promise<Settlement> {
  const archives = readArchives(notes["archives"]);
  if (archives.length === 0) return UNDONE;
  const part = args["part"] === "workspace" ? "workspace" : "all";
  const projects = new Set<ProjectId>();
  const pruned: PrunedArchive[] = [];
  for (const archive of archives) {
    const { project_id, archive_id } = archive;
    const project = parseProjectId(project_id);
    projects.add(project);
    const dir = join(carrel.paths.archiveDir(project), archive_id);
    const ref = { project, id: parseTaskId(parseArchiveName(archive_id)?.taskId ?? "") };
    const failure = await lockTask(
      carrel,
      ref,
      () => discardParts(carrel, { project, runtime: null, dir }, part),
    );
    if (failure === null) pruned.push(archive);
  }
  const left: string[] = [];
  for (const project of projects) {
    for (const leftover of await listHiddenTrees(carrel, project)) {
      const failure = await purgePruned(carrel, leftover);
      if (failure !== null) left.push(`${leftover.path} was not removed: ${failure}`);
    }
  }
  const result: Pruned = { archives: pruned, warnings: left, left };
  return { kind: "finished", result };
}

/** Only what this verb itself has recorded: whole names of archives. */
function readArchives(noted: unknown): PrunedArchive[] {
  if (!Array.isArray(noted)) return [];
  return noted.map(objectOf).flatMap(({ project_id, archive_id, bytes, allocated_bytes }) =>
    typeof project_id === "string" && typeof archive_id === "string" && parseArchiveName(archive_id) !== null
      ? [{ project_id, archive_id, bytes: Number(bytes), allocated_bytes: Number(allocated_bytes) }]
      : []
  );
}
