/**
 * Removes trees for good, also those with directories that their owner has closed: what is in a read-only one,
 * such as a module cache of Go, can be removed by nobody but root.
 *
 * @module
 */
import { isAppError } from "../error.ts";
import type { Host } from "../port/host.ts";
import { runTool } from "./run_tool.ts";

const REMOVE_TIMEOUT_MS = 10 * 60_000;

/** Runs a tool to its end; throws `AppError` when it fails. */
export type RunArgv = (argv: readonly [string, ...string[]]) => Promise<unknown>;

/** Removes a tree; links in it are removed, not followed. Success when it is not there. `storage_failed` else. */
export async function removeTree(host: Pick<Host, "processes" | "system">, path: string): Promise<void> {
  await removeTreeWith(host, (argv) => runTool(host, argv, REMOVE_TIMEOUT_MS), path);
}

/** Removes a tree like {@linkcode removeTree}, with tools that `run` runs as somebody else. */
export async function removeTreeWith(
  { system }: Pick<Host, "system">,
  run: RunArgv,
  path: string,
): Promise<void> {
  const remove = ["rm", "-rf", "--one-file-system", "--", path] as const;
  try {
    await run(remove);
  } catch (error) {
    // No mode keeps root from anything.
    if (!isAppError(error) || system.uid === 0) throw error;
    await openDirectories(run, path);
    await run(remove);
  }
}

/**
 * Gives the owner all rights to the directories of a tree, and to nothing else: a file may have another name
 * outside, and a link leads there. One that cannot be read is opened before `find` goes into it.
 */
async function openDirectories(run: RunArgv, path: string): Promise<void> {
  const open = ["-exec", "chmod", "u+rwx", "--", "{}"];
  const unreadable = ["!", "-perm", "-u=rx", ...open, ";"];
  const readOnly = ["!", "-perm", "-u=w", ...open, "+"];
  try {
    await run(["find", path, "-xdev", "-type", "d", "(", ...unreadable, "-o", ...readOnly, ")"]);
  } catch (error) {
    // Whether it was enough is seen by removing again.
    if (!isAppError(error)) throw error;
  }
}
