/**
 * The workspace of a task that is about to run for the first time, seeded from the clone cache.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { workspaceDir } from "../meta/paths.ts";
import type { RuntimePlugin } from "../port/plugin.ts";
import type { Project } from "../query/open_project.ts";
import { findCloneCache } from "../storage/clone_cache.ts";
import { readOrigin } from "../storage/read_clone.ts";
import {
  copySeed,
  flushSeed,
  isUntouched,
  mendWorkspace,
  placeSeed,
  type SeedCopy,
} from "../storage/seed_workspace.ts";
import { CONTAINER_UPSTREAM } from "./container_spec.ts";
import { isLocalUpstream } from "./launch_settings.ts";
import type { Operation } from "./operation.ts";
import type { HeldTask } from "./with_task.ts";

/** What the step is called in a plan. */
export const SEED_STEP = "seed workspace";

/** Whether new workspaces of a project are seeded: it has an upstream, and a cache. */
export async function hasSeed(carrel: Carrel, { id, config }: Project): Promise<boolean> {
  return config.get("git.upstream_url") !== null && await findCloneCache(carrel, id) !== null;
}

/** A seed that is not yet in place. */
export interface PendingSeed {
  /**
   * Puts it in place as soon as it is on the disk for good. A seed that fails is a warning, for the container then
   * clones for itself. Whoever asks again waits for the same.
   */
  place(): Promise<void>;
}

const NO_SEED: PendingSeed = { place: () => Promise.resolve() };

/**
 * Makes the seed of the workspace if that is new and there is a cache of the project's upstream, and records the
 * commit it starts from: here, where no agent can say otherwise. It is flushed while the caller goes on, who places
 * it before the first start. The caller holds the task's lock, and the task never ran.
 */
export async function seedTask(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  plugin: RuntimePlugin,
): Promise<PendingSeed> {
  const upstream = task.project.config.get("git.upstream_url");
  if (upstream === null) return NO_SEED;
  const workspace = workspaceDir(task.taskDir);
  const originUrl = originInside(upstream, plugin);
  if (!op.dryRun) await mend(carrel, task, workspace, originUrl);
  const { files } = carrel.host;
  if ((await files.info(workspace))?.kind !== "directory" || !await isUntouched(carrel, workspace)) {
    return NO_SEED;
  }
  if (!await hasSeed(carrel, task.project)) return NO_SEED;
  let seed = NO_SEED;
  await op.step(SEED_STEP, workspace, async () => {
    const outcome = await copySeed(carrel, { workspace, project: task.project.id, originUrl, upstream });
    if (outcome.kind === "done") seed = await beginSeed(carrel, task, outcome.result);
    else warn(carrel, task, outcome.kind === "failed" ? outcome.error.message : outcome.why);
  });
  return seed;
}

/** Records what the copy has checked out, and begins to flush it. */
async function beginSeed(carrel: Carrel, task: HeldTask, copy: SeedCopy): Promise<PendingSeed> {
  const orClone = async (work: () => Promise<void>) => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isAppError(error)) throw error;
      warn(carrel, task, error.message);
      await mendWorkspace(carrel, copy.workspace);
      await task.update({ base_commit: undefined });
      return false;
    }
  };
  if (!await orClone(() => task.update({ base_commit: copy.commit }))) return NO_SEED;
  const flushed = flushSeed(carrel, copy);
  // That it failed is told when it is waited for.
  flushed.catch(() => {});
  const place = async () => {
    await flushed;
    await placeSeed(carrel, copy);
  };
  let placed: Promise<unknown> | null = null;
  return { place: async () => void await (placed ??= orClone(place)) };
}

function warn(carrel: Carrel, task: HeldTask, why: string): void {
  const text = `the workspace of task ${task.address} is not seeded, its container clones instead: ${why}`;
  carrel.notify({ kind: "warning", text });
}

/** The upstream's address where the task runs: a path is mounted there, if there is anything to mount it in. */
function originInside(upstream: string, plugin: RuntimePlugin): string {
  return isLocalUpstream(upstream) && plugin.needsImage ? CONTAINER_UPSTREAM : upstream;
}

/** Clears up after a first launch that died or failed: a seed is on record only while it is there, and is of use. */
async function mend(carrel: Carrel, task: HeldTask, workspace: string, originUrl: string): Promise<void> {
  await mendWorkspace(carrel, workspace);
  if (task.record.base_commit === null) return;
  const isSeeded = await carrel.host.files.info(join(workspace, ".git")) !== null &&
    await readOrigin(carrel.host, workspace) === originUrl;
  if (!isSeeded) await task.update({ base_commit: undefined });
}
