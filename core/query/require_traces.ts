/**
 * Projects that are there, or have left something.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { openProject } from "./open_project.ts";

/** Passes when one of the paths is there; else `project_not_found` unless there is such a project. */
export async function requireTraces(
  carrel: Carrel,
  project: ProjectId,
  traces: readonly string[],
): Promise<void> {
  const found = await Promise.all(traces.map((path) => carrel.host.files.info(path)));
  if (found.every((info) => info === null)) await openProject(carrel, project);
}
