/**
 * Copying a database that another program may be writing to, without touching it.
 *
 * @module
 */
import { isAppError } from "../../error.ts";
import type { Host } from "../../port/host.ts";
import { ResourceContentionError } from "../errors.ts";

/** What the copying needs of the machine. */
export type CopyHost = Pick<Host, "clock" | "files">;

/** The files that make up a database. `-shm` is an index of `-wal`, which SQLite makes anew. */
const PARTS = ["", "-wal", "-journal"];

const CHUNK_BYTES = 4 * 2 ** 20;
const PAUSE_MS = 20;

/**
 * Copies a database as of one instant. Opening it, even for reading only, would make files beside one that has
 * a write-ahead log, fail in a read-only directory, or keep its owner from writing. So all of its files are read
 * twice: where both readings agree, this is how they were between the two. SQLite then finds in the copy what
 * it would find after a crash at that instant, which is what was committed.
 *
 * @param from absolute, with every link resolved
 * @param to absolute; nothing is there. Created with mode 0600.
 * @throws {ResourceContentionError} when it was being written to for `timeoutMs`; and as `Files` does
 */
export async function copySettled(
  from: string,
  to: string,
  { clock, files }: CopyHost,
  timeoutMs: number,
): Promise<void> {
  const endMs = clock.monotonicMs() + timeoutMs;
  while (!await copyOnce()) {
    for (const part of PARTS) await files.removeFile(to + part);
    if (clock.monotonicMs() >= endMs) {
      throw new ResourceContentionError(`${from} is being written to`, {
        hint: "stop the program that uses it, or try again",
        details: { path: from, reason: "locked" },
      });
    }
    await clock.sleep(PAUSE_MS);
  }

  /** False when the two readings do not agree. */
  async function copyOnce(): Promise<boolean> {
    try {
      for (const part of PARTS) await copyFile(files, from + part, to + part);
      for (const part of PARTS) {
        if (!await holdTheSame(files, from + part, to + part)) return false;
      }
      return true;
    } catch (error) {
      // A journal that was there a moment ago is gone at the end of a transaction.
      if (isAppError(error, "file_not_found") && await files.info(from) !== null) return false;
      throw error;
    }
  }
}

type Files = CopyHost["files"];

/** Copies what is there; nothing when there is no file. */
async function copyFile(files: Files, from: string, to: string): Promise<void> {
  if (await files.info(from) === null) return;
  await files.create(to, "", { mode: 0o600 });
  for await (const chunk of chunksOf(files, from)) await files.append(to, chunk, { mode: 0o600 });
}

async function holdTheSame(files: Files, one: string, other: string): Promise<boolean> {
  const [first, second] = [await files.info(one), await files.info(other)];
  if (first?.sizeBytes !== second?.sizeBytes) return false;
  if (first === null) return true;
  for (let offset = 0;; offset += CHUNK_BYTES) {
    const slice = { offset, maxBytes: CHUNK_BYTES };
    const [a, b] = [await files.read(one, slice), await files.read(other, slice)];
    if (a.length !== b.length || !a.every((byte, index) => byte === b[index])) return false;
    if (a.length < CHUNK_BYTES) return true;
  }
}

/** A file's bytes, piece by piece. */
export async function* chunksOf(files: Files, path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let offset = 0;; offset += CHUNK_BYTES) {
    const chunk = await files.read(path, { offset, maxBytes: CHUNK_BYTES });
    if (chunk.length > 0) yield chunk;
    if (chunk.length < CHUNK_BYTES) return;
  }
}
