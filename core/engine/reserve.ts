/**
 * Some disk space that is kept for what must work on a full disk.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";

/** Room for a few records and lines of the journal; as many random bytes as are given at once. */
const RESERVE_BYTES = 65_536;

/** Keeps the reserve, which was spent or never made; a disk that has no room for it is not worth a word. */
export async function keepReserve({ host, paths }: Carrel): Promise<void> {
  if (await host.files.info(paths.reserve) !== null) return;
  try {
    await host.files.ensureDir(paths.coreDir, { mode: 0o700 });
    // Random, so that no file system can make it smaller than it is.
    await host.files.create(paths.reserve, host.random.bytes(RESERVE_BYTES), { mode: 0o600 });
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (isAppError(error, "disk_full")) await host.files.removeFile(paths.reserve).catch(() => false);
  }
}

/** Writes something; on a full disk once more, with the space of the reserve. */
export async function withReserve<Result>(
  { host, paths }: Carrel,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!isAppError(error, "disk_full") || !await host.files.removeFile(paths.reserve)) throw error;
    return await write();
  }
}
