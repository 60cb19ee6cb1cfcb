/**
 * The in-memory file tree: POSIX as far as carrel relies on it, permission checks left out.
 *
 * @module
 */
import { dirname } from "@std/path";
import { isAppError } from "../error.ts";
import type { DirEntry, FileInfo, FileLock, Files, ReadOptions } from "../port/host.ts";
import type { MemoryClock } from "./memory_clock.ts";
import { newMemoryLocks } from "./memory_locks.ts";
import { allocatedBytesOf, describeTree, type MemoryNode, newMemoryTree, sizeOf } from "./memory_tree.ts";
import { osFailure } from "./os_failure.ts";
import { joinBytes, toBytes } from "./to_bytes.ts";

/** The twin of the real {@linkcode Files}, with hands for tests. */
export interface MemoryFiles extends Files {
  /** Writes a file as some other program would: parents are made, an existing file is replaced. */
  put(path: string, data: Uint8Array | string, mode?: number): void;
  /** Makes a directory unless it is there; parents are made. */
  putDir(path: string, mode?: number): void;
  /** Makes a symbolic link at `path`; parents are made. */
  symlink(target: string, path: string): void;
  /** Gives a file another name; parents are made. */
  hardLink(existing: string, path: string): void;
  /** Makes a fifo at `path`; parents are made. */
  fifo(path: string): void;
  /** What lies at and below `prefix` is on this device from now on; the root is on device 1. */
  setDevice(prefix: string, device: number): void;
  /** So much is free on this device from now on; default: more than can be counted. */
  setFreeBytes(bytes: number, device?: number): void;
  /** Every path below `/` with its text; directories end in `/` and links show `-> target`. */
  snapshot(): Record<string, string>;
  /** Lets go of every lock, as the kernel does when their holder dies. */
  releaseLocks(): void;
}

