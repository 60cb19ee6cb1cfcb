/**
 * Files of the real machine.
 *
 * Short calls are made synchronously: a round trip to Deno's thread pool takes longer than the call
 * itself. Only flushing and waiting for locks are left to other threads. node:fs is used where `Deno`
 * has no word for it: open flags, and setting the mode of what is open rather than of a path.
 *
 * @module
 */
import { dirname } from "@std/path";
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  fsync,
  openSync,
  readFileSync,
  readSync,
  statfsSync,
  writeSync,
} from "node:fs";
import type { Clock, DirEntry, FileInfo, FileKind, Files, ReadOptions } from "../port/host.ts";
import { takeFileLock } from "./take_file_lock.ts";
import { attempt, errnoOf } from "./from_os_error.ts";
import { osFailure } from "./os_failure.ts";
import { toBytes } from "./to_bytes.ts";

const { O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const PERMISSION_BITS = 0o7777;
/** An open flag of Linux that node does not name: a file that is in no directory, and gone once it is closed. */
const O_TMPFILE = 0o20000000 | O_DIRECTORY;
/** What opening one says where no file can be made. */
const NOT_WRITABLE = ["EROFS", "EACCES", "EPERM", "ENOENT", "ENOTDIR"];
/** The unit of `st_blocks`, whatever the file system's own blocks are. */
const BLOCK_BYTES = 512;

const DECODER = new TextDecoder();

/** The real {@linkcode Files}. The clock times the waiting for locks. */
export function newDenoFiles(clock: Clock): Files {
  const read = (path: string, options: ReadOptions = {}) =>
    attempt(`read ${path}`, () => readSlice(path, options));

  const makeDir = (path: string, { mode }: { mode: number }) =>
    attempt(`make directory ${path}`, () => {
      Deno.mkdirSync(path, { mode });
      withOpen(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, (fd) => setExactMode(fd, mode));
    });

  const ensureDir = (path: string, { mode }: { mode: number }) =>
    attempt(`make directory ${path}`, async () => {
      for (const made of ensureDirSync(path, mode)) await flushDir(dirname(made));
    });

  return {
    read,
    readText: async (path, options) => DECODER.decode(await read(path, options)),

    info: (path) =>
      attempt(`read ${path}`, () => {
        const info = lstatOrNull(path);
        return info === null ? null : toFileInfo(info);
      }),

    exists: (path) => Promise.resolve(existsSync(path)),

    list: (path) =>
      attempt(
        `list ${path}`,
        (): DirEntry[] =>
          Array.from(Deno.readDirSync(path), (entry) => ({ name: entry.name, kind: kindOf(entry) }))
            .sort((a, b) => a.name < b.name ? -1 : 1),
      ),

    create: (path, data, { mode }) =>
      attempt(`create ${path}`, async () => {
        const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL, mode);
        try {
          setExactMode(fd, mode);
          writeAll(fd, toBytes(data));
          await flush(fd);
        } catch (error) {
          removeLeftover(path);
          throw error;
        } finally {
          closeSync(fd);
        }
      }),

    append: (path, data, { mode }) =>
      attempt(`append to ${path}`, () => {
        const fd = openForAppend(path, mode);
        try {
          writeAll(fd, toBytes(data));
        } finally {
          closeSync(fd);
        }
      }),

    makeDir,
    ensureDir,

    rename: (from, to) => attempt(`rename ${from} to ${to}`, () => Deno.renameSync(from, to)),

    removeFile: (path) =>
      attempt(`remove ${path}`, () => {
        // Deno (and its node:fs) would remove an empty directory as well.
        if (lstatOrNull(path)?.isDirectory) throw osFailure("EISDIR", `remove ${path}`);
        return removeOrFalse(path);
      }),

    removeDir: (path) =>
      attempt(`remove ${path}`, () => {
        if (lstatOrNull(path)?.isDirectory === false) throw osFailure("ENOTDIR", `remove ${path}`);
        return removeOrFalse(path);
      }),

    chmod: (path, mode) => attempt(`set the mode of ${path}`, () => Deno.chmodSync(path, mode)),

    syncDir: (path) => attempt(`sync ${path}`, () => flushDir(path)),

    checkWritable: (path) => attempt(`write in ${path}`, () => openUnnamed(path)),

    freeBytes: (path) =>
      attempt(`look for free space at ${path}`, () => {
        const { bavail, bsize } = statfsSync(path);
        return bavail * bsize;
      }),

    realPath: (path) => attempt(`resolve ${path}`, () => Deno.realPathSync(path)),

    lock: async (path, options) => {
      await ensureDir(dirname(path), { mode: 0o700 });
      return await attempt(`lock ${path}`, () => takeFileLock(path, clock, options));
    },
  };
}

