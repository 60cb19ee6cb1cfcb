/**
 * Files that carrel puts where the task can write. Whatever the task has put in their place is replaced,
 * never written through.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { durableWrite } from "../meta/durable_write.ts";
import { agentPath, findAgentDir } from "../query/agent_dir.ts";
import { runtimeOf } from "../query/runtime_of.ts";
import { flushRemovals, purgeTree } from "./owned_tree.ts";
import type { HeldTask } from "./with_task.ts";

const SECRET_MODE = 0o600;
const CHOWN_TIMEOUT_MS = 60_000;

/** Makes the directory of a task that has none. Throws as {@linkcode agentPath}. */
export async function makeAgentDir({ host }: Carrel, { taskDir }: HeldTask): Promise<void> {
  const dir = await agentPath(host, taskDir, "");
  await host.files.ensureDir(dir, { mode: 0o700 });
}

/** Removes a file, link or even directory of that name. Throws as {@linkcode agentPath}. */
export async function clearAgentFile(carrel: Carrel, task: HeldTask, name: string): Promise<void> {
  await clearPath(carrel, task, await agentPath(carrel.host, task.taskDir, name));
}

/**
 * Removes files of these names for good, and nothing where the directory is not the task's own. One that this user
 * cannot remove belongs to the container's.
 */
export async function removeAgentFiles(
  carrel: Carrel,
  task: HeldTask,
  names: readonly string[],
): Promise<void> {
  const dir = await findAgentDir(carrel.host, task.taskDir);
  if (dir === null) return;
  for (const path of names.map((name) => join(dir, name))) {
    try {
      await carrel.host.files.removeFile(path);
    } catch (error) {
      if (!isAppError(error, "permission_denied")) throw error;
      const { plugin } = await runtimeOf(carrel, task.project, task.record);
      await purgeTree(carrel, task.project.config, plugin, path);
    }
  }
  await flushRemovals(carrel, dir);
}

async function clearPath(carrel: Carrel, task: HeldTask, path: string): Promise<void> {
  const info = await carrel.host.files.info(path);
  if (info === null) return;
  if (info.kind !== "directory") {
    await carrel.host.files.removeFile(path);
    return;
  }
  const { plugin } = await runtimeOf(carrel, task.project, task.record);
  await purgeTree(carrel, task.project.config, plugin, path);
}

/**
 * Writes a file whole, by a rename over what was there; a directory of that name is removed first. One that only
 * its owner may read (0600) is given to the user of the task's container. Throws as {@linkcode agentPath}.
 */
export async function writeAgentFile(
  carrel: Carrel,
  task: HeldTask,
  name: string,
  text: string,
  mode: number,
): Promise<void> {
  const path = await agentPath(carrel.host, task.taskDir, name);
  if ((await carrel.host.files.info(path))?.kind === "directory") await clearPath(carrel, task, path);
  await durableWrite(carrel.host, path, text, mode);
  if (mode === SECRET_MODE) await giveAway(carrel, path);
}

/** The directory has been the container user's since a container was made; as long as it is ours, so is the file. */
async function giveAway({ host: { files, processes, system } }: Carrel, path: string): Promise<void> {
  const directory = await files.info(dirname(path));
  if (directory === null || directory.uid === system.uid) return;
  const { uid, gid } = directory;
  const argv = ["chown", "-h", "--", `${uid}:${gid}`, path] as const;
  const { code, stderr } = await processes.run({ argv, timeoutMs: CHOWN_TIMEOUT_MS });
  if (code === 0) return;
  const why = new TextDecoder().decode(stderr).trim();
  throw new AppError("storage_failed", `cannot give ${path} to the user of its container: ${why}`);
}
