/**
 * `project new`: a directory with a project.yml.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { parseNewProjectId, type ProjectId } from "../identity/project_id.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { encodeProjectFile } from "../config/project_file.ts";
import { dirname } from "@std/path";
import type { MutationOptions } from "./operation.ts";
import { perform, type Performed } from "./perform.ts";

/** Settings a new project starts with. */
export interface NewProjectRequest {
  /** `run.image` */
  readonly image?: string | null;
  /** `git.upstream_url` */
  readonly upstream?: string | null;
  /** `run.runtime` */
  readonly runtime?: string | null;
  /** `project.description` */
  readonly description?: string | null;
}

/** Makes a project. Errors: `invalid_project_name`, `already_exists`, `invalid_value` for a wrong setting, `runtime_not_found`, `lock_timeout`. */
export async function newProject(
  carrel: Carrel,
  name: string,
  request: NewProjectRequest = {},
  options: MutationOptions = {},
): Promise<Performed<{ readonly project: ProjectId; readonly file: string }>> {
  const project = parseNewProjectId(name);
  const file = carrel.paths.projectConfig(project);
  const text = encodeProjectFile(project, {
    "project.description": request.description ?? null,
    "git.upstream_url": request.upstream ?? null,
    "run.runtime": request.runtime ?? null,
    "run.image": request.image ?? null,
  });
  if (request.runtime != null) refuseUnknownRuntime(carrel, request.runtime);
  const deed = { verb: "project new", project, task: null, args: { ...request } };
  return await perform(carrel, deed, options, async (op) => {
    if (await carrel.host.files.info(file) !== null) throw projectExists(project, file);
    await op.step("create project", file, () => writeNewFile(carrel, project, file, text));
    return { project, file };
  });
}

/** Two that make the same project at once are told apart by the lock. */
async function writeNewFile(carrel: Carrel, project: ProjectId, file: string, text: string): Promise<void> {
  const { files } = carrel.host;
  await using _lock = await files.lock(carrel.paths.projectsLock, { timeoutMs: carrel.lockTimeoutMs });
  if (await files.info(file) !== null) throw projectExists(project, file);
  await files.ensureDir(dirname(file), { mode: 0o700 });
  try {
    await durableWrite(carrel.host, file, text);
  } catch (error) {
    // A file that may not last is not left behind.
    if (isAppError(error)) await removeQuietly(carrel, file);
    throw error;
  }
}

async function removeQuietly(carrel: Carrel, file: string): Promise<void> {
  try {
    await carrel.host.files.removeFile(file);
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

function projectExists(project: string, file: string): AppError {
  return new AppError("already_exists", `project ${project} exists already`, {
    hint: `edit ${file}, or choose another name`,
  });
}

function refuseUnknownRuntime(carrel: Carrel, runtime: string): void {
  if (carrel.plugins.some(({ name }) => name === runtime)) return;
  throw new AppError("runtime_not_found", `there is no runtime ${runtime}`, {
    hint: `one of: ${carrel.plugins.map(({ name }) => name).join(", ")}`,
  });
}