/** Not all file systems know such files, and a full one has no room for it: neither says that it is read-only. */
function openUnnamed(directory: string): void {
  try {
    closeSync(openSync(directory, O_TMPFILE | O_WRONLY, 0o600));
  } catch (error) {
    if (NOT_WRITABLE.includes(errnoOf(error) ?? "")) throw error;
  }
}

/** Node takes numbers too, and has no name for these; its types know of names alone. */
const WITHOUT_WAITING = { flag: (O_RDONLY | O_NONBLOCK) as never };

/** The whole file, through links; it never waits for who may write to a fifo. One call, as most reads are such. */
function readWhole(path: string): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(path, WITHOUT_WAITING);
  } catch (error) {
    // A fifo that somebody may write to one day.
    throw errnoOf(error) === "EAGAIN" ? osFailure("ENXIO", `read ${path}`, error) : error;
  }
  // One that nobody has open reads as empty, as hardly any file does.
  if (bytes.length === 0 && Deno.statSync(path).isFifo) throw osFailure("ENXIO", `read ${path}`);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readSlice(path: string, options: ReadOptions): Uint8Array<ArrayBuffer> {
  const { untrusted = false, offset = 0, maxBytes } = options;
  if (!untrusted && offset === 0 && maxBytes === undefined) return readWhole(path);
  const flags = O_RDONLY | O_NONBLOCK | (untrusted ? O_NOFOLLOW : 0);
  return withOpen(path, flags, (fd) => {
    const facts = fstatSync(fd);
    if (facts.isDirectory()) throw osFailure("EISDIR", `read ${path}`);
    if (facts.isFIFO() || untrusted && !facts.isFile()) throw osFailure("ENXIO", `read ${path}`);
    const bytes = new Uint8Array(Math.max(0, Math.min(maxBytes ?? Infinity, facts.size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(fd, bytes, filled, bytes.length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  });
}

function withOpen<Result>(path: string, flags: number, use: (fd: number) => Result): Result {
  const fd = openSync(path, flags);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** The umask takes bits away from the mode that a file is created with; this gives them back. */
function setExactMode(fd: number, mode: number): void {
  if ((fstatSync(fd).mode & PERMISSION_BITS) !== mode) fchmodSync(fd, mode);
}

function openForAppend(path: string, mode: number): number {
  try {
    const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, mode);
    setExactMode(fd, mode);
    return fd;
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, mode);
  }
}

/** Gives the directories that it has made, parents first. */
function ensureDirSync(path: string, mode: number): string[] {
  const made: string[] = [];
  try {
    Deno.mkdirSync(path, { mode });
  } catch (error) {
    if (errnoOf(error) === "EEXIST" && Deno.statSync(path).isDirectory) return made;
    if (errnoOf(error) !== "ENOENT") throw error;
    made.push(...ensureDirSync(dirname(path), mode));
    // A parent that is there and still refuses (/proc, for one) must not be asked for ever.
    Deno.mkdirSync(path, { mode });
  }
  withOpen(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, (fd) => setExactMode(fd, mode));
  return [...made, path];
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(fd, bytes, written, bytes.length - written);
  }
}

function flush(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(fd, (error) => error ? reject(error) : resolve());
  });
}

async function flushDir(path: string): Promise<void> {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY);
  try {
    await flush(fd);
  } catch (error) {
    // Some file systems (CIFS, some FUSE ones) cannot flush a directory and say so this way.
    if (errnoOf(error) !== "EINVAL") throw error;
  } finally {
    closeSync(fd);
  }
}

/** Removes what a failed call has made; the failure that led here is the one to report. */
function removeLeftover(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // The storage is in trouble already.
  }
}

function lstatOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

function removeOrFalse(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === "ENOENT" || errno === "ENOTDIR";
}

function kindOf(entry: { isFile: boolean; isDirectory: boolean; isSymlink: boolean }): FileKind {
  if (entry.isFile) return "file";
  if (entry.isDirectory) return "directory";
  return entry.isSymlink ? "symlink" : "other";
}

function toFileInfo(info: Deno.FileInfo): FileInfo {
  return {
    kind: kindOf(info),
    sizeBytes: info.size,
    allocatedBytes: (info.blocks ?? 0) * BLOCK_BYTES,
    mode: (info.mode ?? 0) & PERMISSION_BITS,
    uid: info.uid ?? 0,
    gid: info.gid ?? 0,
    device: info.dev,
    inode: info.ino ?? 0,
    modifiedMs: info.mtime?.getTime() ?? 0,
  };
}
