/**
 * The workspace of a task that is about to run for the first time, seeded from the clone cache.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { workspaceDir } from "../meta/paths.ts";
import type { RuntimePlugin } from "../port/plugin.ts";
import type { Project } from "../query/open_project.ts";
import { findCloneCache } from "../storage/clone_cache.ts";
import { readOrigin } from "../storage/read_clone.ts";
import { isUntouched, mendWorkspace, seedWorkspace } from "../storage/seed_workspace.ts";
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

/**
 * Seeds the workspace if it is new and there is a cache of the project's upstream, and records the commit it
 * starts from: here, where no agent can say otherwise. A seed that fails is a warning, for the container then
 * clones for itself. The caller holds the task's lock, and the task never ran.
 */
export async function seedTask(
  carrel: Carrel,
  op: Operation,
  task: HeldTask,
  plugin: RuntimePlugin,
): Promise<void> {
  const upstream = task.project.config.get("git.upstream_url");
  if (upstream === null) return;
  const workspace = workspaceDir(task.taskDir);
  const originUrl = originInside(upstream, plugin);
  if (!op.dryRun) await mend(carrel, task, workspace, originUrl);
  const { files } = carrel.host;
  if (await files.info(workspace) === null || !await isUntouched(carrel, workspace)) return;
  if (!await hasSeed(carrel, task.project)) return;
  await op.step(SEED_STEP, workspace, async () => {
    let isRecorded = false;
    const outcome = await seedWorkspace(carrel, {
      workspace,
      project: task.project.id,
      originUrl,
      upstream,
      onVerified: async (commit) => {
        isRecorded = true;
        await task.update({ base_commit: commit });
      },
    });
    if (outcome.kind === "seeded") return;
    const why = outcome.kind === "failed" ? outcome.error.message : outcome.why;
    const text = `the workspace of task ${task.address} is not seeded, its container clones instead: ${why}`;
    carrel.notify({ kind: "warning", text });
    await mendWorkspace(carrel, workspace);
    if (isRecorded) await task.update({ base_commit: undefined });
  });
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