/** A new empty tree whose files belong to `owner`. */
export function newMemoryFiles(clock: MemoryClock, owner: { uid: number; gid: number }): MemoryFiles {
  const tree = newMemoryTree(clock);
  const locks = newMemoryLocks<MemoryNode>(clock);
  const devices = new Map<string, number>([["/", 1]]);
  const free = new Map<number, number>();

  function deviceOf(path: string): number {
    let best = "/";
    for (const prefix of devices.keys()) {
      if ((path === prefix || path.startsWith(`${prefix}/`)) && prefix.length > best.length) best = prefix;
    }
    return devices.get(best) ?? 1;
  }

  function plant(path: string, node: MemoryNode): void {
    const action = `plant ${path}`;
    tree.makeDirectories(dirname(path), 0o755, action);
    tree.attach(tree.locate(path, action, node.kind === "file"), node);
  }

  async function read(path: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    await Promise.resolve();
    const action = `read ${path}`;
    const { node } = tree.existing(path, action, options.untrusted !== true);
    if (node.kind === "symlink") throw osFailure("ELOOP", action);
    if (node.kind === "directory") throw osFailure("EISDIR", action);
    if (node.kind === "other") throw osFailure("ENXIO", action);
    const offset = options.offset ?? 0;
    return node.data.slice(offset, offset + (options.maxBytes ?? node.data.length));
  }

  return {
    read,
    readText: async (path, options) => new TextDecoder().decode(await read(path, options)),

    info: async (path): Promise<FileInfo | null> => {
      await Promise.resolve();
      const place = tree.find(path, `read ${path}`);
      if (place === null) return null;
      const { kind, mode, inode, modifiedMs } = place.node;
      const device = deviceOf(place.path);
      const sizes = { sizeBytes: sizeOf(place.node), allocatedBytes: allocatedBytesOf(place.node) };
      return { kind, ...sizes, mode, ...owner, device, inode, modifiedMs };
    },

    exists: async (path) => {
      await Promise.resolve();
      try {
        tree.existing(path, `read ${path}`);
        return true;
      } catch (error) {
        if (!isAppError(error)) throw error;
        return false;
      }
    },

    list: async (path): Promise<DirEntry[]> => {
      await Promise.resolve();
      const { entries } = tree.directoryAt(path, `list ${path}`);
      return [...entries].map(([name, node]) => ({ name, kind: node.kind }))
        .sort((a, b) => a.name < b.name ? -1 : 1);
    },

    create: async (path, data, { mode }) => {
      await Promise.resolve();
      const place = tree.locate(path, `create ${path}`, false);
      if (place.node !== undefined) throw osFailure("EEXIST", `create ${path}`);
      tree.attach(place, tree.newFile(data, mode));
    },

    append: async (path, data, { mode }) => {
      await Promise.resolve();
      const action = `append to ${path}`;
      const place = tree.locate(path, action, true);
      if (place.node === undefined) return tree.attach(place, tree.newFile(data, mode));
      if (place.node.kind === "directory") throw osFailure("EISDIR", action);
      if (place.node.kind !== "file") throw osFailure("ENXIO", action);
      place.node.data = joinBytes(place.node.data, toBytes(data));
      tree.touch(place.node);
    },

    makeDir: async (path, { mode }) => {
      await Promise.resolve();
      const place = tree.locate(path, `make directory ${path}`, false);
      if (place.node !== undefined) throw osFailure("EEXIST", `make directory ${path}`);
      tree.attach(place, tree.newDirectory(mode));
    },

    ensureDir: async (path, { mode }) => {
      await Promise.resolve();
      tree.makeDirectories(path, mode, `make directory ${path}`);
    },

    rename: async (from, to) => {
      await Promise.resolve();
      const action = `rename ${from} to ${to}`;
      const source = tree.existing(from, action, false);
      const target = tree.locate(to, action, false);
      if (deviceOf(source.path) !== deviceOf(target.path)) throw osFailure("EXDEV", action);
      if (target.path.startsWith(`${source.path}/`)) throw osFailure("EINVAL", action);
      if (target.node === source.node) return;
      if (target.node?.kind === "directory") {
        if (source.node.kind !== "directory") throw osFailure("EISDIR", action);
        if (target.node.entries.size > 0) throw osFailure("ENOTEMPTY", action);
      } else if (target.node !== undefined && source.node.kind === "directory") {
        throw osFailure("ENOTDIR", action);
      }
      tree.detach(source);
      tree.attach(target, source.node);
    },

    removeFile: async (path) => {
      await Promise.resolve();
      const place = tree.find(path, `remove ${path}`);
      if (place === null) return false;
      if (place.node.kind === "directory") throw osFailure("EISDIR", `remove ${path}`);
      tree.detach(place);
      return true;
    },

    removeDir: async (path) => {
      await Promise.resolve();
      const place = tree.find(path, `remove ${path}`);
      if (place === null) return false;
      if (place.node.kind !== "directory") throw osFailure("ENOTDIR", `remove ${path}`);
      if (place.node.entries.size > 0) throw osFailure("ENOTEMPTY", `remove ${path}`);
      tree.detach(place);
      return true;
    },

    chmod: async (path, mode) => {
      await Promise.resolve();
      tree.existing(path, `set the mode of ${path}`).node.mode = mode;
    },

    syncDir: async (path) => {
      await Promise.resolve();
      tree.directoryAt(path, `sync ${path}`);
    },

    checkWritable: async (path) => {
      await Promise.resolve();
      tree.directoryAt(path, `write in ${path}`);
    },

    freeBytes: async (path) => {
      await Promise.resolve();
      const { path: place } = tree.existing(path, `look for free space at ${path}`);
      return free.get(deviceOf(place)) ?? Number.MAX_SAFE_INTEGER;
    },

    realPath: async (path) => {
      await Promise.resolve();
      return tree.existing(path, `resolve ${path}`).path;
    },

    lock: async (path, options): Promise<FileLock> => {
      const action = `lock ${path}`;
      tree.makeDirectories(dirname(path), 0o700, action);
      const place = tree.locate(path, action, true);
      if (place.node?.kind === "directory") throw osFailure("EISDIR", action);
      const node = place.node ?? tree.newFile("", 0o600);
      if (place.node === undefined) tree.attach(place, node);
      return await locks.take(node, path, options);
    },

    put: (path, data, mode = 0o644) => plant(path, tree.newFile(data, mode)),
    putDir: (path, mode = 0o755) => tree.makeDirectories(path, mode, `plant ${path}`),
    symlink: (target, path) => plant(path, tree.newSymlink(target)),
    hardLink: (existing, path) => plant(path, tree.existing(existing, `link ${existing}`, false).node),
    fifo: (path) => plant(path, tree.newOther()),
    setDevice: (prefix, device) => void devices.set(prefix, device),
    setFreeBytes: (bytes, device = 1) => void free.set(device, bytes),
    releaseLocks: () => locks.releaseAll(),
    snapshot: () => Object.fromEntries(describeTree(tree.root)),
  };
}
