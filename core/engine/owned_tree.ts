/**
 * Copies and removes trees that containers have written: names that are not UTF-8, files of
 * mapped users. Both are left to the system's own tools, run with the runtime's view of users.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import type { Config } from "../config/config.ts";
import { isAppError } from "../error.ts";
import type { TaskId } from "../identity/task_id.ts";
import type { RuntimePlugin } from "../port/plugin.ts";
import { removeTreeWith } from "../storage/remove_tree.ts";
import { runTool } from "../storage/run_tool.ts";

const TREE_TIMEOUT_MS = 30 * 60_000;

/** A task's tree, and where it goes. */
interface Move {
  readonly id: TaskId;
  readonly from: string;
  readonly to: string;
}

/**
 * Moves a task's tree to another file system. The copy is made under a hidden name and gets its own when
 * it is whole; the old tree gets a hidden name before it is removed. So whoever dies on the way leaves no
 * part of a tree under a name that means a whole one.
 */
export async function moveAcross(
  carrel: Carrel,
  config: Config,
  plugin: RuntimePlugin,
  move: Move,
): Promise<void> {
  const { files } = carrel.host;
  const { from, to } = move;
  const { incoming, outgoing } = hiddenNames(move);
  await purgeLeftovers(carrel, config, plugin, move);
  try {
    await files.makeDir(incoming, { mode: 0o700 });
    await copyTree(carrel, config, plugin, from, incoming);
    await files.rename(incoming, to);
    await files.syncDir(dirname(to));
    await files.rename(from, outgoing);
  } catch (error) {
    if (isAppError(error)) {
      if (await files.info(to) !== null) await files.rename(to, incoming);
      await purgeOrWarn(carrel, config, plugin, incoming);
    }
    throw error;
  }
  await purgeOrWarn(carrel, config, plugin, outgoing);
}

/** Finishes or undoes a {@linkcode moveAcross} that died on the way: afterwards the tree is in one place only. */
export async function settleMoveAcross(
  carrel: Carrel,
  config: Config,
  plugin: RuntimePlugin,
  move: Move,
): Promise<void> {
  const { files } = carrel.host;
  const { from, to } = move;
  const { outgoing } = hiddenNames(move);
  // A copy has its own name only when it is whole.
  if (await files.info(to) !== null && await files.info(from) !== null) await files.rename(from, outgoing);
  await purgeLeftovers(carrel, config, plugin, move);
}

/** The names of a tree on its way: of the copy that is not whole yet, of what was copied and is to go. */
function hiddenNames({ id, from, to }: Move): { readonly incoming: string; readonly outgoing: string } {
  return {
    incoming: join(dirname(to), `.${id}.incoming`),
    outgoing: join(dirname(from), `.${id}.outgoing`),
  };
}

/** Removes what a move that died on the way has left under hidden names. */
async function purgeLeftovers(
  carrel: Carrel,
  config: Config,
  plugin: RuntimePlugin,
  move: Move,
): Promise<void> {
  const { incoming, outgoing } = hiddenNames(move);
  for (const leftover of [incoming, outgoing]) {
    if (await carrel.host.files.info(leftover) !== null) await purgeTree(carrel, config, plugin, leftover);
  }
}

/** For what is no longer needed: that it is still there is not worth a failure. */
async function purgeOrWarn(
  carrel: Carrel,
  config: Config,
  plugin: RuntimePlugin,
  path: string,
): Promise<void> {
  try {
    await purgeTree(carrel, config, plugin, path);
  } catch (error) {
    if (!isAppError(error)) throw error;
    carrel.notify({ kind: "warning", text: `${path} can be removed, but was not: ${error.message}` });
  }
}

/** Copies the content of a directory into another, exactly: owners, modes, times, links, sparse files. */
async function copyTree(
  carrel: Carrel,
  config: Config,
  plugin: RuntimePlugin,
  from: string,
  to: string,
): Promise<void> {
  await runOwned(carrel, config, plugin, ["cp", "-a", "--reflink=auto", "--", `${from}/.`, to]);
  await runOwned(carrel, config, plugin, ["sync", "-f", "--", to]);
}

/** Removes a tree for good; links in it are removed, not followed. Success when it is not there. */
export async function purgeTree(
  carrel: Carrel,
  config: Config,
  plugin: RuntimePlugin,
  path: string,
): Promise<void> {
  await removeTreeWith(carrel.host, (argv) => runOwned(carrel, config, plugin, argv), path);
  await flushRemovals(carrel, dirname(path));
}

/** Makes removals from a directory durable, unless it is gone or the container's user lets nobody open it. */
export async function flushRemovals({ host }: Pick<Carrel, "host">, dir: string): Promise<void> {
  try {
    await host.files.syncDir(dir);
  } catch (error) {
    if (!isAppError(error, "file_not_found", "permission_denied")) throw error;
  }
}

async function runOwned(
  carrel: Carrel,
  config: Config,
  plugin: RuntimePlugin,
  argv: readonly [string, ...string[]],
): Promise<void> {
  const owned = await plugin.ownerArgv(carrel.runtimeContext(config), argv);
  await runTool(carrel.host, owned, TREE_TIMEOUT_MS, argv[0]);
}
