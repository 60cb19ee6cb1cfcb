/**
 * Some disk space that is kept for what must work on a full disk.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";

/** Room for a few records and lines of the journal; as many random bytes as are given at once. */
const RESERVE_BYTES = 65_536;
/** A block of most file systems: less than that is no room for anything. */
const LEAST_BYTES = 4096;

/**
 * Keeps the reserve, which was spent or never made. Where the disk has no room for all of it, half of it is tried,
 * and so on: what one write on a full disk has left of the reserve serves the next. A disk that has no room at
 * all is not worth a word.
 *
 * It also says that the state store has something to lose (`wasStateUsed`): only for a store that has.
 */
export async function keepReserve({ host, paths }: Carrel): Promise<void> {
  try {
    if ((await host.files.info(paths.reserve))?.sizeBytes === RESERVE_BYTES) return;
    await host.files.ensureDir(paths.coreDir, { mode: 0o700 });
    await host.files.removeFile(paths.reserve);
    for (let bytes = RESERVE_BYTES; bytes >= LEAST_BYTES; bytes /= 2) {
      if (await tryToKeep({ host, paths }, bytes)) return;
    }
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

/** Whether there is anything of it. */
export async function hasReserve({ host, paths }: Carrel): Promise<boolean> {
  try {
    return await host.files.info(paths.reserve) !== null;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return false;
  }
}

/** False when the disk has no room for so much. */
async function tryToKeep({ host, paths }: Pick<Carrel, "host" | "paths">, bytes: number): Promise<boolean> {
  try {
    // Random, so that no file system can make it smaller than it is.
    await host.files.create(paths.reserve, host.random.bytes(bytes), { mode: 0o600 });
    return true;
  } catch (error) {
    if (!isAppError(error, "disk_full")) throw error;
    await host.files.removeFile(paths.reserve);
    return false;
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
