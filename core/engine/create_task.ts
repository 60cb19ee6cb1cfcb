/**
 * `task new`: an id of its own, a directory, a record.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { newTaskId, type TaskId } from "../identity/task_id.ts";
import { parseArchiveName } from "../meta/archive.ts";
import { NEW_TASK_MARKER } from "../meta/new_task_marker.ts";
import { dossierPath, metaPath, newTaskMarkerPath, workspaceDir } from "../meta/paths.ts";
import { removeRecord, writeRecord } from "../meta/record_store.ts";
import { formatTimestamp } from "../meta/time.ts";
import { generateTaskName } from "../naming/generate_task_name.ts";
import { parseTaskName } from "../naming/parse_task_name.ts";
import { resolveCategories } from "../naming/resolve_categories.ts";
import type { TaskRef } from "../query/find_task.ts";
import { openProject, type Project } from "../query/open_project.ts";
import { checkSpace, holdBudget } from "./check_space.ts";
import { TASK_README } from "./task_readme.ts";
import type { JsonObject } from "../query/operations.ts";
import type { FileLock } from "../port/host.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";

/** What a new task may be given. */
export interface NewTaskRequest {
  /** A name as a person types it; a random one when absent. */
  readonly name?: string | null;
  readonly labels?: Readonly<Record<string, string>>;
}

const CLAIM_ATTEMPTS = 100;

/** Written when a task is made, and never again. */
export const README_FILE = "README.md";

/**
 * Makes a task: directory with workspace and new-task marker, README, record. Errors:
 * `project_not_found`, `invalid_task_name`, `disk_full` (also: less than `storage.min_free`),
 * `insufficient_capacity` (more than `storage.project_budget`), `permission_denied`, `storage_failed`.
 */
export async function createTask(
  carrel: Carrel,
  projectId: ProjectId,
  request: NewTaskRequest = {},
  options: MutationOptions = {},
): Promise<Performed<{ readonly ref: TaskRef | null; readonly name: string }>> {
  const project = await openProject(carrel, projectId);
  const deed = { verb: "task new", project: project.id, task: null, args: newTaskArgs(request) };
  return await perform(
    carrel,
    deed,
    options,
    (op) => addTask(carrel, op, project, request, (ref, name) => Promise.resolve({ ref, name })),
  );
}

/** What is recorded of a request for a new task. */
export function newTaskArgs({ name = null, labels = {} }: NewTaskRequest): JsonObject {
  return { name, labels: { ...labels } };
}

/**
 * The steps of {@linkcode createTask} inside a larger operation, which goes on with `then` under the lock of the
 * new task; `ref` is null in a dry run. `hold` takes what the task is to have before anything of it is made; `runtime`
 * is the one that it is about to be launched on.
 */
export async function addTask<Result>(
  carrel: Carrel,
  op: Operation,
  project: Project,
  request: NewTaskRequest & { readonly hold?: (ref: TaskRef) => Promise<void>; readonly runtime?: string },
  then: (ref: TaskRef | null, name: string) => Promise<Result>,
): Promise<Result> {
  await checkSpace(carrel, project);
  const name = request.name == null ? randomTaskName(carrel, project) : parseTaskName(request.name);
  // A random name is another one next time: a plan does not promise it.
  const target = request.name == null ? project.id : `${project.id} (${name})`;
  if (op.dryRun) {
    // Nothing has this id, so nothing is held in its name.
    await request.hold?.({ project: project.id, id: newTaskId((count) => carrel.host.random.bytes(count)) });
    await op.step("create task", target, () => Promise.resolve());
    return await then(null, name);
  }
  const { id, lock } = await claimTaskId(carrel, project);
  op.hold(lock);
  const ref = { project: project.id, id };
  await request.hold?.(ref);
  await holdBudget(carrel, op, project);
  await op.concern(ref);
  await op.step("create task", target, () => makeTask(carrel, project, ref, { ...request, name }));
  return await then(ref, name);
}

