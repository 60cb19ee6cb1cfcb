/**
 * Locks on files of the real machine, with flock(2).
 *
 * The file is never unlinked: one who waited on the old file and one who made a new file would both
 * hold "the" lock.
 *
 * @module
 */
import type { Clock, FileLock, FileLockOptions } from "../port/host.ts";
import { lockTimeout } from "./lock_timeout.ts";

const POLL_MIN_MS = 10;
const POLL_MAX_MS = 100;

/** Deno 2.9 has `tryLock`, older ones do not. */
type TryingFile = Deno.FsFile & { tryLock(exclusive: boolean): Promise<boolean> };

/**
 * Takes the lock on the file, made 0600 when absent; its directory exists.
 *
 * @throws {AppError} `lock_timeout`; the signal's reason when aborted
 */
export async function takeFileLock(
  path: string,
  clock: Clock,
  options: FileLockOptions,
): Promise<FileLock> {
  const { timeoutMs, signal } = options;
  signal?.throwIfAborted();
  const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
  const locked = canTry(file) ? await poll(file, clock, options) : await race(file, clock, options);
  if (!locked) throw lockTimeout(path, timeoutMs);
  let held = true;
  const release = async () => {
    if (!held) return;
    held = false;
    await file.unlock();
    file.close();
  };
  return { release, [Symbol.asyncDispose]: release };
}

function canTry(file: Deno.FsFile): file is TryingFile {
  return "tryLock" in file;
}

/** Tries again and again; closes the file unless it got the lock. */
async function poll(file: TryingFile, clock: Clock, { timeoutMs, signal, shared = false }: FileLockOptions) {
  const giveUpAt = clock.monotonicMs() + timeoutMs;
  let locked = false;
  try {
    for (let pauseMs = POLL_MIN_MS;; pauseMs = Math.min(pauseMs * 2, POLL_MAX_MS)) {
      locked = await file.tryLock(!shared);
      const remainingMs = giveUpAt - clock.monotonicMs();
      if (locked || remainingMs <= 0) return locked;
      await clock.sleep(Math.min(pauseMs, remainingMs), signal);
    }
  } finally {
    if (!locked) file.close();
  }
}

/** Waits in the kernel, which cannot be called off: a lock that comes too late is given back at once. */
async function race(file: Deno.FsFile, clock: Clock, { timeoutMs, signal, shared = false }: FileLockOptions) {
  const gotIt = new AbortController();
  const wait = file.lock(!shared).then(() => true);
  const limit = signal === undefined ? gotIt.signal : AbortSignal.any([gotIt.signal, signal]);
  // A free lock, too, takes a moment to arrive from the other thread.
  const timer = clock.sleep(Math.max(timeoutMs, POLL_MAX_MS), limit).then(() => false);
  let locked = false;
  try {
    locked = await Promise.race([wait, timer]);
    return locked;
  } finally {
    gotIt.abort();
    if (!locked) wait.catch(() => {}).then(() => file.close());
  }
}
