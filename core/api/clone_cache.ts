/**
 * Clone caches: made, looked at, removed. The reference refreshes its caches from another package; these are
 * carrel's own names.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { clearCache as clear } from "../engine/clear_cache.ts";
import { syncCloneCache as sync, type SyncRequest } from "../engine/sync_cache.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { openProject } from "../query/open_project.ts";
import { type CacheView, describeCache } from "../storage/describe_cache.ts";

export type { CacheView, SyncRequest };

/**
 * Makes or refreshes the clone cache of a project from its upstream; answers what is cached now. Throws
 * `project_not_found`, `config_missing` (no upstream), `upstream_failed`, `wrong_state`, `lock_timeout`,
 * `disk_full`, `storage_failed`; the cache then is as it was.
 */
export async function syncCloneCache(
  carrel: Carrel,
  project: string,
  options: SyncRequest = {},
): Promise<CacheView> {
  await sync(carrel, parseProjectId(project), options);
  return await cacheStatus(carrel, project);
}

/** Describes the clone cache of a project, which need not have one. Throws `project_not_found`. */
export async function cacheStatus(carrel: Carrel, project: string): Promise<CacheView> {
  const { id, config } = await openProject(carrel, parseProjectId(project));
  return await describeCache(carrel, id, config.get("git.upstream_url"));
}

/** Removes the clone cache of a project; false when there is none. Throws `project_not_found`, `lock_timeout`. */
export async function clearCache(carrel: Carrel, project: string): Promise<boolean> {
  return (await clear(carrel, parseProjectId(project))).changed;
}
