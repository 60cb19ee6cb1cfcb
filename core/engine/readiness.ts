/**
 * When a task became ready, kept in its record.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { formatTimestamp } from "../meta/time.ts";
import { agentFileInfo, readAgentFile } from "../query/agent_dir.ts";
import { BASE_FILE, READY_FILE } from "../query/stored_task.ts";
import type { HeldTask } from "./with_task.ts";

/** Records the first time at which the task was ready, and the commit its workspace started from. */
export async function markReady(carrel: Carrel, task: HeldTask, atMicros: number): Promise<void> {
  const base = task.record.base_commit ?? await readBaseCommit(carrel, task.taskDir);
  if (task.record.initialized && base === task.record.base_commit) return;
  await task.update({
    ...(task.record.initialized ? {} : { ready_at: formatTimestamp(atMicros) }),
    ...(base === null ? {} : { base_commit: base }),
  });
}

/** Keeps what the container's ready file says, for a task whose record does not say it yet. */
export async function storeReadiness(carrel: Carrel, task: HeldTask): Promise<void> {
  const { mode, initialized } = task.record;
  if (initialized || !task.readyFile || mode === "web" || mode === "toad") return;
  const info = await agentFileInfo(carrel.host, task.taskDir, READY_FILE);
  if (info === null) return;
  // The file is the task's own: a time in the future is not believed.
  const atMicros = Math.min(Math.round(info.modifiedMs * 1000), carrel.host.clock.nowMicros());
  try {
    await markReady(carrel, task, atMicros);
  } catch (error) {
    // The file says it to the next holder as well; this one may be about to free the disk.
    if (!isAppError(error, "disk_full")) throw error;
  }
}

/** The commit that the init script says it reset the workspace to; null when it says nothing sound. */
export async function readBaseCommit(carrel: Carrel, taskDir: string): Promise<string | null> {
  const text = await readAgentFile(carrel.host, taskDir, BASE_FILE);
  const commit = text?.trim() ?? "";
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(commit) ? commit : null;
}
