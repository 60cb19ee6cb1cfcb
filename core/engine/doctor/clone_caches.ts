/**
 * Clone caches that workspaces cannot be seeded from, because what they hold is damaged.
 *
 * @module
 */
import type { Carrel } from "../../carrel.ts";
import { isAppError } from "../../error.ts";
import type { ProjectId } from "../../identity/project_id.ts";
import { listProjectIds } from "../../query/list_project_ids.ts";
import { findCloneCache, holdCloneCache, removeCloneCache } from "../../storage/clone_cache.ts";
import { readClone } from "../../storage/read_clone.ts";
import type { Diagnosis } from "./finding.ts";
import { notChecked } from "./known_projects.ts";
import { RIGHT_ALREADY, whileUnlocked } from "./quiet.ts";

/** See the module. Nothing but time is lost with a cache; those of projects that are gone are leftovers. */
export async function cloneCaches(carrel: Carrel): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  for (const project of await listProjectIds(carrel)) {
    const where = carrel.paths.cloneCacheDir(project);
    try {
      const look = () => findDamage(carrel, project);
      const damage = await whileUnlocked(carrel, carrel.paths.cloneCacheSyncLock(project), look);
      if (damage !== null) found.push(toDiagnosis(carrel, project, damage));
    } catch (error) {
      if (!isAppError(error)) throw error;
      found.push(notChecked(where, error));
    }
  }
  return found;
}

/** Why git cannot read the cache; null when it can, or when there is none. */
async function findDamage(carrel: Carrel, project: ProjectId): Promise<string | null> {
  const dir = await findCloneCache(carrel, project);
  if (dir === null) return null;
  try {
    await readClone(carrel.host, dir);
    return null;
  } catch (error) {
    // Without git, for one, nobody can tell.
    if (!isAppError(error, "storage_failed")) throw error;
    return error.message;
  }
}

function toDiagnosis(carrel: Carrel, project: ProjectId, what: string): Diagnosis {
  return {
    code: "clone_cache_damaged",
    what,
    where: carrel.paths.cloneCacheDir(project),
    fix: "remove it",
    repair: async () => {
      await using _held = await holdCloneCache(carrel, project);
      if (await findDamage(carrel, project) === null) return RIGHT_ALREADY;
      await removeCloneCache(carrel, project);
      return `removed; \`carrel cache sync ${project}\` makes it again`;
    },
  };
}
