/**
 * Files that carrel puts where the task can write. Whatever the task has put in their place is replaced,
 * never written through.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { runtimeOf } from "../query/live_states.ts";
import { purgeTree } from "./owned_tree.ts";
import type { HeldTask } from "./with_task.ts";

/** Removes a file, link or even directory of that name. */
export async function clearAgentPath(carrel: Carrel, task: HeldTask, path: string): Promise<void> {
  const info = await carrel.host.files.info(path);
  if (info === null) return;
  if (info.kind !== "directory") {
    await carrel.host.files.removeFile(path);
    return;
  }
  const { plugin } = await runtimeOf(carrel, task.project, task.record);
  await purgeTree(carrel, task.project.config, plugin, path);
}

/** Writes a file whole, by a rename over what was there; a directory of that name is removed first. */
export async function writeAgentFile(
  carrel: Carrel,
  task: HeldTask,
  path: string,
  text: string,
  mode: number,
): Promise<void> {
  if ((await carrel.host.files.info(path))?.kind === "directory") await clearAgentPath(carrel, task, path);
  await durableWrite(carrel.host, path, text, mode);
}
