/**
 * Reads a log file while it grows.
 *
 * @module
 */
import type { Clock, Files } from "../port/host.ts";
import type { LogChunk } from "../port/runtime.ts";
import { ifPresent } from "../if_present.ts";
import { LogDecoder } from "./log_decoder.ts";

const BLOCK_BYTES = 64 * 1024;
const PAUSE_MS_MIN = 20;
const PAUSE_MS_MAX = 200;

/** How to read a log. */
export interface FollowLogOptions {
  /** Wait for more until `done` has settled; otherwise read what is there. */
  readonly follow: boolean;
  /** Settles when nothing more will be written. Without it a follower ends only by its signal. */
  readonly done?: Promise<unknown>;
  readonly signal?: AbortSignal;
}

/**
 * The pieces of output in a log file, from its beginning, in bounded memory. A file that does not exist
 * yet is waited for like one that is empty; one that was cut or replaced is read again from its start.
 * Everything written before `done` settled is given out. Throws the signal's reason when it is aborted,
 * and the errors of `Files.read`.
 */
export async function* followLog(
  { files, clock }: { readonly files: Pick<Files, "info" | "read">; readonly clock: Pick<Clock, "sleep"> },
  path: string,
  { follow, done, signal }: FollowLogOptions,
): AsyncGenerator<LogChunk> {
  const finished = new AbortController();
  done?.then(() => finished.abort(), () => finished.abort());
  const wake = signal === undefined ? finished.signal : AbortSignal.any([signal, finished.signal]);
  let decoder = new LogDecoder();
  let offset = 0;
  let inode: number | null = null;
  // Without `follow` a busy writer must not keep the reader for ever.
  let end: number | null = null;
  let pauseMs = PAUSE_MS_MIN;
  for (;;) {
    signal?.throwIfAborted();
    // Asked before reading: what was written before the end is then certainly read.
    const last = !follow || finished.signal.aborted;
    const info = await files.info(path);
    if (info !== null && (info.sizeBytes < offset || inode !== null && info.inode !== inode)) {
      yield* decoder.end();
      decoder = new LogDecoder();
      offset = 0;
    }
    inode = info?.inode ?? inode;
    const size = info?.sizeBytes ?? 0;
    end = follow ? size : Math.min(end ?? size, size);
    const block = end > offset ? await readBlock(files, path, offset, end - offset) : null;
    if (block !== null && block.length > 0) {
      offset += block.length;
      pauseMs = PAUSE_MS_MIN;
      yield* decoder.push(block);
    } else if (last) {
      yield* decoder.end();
      return;
    } else {
      // Woken early by the end or the signal, both of which are looked at next.
      await clock.sleep(pauseMs, wake).catch((error) => {
        if (!wake.aborted) throw error;
      });
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
    }
  }
}

/** Null when the file has gone since it was looked at. */
async function readBlock(
  files: Pick<Files, "read">,
  path: string,
  offset: number,
  available: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return await ifPresent(files.read(path, { offset, maxBytes: Math.min(available, BLOCK_BYTES) }));
}
