/**
 * A directory for files that nobody else may see and that are needed for a moment.
 *
 * @module
 */
import { join } from "@std/path";
import { isAppError } from "../../error.ts";
import type { Host } from "../../port/host.ts";
import { asStorageError } from "../sqlite/open_database.ts";

/** What the directory needs of the machine. */
export type PrivateDirHost = Pick<Host, "env" | "files" | "random">;

/**
 * Makes a directory (0700) in `TMPDIR`, else in `/tmp`, and removes it with all its files when the body has
 * ended. Where that fails the error says it; beside an error of the body it is a detail, `leftover`.
 *
 * @throws {StorageError} `permission_denied`, `disk_full`, `storage_failed`; and whatever the body throws
 */
export async function withPrivateDir<Result>(
  { env, files, random }: PrivateDirHost,
  body: (path: string) => Promise<Result>,
): Promise<Result> {
  const parent = env.get("TMPDIR") ?? "";
  const path = join(parent.startsWith("/") ? parent : "/tmp", `carrel-${random.bytes(8).toHex()}`);
  const remove = async () => {
    for (const { name } of await files.list(path)) await files.removeFile(join(path, name));
    await files.removeDir(path);
  };
  await translated(path, () => files.makeDir(path, { mode: 0o700 }));
  let result: Result;
  try {
    result = await body(path);
  } catch (error) {
    await remove().catch(() => isAppError(error) && error.addDetails({ leftover: path }));
    throw error;
  }
  await translated(path, remove);
  return result;
}

async function translated(path: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    throw asStorageError(error, path);
  }
}
