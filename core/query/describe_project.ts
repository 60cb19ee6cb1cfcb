/**
 * What a project is, for lists.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { Config, ConfigKey } from "../config/config.ts";
import type { ConfigValue } from "../config/keys.ts";
import { type AppError, isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { listTaskIds } from "../meta/record_store.ts";

/** A project in JSON output. A setting that is wrong is null, and named under `problems`. */
export interface ProjectView {
  readonly project_id: string;
  readonly description: string | null;
  readonly runtime: string | null;
  readonly image: string | null;
  readonly upstream_url: string | null;
  /** Number of tasks; null when they cannot be counted. */
  readonly tasks: number | null;
  /** Its project.yml; null when there is none. */
  readonly file: string | null;
  readonly tasks_root: string | null;
  readonly problems: readonly string[];
}

/** Describes a project, however broken it is; what is wrong comes as errors too. */
export async function describeProject(
  carrel: Carrel,
  id: ProjectId,
): Promise<{ readonly view: ProjectView; readonly problems: readonly AppError[] }> {
  const file = carrel.paths.projectConfig(id);
  const [info, tasks, config] = await Promise.all([
    carrel.host.files.info(file),
    countTasks(carrel, id),
    carrel.config(id),
  ]);
  const problems = [...config.problems, ...(isAppError(tasks) ? [tasks] : [])];
  const view = {
    project_id: id,
    description: valueOrNull(config, "project.description"),
    runtime: valueOrNull(config, "run.runtime"),
    image: valueOrNull(config, "run.image"),
    upstream_url: valueOrNull(config, "git.upstream_url"),
    tasks: isAppError(tasks) ? null : tasks,
    file: info === null ? null : file,
    tasks_root: valueOrNull(config, "tasks.root") ?? carrel.paths.liveTasksRoot(id),
    problems: problems.map(({ message }) => message),
  };
  return { view, problems };
}

async function countTasks(carrel: Carrel, id: ProjectId): Promise<number | AppError> {
  try {
    return (await listTaskIds(carrel.host.files, carrel.paths.tasksMetaDir(id)))?.length ?? 0;
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}

function valueOrNull<K extends ConfigKey>(config: Config, key: K): ConfigValue<K> | null {
  try {
    return config.get(key);
  } catch (error) {
    if (isAppError(error, "invalid_config")) return null;
    throw error;
  }
}
