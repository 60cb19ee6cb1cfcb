/**
 * Replaces a file so that a crash at any moment leaves the old content or the new.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { isAppError } from "../error.ts";
import type { Files, Random } from "../port/host.ts";

/** What writing needs of the host. */
export interface WriteHost {
  readonly files: Files;
  readonly random: Random;
}

/**
 * Writes `data` under a name of its own in the same directory, makes it durable, renames it over `path` and
 * makes the directory durable. When a step fails the temporary file is removed and the step's error thrown
 * (`disk_full`, `permission_denied`, `storage_failed`...): the content is then the old one, or, when only
 * the last step failed, the new one. Readers ignore `*.tmp`, which a killed process can leave.
 */
export async function durableWrite(
  { files, random }: WriteHost,
  path: string,
  data: Uint8Array | string,
  mode = 0o600,
): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${random.bytes(8).toHex()}.tmp`);
  try {
    await files.create(temporary, data, { mode });
    await files.rename(temporary, path);
  } catch (error) {
    // A taken name is somebody else's file. Failing to clean up must not hide why.
    if (!isAppError(error, "file_exists")) await files.removeFile(temporary).catch(() => false);
    throw error;
  }
  await files.syncDir(directory);
}
