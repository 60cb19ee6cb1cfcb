/**
 * `task exec` and `task login`: commands inside a running task.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { ExecOptions } from "../port/runtime.ts";
import type { TaskRef } from "../query/find_task.ts";
import { findContainer, isActive, type LaunchedContainer, notRunning } from "../query/launched_container.ts";
import { openProject } from "../query/open_project.ts";
import { readStoredTask } from "../query/stored_task.ts";

/** A shell for a person: the one of a lasting tmux session where there is tmux, else bash, else sh. */
const LOGIN_COMMAND = [
  "sh",
  "-c",
  "command -v tmux >/dev/null 2>&1 && exec tmux new-session -A -s main; " +
  "command -v bash >/dev/null 2>&1 && exec bash -l; exec sh -l",
] as const;

/** Runs a command in a running task; its exit code. Errors: `never_ran`, `wrong_state`, exit 9. */
export async function execInTask(
  carrel: Carrel,
  ref: TaskRef,
  argv: readonly [string, ...string[]],
  options: ExecOptions,
): Promise<number> {
  const { runtime, name } = await runningContainer(carrel, ref);
  return await runtime.exec(name, argv, options);
}

/** The argv that logs a person in to a running task. Errors as of `execInTask`. */
export async function loginArgv(carrel: Carrel, ref: TaskRef): Promise<readonly [string, ...string[]]> {
  const { runtime, name } = await runningContainer(carrel, ref);
  return await runtime.loginArgv(name, LOGIN_COMMAND);
}

async function runningContainer(carrel: Carrel, ref: TaskRef): Promise<LaunchedContainer> {
  const project = await openProject(carrel, ref.project);
  const container = await findContainer(carrel, await readStoredTask(carrel, project, ref.id));
  if (!isActive(container.status)) throw notRunning(`${ref.project}/${ref.id}`, container.status);
  return container;
}
