/**
 * What is known of a clone cache.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { formatTimestamp } from "../meta/time.ts";
import { findCloneCache } from "./clone_cache.ts";
import { readClone } from "./read_clone.ts";

/** A clone cache in JSON output; what is not known is null. */
export interface CacheView {
  /** Whose cache it is. */
  readonly project_id: string;
  /** Whether there is a cache that workspaces are seeded from. */
  readonly cached: boolean;
  /** Where it is, or would be. */
  readonly path: string;
  /** The commit that a seeded workspace starts with. */
  readonly commit: string | null;
  /** The branch that is checked out; null also when the upstream's head is on none. */
  readonly branch: string | null;
  /** When it was last found to differ from its upstream, and made anew; RFC 3339. */
  readonly synced_at: string | null;
  /** Why workspaces cannot be seeded from it although it is there. */
  readonly problem: string | null;
}

/**
 * Describes the cache of a project, which need not exist. `upstream`: what the project's workspaces come
 * from; a cache of anything else is a problem. A cache that cannot be read is one too, not an error.
 */
export async function describeCache(
  carrel: Pick<Carrel, "host" | "paths">,
  project: ProjectId,
  upstream: string | null,
): Promise<CacheView> {
  const dir = await findCloneCache(carrel, project);
  const absent: CacheView = {
    project_id: project,
    cached: false,
    path: dir ?? carrel.paths.cloneCacheDir(project),
    commit: null,
    branch: null,
    synced_at: null,
    problem: null,
  };
  if (dir === null) return absent;
  try {
    const { head, branch, origin } = await readClone(carrel.host, dir);
    const made = await carrel.host.files.info(join(dir, ".git", "HEAD"));
    const isOthers = upstream !== null && origin !== upstream;
    return {
      ...absent,
      cached: !isOthers,
      commit: head,
      branch,
      synced_at: made === null ? null : formatTimestamp(Math.round(made.modifiedMs * 1000)),
      problem: isOthers ? "it is of another upstream than git.upstream_url" : null,
    };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { ...absent, problem: error.message };
  }
}
