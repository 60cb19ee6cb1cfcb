/**
 * Whether a file of the state store must hold something.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Files } from "../port/host.ts";

/** Where the state store is, and what is only made once something was recorded in it. */
export interface StatePlaces {
  readonly stateDb: string;
  readonly reserve: string;
}

/**
 * True when the file is there and something was recorded in it before. To SQLite an empty file is a new database,
 * and so is one that has lost its write-ahead log: all lists would be empty, and nobody would know what is lost.
 */
export async function wasStateUsed(
  files: Pick<Files, "info">,
  { stateDb, reserve }: StatePlaces,
): Promise<boolean> {
  return await files.info(reserve) !== null && await files.info(stateDb) !== null;
}

/**
 * Forgets what was recorded in a file that somebody has taken away. Whoever makes a new one calls it before: killed on
 * the way, he leaves an empty file that has lost nothing.
 */
export async function forgetStateUse(
  files: Pick<Files, "info" | "removeFile" | "syncDir">,
  { stateDb, reserve }: StatePlaces,
): Promise<void> {
  if (await files.info(stateDb) !== null) return;
  if (await files.removeFile(reserve)) await files.syncDir(dirname(reserve));
}
