/**
 * Places in which nothing can be changed: on a file system that is read-only, or without the right to write.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import type { Diagnosis } from "./finding.ts";
import { surveyProjects } from "./known_projects.ts";

/** See the module. Of a place within another one that is told already, nothing is said. */
export async function readOnly(carrel: Carrel): Promise<Diagnosis[]> {
  const { paths } = carrel;
  const { known } = await surveyProjects(carrel);
  const places = [
    paths.root,
    paths.coreDir,
    paths.liveRoot,
    paths.archiveRoot,
    ...known.flatMap(({ metaDir, tasksRoot }) => [metaDir, tasksRoot]),
  ];
  const found: Diagnosis[] = [];
  for (const where of places) {
    if (found.some((outer) => where === outer.where || where.startsWith(`${outer.where}/`))) continue;
    const what = await findObstacle(carrel, where);
    if (what !== null) found.push({ code: "not_writable", what, where, fix: null, repair: null });
  }
  return found;
}

/** Why no file can be made there; null when one can, or when the place is still to be made. */
async function findObstacle({ host: { files } }: Carrel, path: string): Promise<string | null> {
  try {
    await files.checkWritable(path);
    return null;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code === "file_not_found" ? null : error.message;
  }
}
