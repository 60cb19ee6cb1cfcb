/**
 * `cache clear`: a project's clone cache goes; workspaces are cloned by their containers again.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { openProject } from "../query/open_project.ts";
import { hasCloneCache, holdCloneCache, removeCloneCache } from "../storage/clone_cache.ts";
import type { MutationOptions, Operation } from "./operation.ts";
import { perform } from "./perform.ts";

/**
 * Removes the clone cache of a project, also of one that is gone or whose configuration is broken; no cache
 * is no change. Errors: `project_not_found` (neither project nor cache), `lock_timeout`.
 */
export async function clearCache(
  carrel: Carrel,
  project: ProjectId,
  options: MutationOptions = {},
): Promise<Operation> {
  const hasCache = await hasCloneCache(carrel, project);
  if (!hasCache) await openProject(carrel, project);
  const { op } = await perform(carrel, { verb: "cache clear", project, task: null }, options, async (op) => {
    if (!hasCache) return {};
    await op.step("remove clone cache", carrel.paths.cloneCacheDir(project), async () => {
      await using _held = await holdCloneCache(carrel, project);
      await removeCloneCache(carrel, project);
    });
    return {};
  });
  return op;
}
