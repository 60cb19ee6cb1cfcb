/**
 * Settles `task run`: a container that has started goes on, and nothing else of the run is left.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { UnfinishedOperation } from "../query/operations.ts";
import { AppError } from "../error.ts";
import { envPath } from "../meta/paths.ts";
import { type RecordChanges, removeRecord } from "../meta/record_store.ts";
import { findContainer, isActive } from "../query/launched_container.ts";
import { runtimeOf } from "../query/runtime_of.ts";
import { purgeTree } from "./owned_tree.ts";
import { removeContainers } from "./remove_containers.ts";
import { type Purpose, type Settlement, UNDONE } from "./settle_operation.ts";
import { wholeTask } from "./settle_create.ts";
import { findSettlingTask } from "./settling_task.ts";
import { RUNS_ON } from "./stop_task.ts";
import type { HeldTask } from "./with_task.ts";

/**
 * See the module. A task that the run has made and that never started goes with it, unless somebody has come to
 * it and wants it: then its container can still be started, or it has never run.
 */
export async function settleRun(
  carrel: Carrel,
  unfinished: UnfinishedOperation,
  purpose: Purpose,
): Promise<Settlement> {
  const found = await findSettlingTask(carrel, unfinished);
  if (found === null) return UNDONE;
  const isNew = unfinished.args["new"] === true;
  const task = isNew ? await wholeTask(carrel, found) : found.task;
  if (task === null) return UNDONE;
  const status = task.record.mode === null ? null : (await findContainer(carrel, task)).status;
  if (status?.startedAtMicros != null) {
    // Whoever has seen its end meanwhile has recorded it; it is seen again.
    await task.update(isActive(status) ? RUNS_ON : { ...RUNS_ON, exit_code: null });
    return { kind: "finished", result: { ref: found.ref, mode: task.record.mode } };
  }
  if (purpose === "task" && status !== null) return UNDONE;
  if (task.record.runtime !== null) await removeLaunched(carrel, task);
  if (isNew && purpose === "operation") await removeTask(carrel, task);
  else await forgetLaunch(carrel, task);
  return UNDONE;
}

/** The runtime is on record before it is asked to create anything. */
async function removeLaunched(carrel: Carrel, task: HeldTask): Promise<void> {
  const { failures: [left] } = await removeContainers(carrel, task);
  if (left !== undefined) throw new AppError("runtime_failed", left);
}

/** No agent has ever seen this task: nothing in it is anybody's work. */
async function removeTask(carrel: Carrel, task: HeldTask): Promise<void> {
  const { plugin } = await runtimeOf(carrel, task.project, task.record);
  await purgeTree(carrel, task.project.config, plugin, task.taskDir);
  await removeRecord(carrel.host.files, task.project.metaDir, task.ref.id);
}

/** The task has never run, as before. */
async function forgetLaunch(carrel: Carrel, task: HeldTask): Promise<void> {
  await task.update(NEVER_LAUNCHED);
  await carrel.host.files.removeFile(envPath(task.project.metaDir, task.ref.id));
}

const NEVER_LAUNCHED: RecordChanges = {
  mode: null,
  web_port: null,
  web_token: undefined,
  runtime: undefined,
  image: undefined,
  command: undefined,
  env_names: undefined,
  unrestricted: undefined,
  agent: undefined,
  agent_session: undefined,
  agent_changed_at: undefined,
  timeout: undefined,
  op: undefined,
  exit_code: undefined,
  exit_reason: undefined,
  stopped_at: undefined,
};
