/**
 * The host port and the token of a task that serves something.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import type { TaskId } from "../identity/task_id.ts";
import { writeAgentFile } from "./agent_file.ts";
import { agentConfigDir } from "../meta/paths.ts";
import { listTaskIds, readTaskMeta } from "../meta/record_store.ts";
import type { Files } from "../port/host.ts";
import { listProjectIds } from "../query/list_project_ids.ts";
import type { TaskMode } from "../query/container_name.ts";
import { join } from "@std/path";
import type { TaskPort } from "./container_spec.ts";
import type { HeldTask } from "./with_task.ts";

/** Ports carrel hands out, both ends included (the reference's range). */
const PORT_MIN = 18_700;
const PORT_MAX = 32_700;

const TOKEN_BYTES = 32;

/**
 * Gives a task of mode `web` or `toad` a port and a token, the ones it had before if it can; null
 * for other modes. The choice is recorded before the lock on ports is released, so that two tasks
 * never get one port. `insufficient_capacity` when every port is taken.
 */
export async function claimTaskPort(
  carrel: Carrel,
  task: HeldTask,
  mode: TaskMode,
): Promise<TaskPort | null> {
  if (mode !== "web" && mode !== "toad") return null;
  const token = task.record.web_token ?? newToken(carrel);
  await writeToken(carrel, task, mode, token);
  await using _lock = await carrel.host.files.lock(carrel.paths.portLock, {
    timeoutMs: carrel.lockTimeoutMs,
  });
  const hostPort = await choosePort(carrel, task);
  await task.update({ web_port: hostPort, web_token: token });
  return { hostPort, containerPort: task.project.config.get(`run.${mode}.port`), tokenFile: tokenName(mode) };
}

/** Where a task of this mode finds its token. */
export function tokenPath(taskDir: string, mode: TaskMode): string {
  return join(agentConfigDir(taskDir), tokenName(mode));
}

/** Writes the token file anew from the record; nothing for a task that has no token. */
export async function restoreToken(carrel: Carrel, task: HeldTask): Promise<void> {
  const { mode, web_token } = task.record;
  if ((mode === "web" || mode === "toad") && web_token !== null) {
    await writeToken(carrel, task, mode, web_token);
  }
}

async function writeToken(carrel: Carrel, task: HeldTask, mode: TaskMode, token: string): Promise<void> {
  await writeAgentFile(carrel, task, tokenPath(task.taskDir, mode), `${token}\n`, 0o600);
}

function tokenName(mode: TaskMode): string {
  return `${mode}.token`;
}

async function choosePort(carrel: Carrel, task: HeldTask): Promise<number> {
  const taken = await portsOfOtherTasks(carrel, task);
  const isFree = async (port: number) => !taken.has(port) && await carrel.host.network.portIsFree(port);
  const own = task.record.web_port;
  if (own !== null && await isFree(own)) return own;
  for (let port = PORT_MIN; port <= PORT_MAX; port++) {
    if (await isFree(port)) return port;
  }
  throw new AppError("insufficient_capacity", `no free port between ${PORT_MIN} and ${PORT_MAX}`, {
    hint: "delete tasks of mode web or toad that are no longer needed",
  });
}

async function portsOfOtherTasks(carrel: Carrel, task: HeldTask): Promise<Set<number>> {
  const { files } = carrel.host;
  const taken = new Set<number>();
  for (const project of await listProjectIds(carrel)) {
    const metaDir = carrel.paths.tasksMetaDir(project);
    for (const id of await listTaskIds(files, metaDir) ?? []) {
      if (project === task.ref.project && id === task.ref.id) continue;
      const port = await recordedPort(files, metaDir, id);
      if (port !== null) taken.add(port);
    }
  }
  return taken;
}

/** A record that cannot be read holds no port: its task cannot be started either. */
async function recordedPort(files: Files, metaDir: string, id: TaskId): Promise<number | null> {
  try {
    const port = (await readTaskMeta(files, metaDir, id))?.["web_port"];
    return typeof port === "number" ? port : null;
  } catch (error) {
    if (isAppError(error, "record_damaged")) return null;
    throw error;
  }
}

/** URL-safe text of 32 random bytes. */
function newToken({ host }: Carrel): string {
  return host.random.bytes(TOKEN_BYTES).toBase64({ alphabet: "base64url", omitPadding: true });
}
