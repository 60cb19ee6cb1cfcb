/**
 * Settles `project new` and `project delete`.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { openProject } from "../query/open_project.ts";
import { removeProjectDirs } from "./delete_project.ts";
import { type Settlement, UNDONE } from "./settle_operation.ts";

/** The file is there, whole, or it is not. */
export async function settleProjectNew(
  { host, paths }: Carrel,
  { project }: UnfinishedOperation,
): Promise<Settlement> {
  if (project === null) return UNDONE;
  const file = paths.projectConfig(project);
  if (await host.files.info(file) === null) return UNDONE;
  return { kind: "finished", result: { project, file } };
}

/**
 * Once its configuration is archived a project is deleted; before that it stays, but for the tasks that were
 * archived already.
 */
export async function settleProjectDelete(
  carrel: Carrel,
  { project: id, notes }: UnfinishedOperation,
): Promise<Settlement> {
  const configArchive = notes["config_archive"];
  if (id === null || typeof configArchive !== "string") return UNDONE;
  if (await carrel.host.files.info(configArchive) === null) return UNDONE;
  const metaDir = carrel.paths.tasksMetaDir(id);
  const isThere = await carrel.host.files.info(metaDir) !== null;
  const tasksRoot = isThere ? (await openProject(carrel, id)).tasksRoot : carrel.paths.liveTasksRoot(id);
  await removeProjectDirs(carrel, { id, metaDir }, tasksRoot);
  return { kind: "finished", result: { archiveIds: [], configArchive, warnings: [], incomplete: false } };
}
