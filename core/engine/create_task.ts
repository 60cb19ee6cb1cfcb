/**
 * `task new`: an id of its own, a directory, a record.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { ifPresent } from "../if_present.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { newTaskId, type TaskId } from "../identity/task_id.ts";
import { parseArchiveName } from "../meta/archive.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { dossierPath, metaPath, newTaskMarkerPath, workspaceDir } from "../meta/paths.ts";
import { removeRecord, writeRecord } from "../meta/record_store.ts";
import { formatTimestamp } from "../meta/time.ts";
import { generateTaskName } from "../naming/generate_task_name.ts";
import { parseTaskName } from "../naming/parse_task_name.ts";
import { resolveCategories } from "../naming/resolve_categories.ts";
import type { TaskRef } from "../query/find_task.ts";
import { openProject, type Project } from "../query/open_project.ts";
import { NEW_TASK_MARKER, TASK_README } from "./task_files.ts";
import type { MutationOptions } from "./operation.ts";
import { Operation } from "./operation.ts";

/** What a new task may be given. */
export interface NewTaskRequest {
  /** A name as a person types it; a random one when absent. */
  readonly name?: string | null;
  readonly labels?: Readonly<Record<string, string>>;
}

const CLAIM_ATTEMPTS = 100;

const README_FILE = "README.md";

/**
 * Makes a task: directory with workspace and new-task marker, README, record. Errors:
 * `project_not_found`, `invalid_task_name`, `disk_full`, `permission_denied`, `storage_failed`.
 */
export async function createTask(
  carrel: Carrel,
  project: ProjectId,
  request: NewTaskRequest = {},
  options: MutationOptions = {},
): Promise<{ op: Operation; ref: TaskRef | null; name: string }> {
  const op = new Operation(carrel, options);
  const made = await addTask(carrel, op, await openProject(carrel, project), request);
  return { op, ...made };
}

/** The steps of {@linkcode createTask} inside a larger operation; `ref` is null in a dry run. */
export async function addTask(
  carrel: Carrel,
  op: Operation,
  project: Project,
  request: NewTaskRequest,
): Promise<{ ref: TaskRef | null; name: string }> {
  const name = request.name == null ? await randomTaskName(carrel, project) : parseTaskName(request.name);
  const { tasksRoot } = project;
  let ref: TaskRef | null = null;
  // A random name is another one next time: a plan does not promise it.
  const target = request.name == null ? project.id : `${project.id} (${name})`;
  await op.step("create task", target, async () => {
    await carrel.host.files.ensureDir(project.metaDir, { mode: 0o700 });
    await carrel.host.files.ensureDir(tasksRoot, { mode: 0o700 });
    const id = await claimTaskId(carrel, project);
    const taskDir = join(tasksRoot, id);
    try {
      await fillTaskDir(carrel, taskDir);
      await writeRecord(carrel.host, project.metaDir, { project: project.id, id }, {
        name,
        mode: null,
        workspace: taskDir,
        web_port: null,
        created_at: formatTimestamp(carrel.host.clock.nowMicros()),
        ...(Object.keys(request.labels ?? {}).length > 0 ? { labels: { ...request.labels } } : {}),
      });
    } catch (error) {
      if (isAppError(error)) await takeBack(carrel, project, id, taskDir);
      throw error;
    }
    ref = { project: project.id, id };
  });
  return { ref, name };
}

/** Removes what there is of a task that could not be made. */
async function takeBack(carrel: Carrel, project: Project, id: TaskId, taskDir: string): Promise<void> {
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
export async function randomTaskName(
  carrel: Pick<Carrel, "host">,
  project: Pick<Project, "config"> & { readonly id: ProjectId | null },
): Promise<string> {
  const categories = await resolveCategories(project.config.get("tasks.name_categories"), null, project.id);
  return generateTaskName({ categories, random: carrel.host.random });
}

/**
 * Claims an id by making its directory, which only one process can do, and gives it up again when
 * a record or an archive of that id exists: an id is never used twice.
 */
async function claimTaskId(carrel: Carrel, project: Project): Promise<TaskId> {
  const { files, random } = carrel.host;
  const archived = await archivedTaskIds(carrel, project.id);
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
    const id = newTaskId((count) => random.bytes(count));
    const dir = join(project.tasksRoot, id);
    try {
      await files.makeDir(dir, { mode: 0o700 });
    } catch (error) {
      if (isAppError(error, "file_exists")) continue;
      throw error;
    }
    let isFree = false;
    try {
      isFree = !archived.has(id) && !await hasRecord(carrel, project, id);
      if (isFree) return id;
    } finally {
      if (!isFree) await files.removeDir(dir);
    }
  }
  throw new AppError("insufficient_capacity", `no free task id found in ${CLAIM_ATTEMPTS} attempts`, {
    hint: `project ${project.id} may hold too many tasks; delete some`,
  });
}

async function hasRecord({ host }: Carrel, { metaDir }: Project, id: TaskId): Promise<boolean> {
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
  await durableWrite(carrel.host, join(taskDir, README_FILE), TASK_README, 0o644);
  await files.syncDir(workspaceDir(taskDir));
  await files.syncDir(join(taskDir, ".."));
}
