/**
 * The projects of which there is anything, and which of them cannot be looked at.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import type { Config } from "../../config/config.ts";
import { type AppError, isAppError } from "../../error.ts";
import type { ProjectId } from "../../identity/project_id.ts";
import { projectsWithArchives } from "../../query/archives.ts";
import { listProjectIds } from "../../query/list_project_ids.ts";
import type { Diagnosis } from "./finding.ts";

/** A project whose places are known; it may have been deleted. */
export interface KnownProject {
  readonly id: ProjectId;
  readonly config: Config;
  readonly metaDir: string;
  readonly tasksRoot: string;
}

/** A project among the others. */
export interface SurveyedProject extends KnownProject {
  /** Whether another project has the same `tasks.root`: whose a directory there is, only records tell. */
  readonly sharesRoot: boolean;
}

/** A project that cannot be looked at. */
export interface UnknownProject {
  readonly id: ProjectId;
  readonly problem: AppError;
}

/** Lists them all, deleted ones too as long as they have archives. */
export async function surveyProjects(
  carrel: Carrel,
): Promise<{ readonly known: readonly SurveyedProject[]; readonly unknown: readonly UnknownProject[] }> {
  const known: KnownProject[] = [];
  const unknown: UnknownProject[] = [];
  const ids = new Set([...await listProjectIds(carrel), ...await projectsWithArchives(carrel)]);
  for (const id of [...ids].sort()) {
    try {
      known.push(await findKnownProject(carrel, id));
    } catch (error) {
      if (!isAppError(error)) throw error;
      unknown.push({ id, problem: error });
    }
  }
  return { known: known.map((project) => ({ ...project, sharesRoot: isShared(project, known) })), unknown };
}

function isShared({ id, tasksRoot }: KnownProject, all: readonly KnownProject[]): boolean {
  return all.some((other) => other.id !== id && other.tasksRoot === tasksRoot);
}

/** The places of a project, whether or not there is one of that name. Throws when they cannot be known. */
export async function findKnownProject(carrel: Carrel, id: ProjectId): Promise<KnownProject> {
  const { paths } = carrel;
  const config = await carrel.config(id);
  const tasksRoot = config.get("tasks.root") ?? paths.liveTasksRoot(id);
  return { id, config, metaDir: paths.tasksMetaDir(id), tasksRoot };
}

/** What is not checked is not called sound. */
export async function uncheckedProjects(carrel: Carrel): Promise<Diagnosis[]> {
  const { unknown } = await surveyProjects(carrel);
  return unknown.map(({ id, problem }) => notChecked(`project ${id}`, problem));
}

/** Something that could not be looked at. */
export function notChecked(where: string, { message, hint }: AppError): Diagnosis {
  const what = `it was not checked: ${message}${hint === null ? "" : `; ${hint}`}`;
  return { code: "not_checked", what, where, fix: null, repair: null };
}
