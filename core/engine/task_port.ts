/**
 * The host port and the token of a task that serves something.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { writeAgentFile } from "./agent_file.ts";
import { keepSession } from "./agent_session.ts";
import { findAgentDir } from "../query/agent_dir.ts";
import type { TaskMode } from "../query/container_name.ts";
import type { TaskPort } from "./container_spec.ts";
import { type Holder, holdOne, portResource } from "./task_resources.ts";
import type { HeldTask } from "./with_task.ts";

/** Ports carrel hands out, both ends included (the reference's range). */
const PORT_MIN = 18_700;
const PORT_MAX = 32_700;

const TOKEN_BYTES = 32;

/**
 * Gives a task of mode `web` or `toad` a port and a token, the ones it had before if it can; null for other modes.
 * The port is a resource of the task's, so that no two tasks that run have the same. `insufficient_capacity` when
 * every port is taken.
 */
export async function claimTaskPort(
  carrel: Carrel,
  task: HeldTask,
  { mode, holder }: { readonly mode: TaskMode; readonly holder: Holder },
): Promise<TaskPort | null> {
  if (mode !== "web" && mode !== "toad") return null;
  const token = task.record.web_token ?? newToken(carrel);
  await writeToken(carrel, task, mode, token);
  const hostPort = await choosePort(carrel, task, holder);
  await task.update({ web_port: hostPort, web_token: token });
  return { hostPort, containerPort: task.project.config.get(`run.${mode}.port`), tokenFile: tokenName(mode) };
}

/** Under which name a task of this mode finds its token in agent-config. */
export function tokenName(mode: TaskMode): string {
  return `${mode}.token`;
}

/** Writes the token files of a task anew; nothing for a task that has no token, or no directory of its own for it. */
export async function restoreToken(carrel: Carrel, task: HeldTask): Promise<void> {
  if (await findAgentDir(carrel.host, task.taskDir) === null) return;
  await keepSession(carrel, task);
  const { mode, web_token } = task.record;
  if ((mode === "web" || mode === "toad") && web_token !== null) {
    await writeToken(carrel, task, mode, web_token);
  }
}

async function writeToken(carrel: Carrel, task: HeldTask, mode: TaskMode, token: string): Promise<void> {
  await writeAgentFile(carrel, task, tokenName(mode), `${token}\n`, 0o600);
}

async function choosePort(carrel: Carrel, task: HeldTask, holder: Holder): Promise<number> {
  const claim = async (port: number) =>
    await carrel.host.network.portIsFree(port) && await holdOne(carrel, holder, portResource(port));
  const own = task.record.web_port;
  if (own !== null && await claim(own)) return own;
  // Most of the ports that are taken are known to be, without a try for each.
  const held = new Set((await (await carrel.state()).resourceLock.listLocks()).map((row) => row.resource_id));
  const known = (port: number) => held.has(portResource(port));
  for (const skips of [true, false]) {
    for (let port = PORT_MIN; port <= PORT_MAX; port++) {
      if (known(port) !== skips && await claim(port)) return port;
    }
  }
  throw new AppError("insufficient_capacity", `no free port between ${PORT_MIN} and ${PORT_MAX}`, {
    hint: "stop tasks of mode web or toad that are no longer needed",
  });
}

/** URL-safe text of 32 random bytes. */
function newToken({ host }: Carrel): string {
  return host.random.bytes(TOKEN_BYTES).toBase64({ alphabet: "base64url", omitPadding: true });
}
