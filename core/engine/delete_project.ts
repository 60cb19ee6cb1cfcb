/**
 * `project delete`: the project goes, its archives stay.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskId } from "../identity/task_id.ts";
import { formatArchiveStamp } from "../meta/archive.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { listTaskIds } from "../meta/record_store.ts";
import { liveStates } from "../query/live_states.ts";
import { openProject, type Project } from "../query/open_project.ts";
import { readStoredTask, type StoredTask } from "../query/stored_task.ts";
import { hasCloneCache, holdCloneCache, removeCloneCache } from "../storage/clone_cache.ts";
import { deleteTask } from "./delete_task.ts";
import { isTemporary } from "./list_leftovers.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";
import { settleProject } from "./settle_operation.ts";

/** What a project's deletion did. */
export type ProjectDeleteResult = Performed<ProjectDeletion>;

/** What `project delete` gives. */
export interface ProjectDeletion {
  readonly archiveIds: readonly string[];
  /** Where its project.yml is now; null when it had none. */
  readonly configArchive: string | null;
  readonly warnings: readonly string[];
  /** Whether a container or the record of one of its tasks may still be there; with a record the project stays. */
  readonly incomplete: boolean;
}

/**
 * Deletes a project: `wrong_state` while it has tasks, unless `withTasks` archives them first. The
 * configuration moves beside the project's archives, its clone cache is removed. `invalid_config`,
 * `record_damaged` and exit 9 of a runtime that does not answer come before anything is changed.
 */
export async function deleteProject(
  carrel: Carrel,
  id: ProjectId,
  request: { withTasks?: boolean } = {},
  options: MutationOptions = {},
): Promise<ProjectDeleteResult> {
  const project = await openProject(carrel, id);
  const withTasks = request.withTasks ?? false;
  const deed = { verb: "project delete", project: id, task: null, args: { with_tasks: withTasks } };
  return await perform(carrel, deed, options, (op) => deleteOpened(carrel, op, project, withTasks));
}

async function deleteOpened(
  carrel: Carrel,
  op: Operation,
  project: Project,
  withTasks: boolean,
): Promise<ProjectDeletion> {
  const { id } = project;
  if (!op.dryRun) await settleProject(carrel, id);
  // What is wrong is found before anything is deleted.
  const { tasksRoot } = project;
  const ids = await listTaskIds(carrel.host.files, project.metaDir) ?? [];
  if (ids.length > 0 && !withTasks) {
    throw new AppError("wrong_state", `project ${id} has ${ids.length} task${ids.length === 1 ? "" : "s"}`, {
      hint: "delete them first, or give --with-tasks to archive them all",
      details: { tasks: ids },
    });
  }
  await refuseUnknown(carrel, project, ids);
  const archiveIds: string[] = [];
  const warnings: string[] = [];
  let incomplete = false;
  for (const task of ids) {
    await op.step("delete task", `${id}/${task}`, async () => {
      const result = await deleteTask(carrel, { project: id, id: task }, {}, { parent: op.id });
      if (result.archiveId !== null) archiveIds.push(result.archiveId);
      warnings.push(...result.warnings);
      incomplete ||= result.incomplete;
    });
  }
  const left = op.dryRun ? [] : await listTaskIds(carrel.host.files, project.metaDir) ?? [];
  if (left.length > 0) {
    warnings.push(`project ${id} stays until the records of its tasks are gone: ${left.join(", ")}`);
    return { archiveIds, configArchive: null, warnings, incomplete: true };
  }
  const removed = await removeProject(carrel, op, project, tasksRoot);
  warnings.push(...removed.warnings);
  return { archiveIds, configArchive: removed.configArchive, warnings, incomplete };
}

/** Throws unless all records can be read and their runtimes say how the tasks are. */
async function refuseUnknown(carrel: Carrel, project: Project, ids: readonly TaskId[]): Promise<void> {
  const tasks: StoredTask[] = [];
  for (const id of ids) tasks.push(await readStoredTask(carrel, project, id));
  const failure = (await liveStates(carrel, tasks)).find((state) => isAppError(state));
  if (failure !== undefined) throw failure;
}

async function removeProject(
  carrel: Carrel,
  op: Operation,
  project: Project,
  tasksRoot: string,
): Promise<Pick<ProjectDeletion, "configArchive" | "warnings">> {
  const { files } = carrel.host;
  const warnings: string[] = [];
  if (await hasCloneCache(carrel, project.id)) {
    await op.step("remove clone cache", carrel.paths.cloneCacheDir(project.id), async () => {
      warnings.push(...await removeCache(carrel, project.id));
    });
  }
  const file = carrel.paths.projectConfig(project.id);
  let configArchive: string | null = null;
  if (project.configured) {
    const keep = dirname(carrel.paths.archiveDir(project.id));
    const target = join(keep, `${formatArchiveStamp(carrel.host.clock.nowMicros())}_project.yml`);
    await op.note({ config_archive: target });
    await op.step("archive configuration", file, async () => {
      await files.ensureDir(keep, { mode: 0o700 });
      await moveFile(carrel, file, target);
    });
    configArchive = target;
  }
  await op.lastStep("remove directories", project.id, () => removeProjectDirs(carrel, project, tasksRoot));
  return { configArchive, warnings };
}

/** Removes the directories of a project that hold nothing any more. */
export async function removeProjectDirs(
  carrel: Carrel,
  { id, metaDir }: Pick<Project, "id" | "metaDir">,
  tasksRoot: string,
): Promise<void> {
  await removeIfEmpty(carrel, tasksRoot);
  await removeTemporary(carrel, metaDir, tasksRoot);
  for (const dir of [metaDir, dirname(metaDir), dirname(carrel.paths.projectConfig(id))]) {
    await removeIfEmpty(carrel, dir);
  }
}

/** Files of dead writers would keep the project there for good. While a task is made it has a directory already. */
async function removeTemporary(
  { host: { files } }: Carrel,
  metaDir: string,
  tasksRoot: string,
): Promise<void> {
  if (await files.info(tasksRoot) !== null) return;
  const names = (await ifPresent(files.list(metaDir)) ?? []).map(({ name }) => name);
  if (!names.every(isTemporary)) return;
  for (const name of names) await files.removeFile(join(metaDir, name));
}

/** A cache that stays is only in the way of its own disk space. */
async function removeCache(carrel: Carrel, project: ProjectId): Promise<string[]> {
  try {
    await using _held = await holdCloneCache(carrel, project);
    await removeCloneCache(carrel, project);
    return [];
  } catch (error) {
    if (!isAppError(error)) throw error;
    return [`the clone cache of ${project} could not be removed: ${error.message}`];
  }
}

/** Configuration and archive are often on different file systems. */
async function moveFile(carrel: Carrel, from: string, to: string): Promise<void> {
  const { files } = carrel.host;
  try {
    await files.rename(from, to);
    await files.syncDir(dirname(to));
  } catch (error) {
    if (!isAppError(error, "cross_device")) throw error;
    await durableWrite(carrel.host, to, await files.read(from));
    await files.removeFile(from);
  }
  await files.syncDir(dirname(from));
}

/** Whatever else lies in a project's directories belongs to somebody and stays. */
async function removeIfEmpty({ host: { files } }: Carrel, dir: string): Promise<void> {
  try {
    if (await files.removeDir(dir)) await files.syncDir(dirname(dir));
  } catch (error) {
    if (!isAppError(error, "storage_failed", "permission_denied", "file_exists")) throw error;
  }
}
