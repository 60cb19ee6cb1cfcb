/**
 * Which projects there are.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { ifPresent } from "../if_present.ts";
import { isProjectId, type ProjectId } from "../identity/project_id.ts";

/** Names of all projects with a project.yml or task records, sorted. */
export async function listProjectIds(carrel: Carrel): Promise<ProjectId[]> {
  const names = await Promise.all([
    subdirectories(carrel, carrel.paths.projectsDir, (name) => carrel.paths.projectConfig(name)),
    subdirectories(carrel, carrel.paths.projectMetaRoot, (name) => carrel.paths.tasksMetaDir(name)),
  ]);
  return [...new Set(names.flat())].sort();
}

async function subdirectories(
  carrel: Carrel,
  parent: string,
  evidence: (name: ProjectId) => string,
): Promise<ProjectId[]> {
  const entries = await ifPresent(carrel.host.files.list(parent)) ?? [];
  const found: ProjectId[] = [];
  for (const { name, kind } of entries) {
    if (kind === "file" || !isProjectId(name)) continue;
    if (await carrel.host.files.info(evidence(name)) !== null) found.push(name);
  }
  return found;
}
