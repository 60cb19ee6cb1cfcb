/**
 * Seeding under the reference's name.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { seedWorkspace } from "./seed_workspace.ts";

/** How a seeded repository is adapted. */
export interface SeedOptions {
  /** The URL of its remote `origin`; default: what the cache was cloned from. */
  readonly originUrl?: string | null;
}

/**
 * Fills a workspace from the clone cache of a project (`scope`) and answers whether it is seeded now. The
 * workspace may be absent; nobody else may seed it at the same time.
 *
 * It is not seeded when there is no cache (a directory with a `.git` directory), when it holds anything but
 * the new-task marker, or when the copy fails, takes too long or turns out not to be a whole repository of its
 * own: that is a warning, and the workspace stays as it was, for its container to clone. As after `cp`, it is the
 * file system that decides when the copy is on the disk for good. Throws `invalid_project_name` for a malformed
 * scope.
 */
export async function seedWorkspaceFromCloneCache(
  carrel: Carrel,
  workspace: string,
  scope: string,
  options: SeedOptions = {},
): Promise<boolean> {
  const project = parseProjectId(scope);
  const outcome = await seedWorkspace(carrel, { workspace, project, originUrl: options.originUrl ?? null });
  if (outcome.kind === "failed") {
    const text = `${workspace} is not seeded from the clone cache: ${outcome.error.message}`;
    carrel.notify({ kind: "warning", text });
  }
  return outcome.kind === "done";
}
