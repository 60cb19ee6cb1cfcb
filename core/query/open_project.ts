/**
 * One project as verbs see it: its configuration and its places on disk.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { Config } from "../config/config.ts";
import { AppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";

/** A project that exists: it has a project.yml, or task records that a reference tree left. */
export interface Project {
  readonly id: ProjectId;
  readonly config: Config;
  /** Whether it has a project.yml. */
  readonly configured: boolean;
  /** Directory of the task records. */
  readonly metaDir: string;
  /** Directory of the task directories. Throws `invalid_config` when the configuration spoils it. */
  readonly tasksRoot: string;
}

/** Opens a project; `project_not_found` when there is none of that name. */
export async function openProject(carrel: Carrel, id: ProjectId): Promise<Project> {
  const metaDir = carrel.paths.tasksMetaDir(id);
  const [configFile, records] = await Promise.all([
    carrel.host.files.info(carrel.paths.projectConfig(id)),
    carrel.host.files.info(metaDir),
  ]);
  if (configFile === null && records === null) {
    throw new AppError("project_not_found", `there is no project ${id}`, {
      hint: `list projects with \`carrel project list\`, make one with \`carrel project new ${id}\``,
    });
  }
  const config = await carrel.config(id);
  return {
    id,
    config,
    configured: configFile !== null,
    metaDir,
    // Asked for late: a task whose record knows its directory works with a broken configuration.
    get tasksRoot() {
      return config.get("tasks.root") ?? carrel.paths.liveTasksRoot(id);
    },
  };
}