async function makeTask(
  carrel: Carrel,
  project: Project,
  ref: TaskRef,
  { name, labels = {}, runtime }: NewTaskRequest & { readonly name: string; readonly runtime?: string },
): Promise<void> {
  const { files, clock } = carrel.host;
  const { tasksRoot, metaDir } = project;
  await files.ensureDir(metaDir, { mode: 0o700 });
  await files.ensureDir(tasksRoot, { mode: 0o700 });
  const taskDir = join(tasksRoot, ref.id);
  await files.makeDir(taskDir, { mode: 0o700 });
  try {
    await fillTaskDir(carrel, taskDir);
    await writeRecord(carrel.host, metaDir, ref, {
      name,
      mode: null,
      workspace: taskDir,
      web_port: null,
      created_at: formatTimestamp(clock.nowMicros()),
      ...(Object.keys(labels).length > 0 ? { labels: { ...labels } } : {}),
      ...(runtime === undefined ? {} : { runtime }),
    });
  } catch (error) {
    if (isAppError(error)) await takeBack(carrel, project, ref.id, taskDir);
    throw error;
  }
}

/** Removes what there is of a task that could not be made. */
export async function takeBack(carrel: Carrel, project: Project, id: TaskId, taskDir: string): Promise<void> {
  const { files } = carrel.host;
  try {
    await removeRecord(files, project.metaDir, id);
    await files.removeFile(newTaskMarkerPath(taskDir));
    await files.removeDir(workspaceDir(taskDir));
    await files.removeFile(join(taskDir, README_FILE));
    await files.removeDir(taskDir);
  } catch (error) {
    if (!isAppError(error)) throw error;
    carrel.notify({
      kind: "warning",
      text: `${taskDir} is left of a task that was not made: ${error.message}`,
    });
  }
}

/**
 * A random name in the categories that the configuration or the project's name choose; in all of them
 * when there is neither. Throws `invalid_config` for an unknown category.
 */
export function randomTaskName(
  carrel: Pick<Carrel, "host">,
  project: Pick<Project, "config"> & { readonly id: ProjectId | null },
): string {
  const categories = resolveCategories(project.config.get("tasks.name_categories"), null, project.id);
  return generateTaskName({ categories, random: carrel.host.random });
}

/**
 * Chooses an id that nothing has: no record, no directory, no archive, for an id is never used twice. It comes
 * with its lock, so that no other command can choose it; making its directory is the claim that lasts.
 */
export async function claimTaskId(
  carrel: Carrel,
  project: Project,
): Promise<{ readonly id: TaskId; readonly lock: FileLock }> {
  const { files, random } = carrel.host;
  const archived = await archivedTaskIds(carrel, project.id);
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
    const id = newTaskId((count) => random.bytes(count));
    if (archived.has(id)) continue;
    const lock = await lockIfFree(carrel, project.id, id);
    if (lock === null) continue;
    let isFree = false;
    try {
      isFree = await files.info(join(project.tasksRoot, id)) === null &&
        !await hasRecord(carrel, project, id);
      if (isFree) return { id, lock };
    } finally {
      if (!isFree) await lock.release();
    }
  }
  throw new AppError("insufficient_capacity", `no free task id found in ${CLAIM_ATTEMPTS} attempts`, {
    hint: `project ${project.id} may hold too many tasks; delete some`,
  });
}

async function lockIfFree({ host, paths }: Carrel, project: ProjectId, id: TaskId): Promise<FileLock | null> {
  try {
    return await host.files.lock(paths.taskLock(project, id), { timeoutMs: 0 });
  } catch (error) {
    if (isAppError(error, "lock_timeout")) return null;
    throw error;
  }
}

/** Whether there is a record of that id, sound or not. */
export async function hasRecord(
  { host }: Carrel,
  { metaDir }: Pick<Project, "metaDir">,
  id: TaskId,
): Promise<boolean> {
  const infos = await Promise.all([dossierPath, metaPath].map((path) => host.files.info(path(metaDir, id))));
  return infos.some((info) => info !== null);
}

async function archivedTaskIds(carrel: Carrel, project: ProjectId): Promise<Set<string>> {
  const entries = await ifPresent(carrel.host.files.list(carrel.paths.archiveDir(project))) ?? [];
  return new Set(entries.flatMap(({ name }) => parseArchiveName(name)?.taskId ?? []));
}

async function fillTaskDir(carrel: Carrel, taskDir: string): Promise<void> {
  const { files } = carrel.host;
  await files.makeDir(workspaceDir(taskDir), { mode: 0o700 });
  await files.create(newTaskMarkerPath(taskDir), NEW_TASK_MARKER, { mode: 0o644 });
  await files.create(join(taskDir, README_FILE), TASK_README, { mode: 0o644 });
  // Side by side: a file system that keeps a journal writes it once for all of them.
  await Promise.all([workspaceDir(taskDir), taskDir, dirname(taskDir)].map((dir) => files.syncDir(dir)));
}
