/**
 * The tree behind the in-memory files: nodes, and the way from a path to them.
 *
 * @module
 */
import { isAppError } from "../error.ts";
import { invariant } from "../invariant.ts";
import type { Clock } from "../port/host.ts";
import { osFailure } from "./os_failure.ts";
import { toBytes } from "./to_bytes.ts";

interface Facts {
  mode: number;
  readonly inode: number;
  modifiedMs: number;
}
type FileNode = Facts & { readonly kind: "file"; data: Uint8Array<ArrayBuffer> };
type DirectoryNode = Facts & { readonly kind: "directory"; readonly entries: Map<string, MemoryNode> };
type SymlinkNode = Facts & { readonly kind: "symlink"; readonly target: string };
type OtherNode = Facts & { readonly kind: "other" };

/** Anything that a directory can hold. */
export type MemoryNode = FileNode | DirectoryNode | SymlinkNode | OtherNode;

/** Where a path leads: the directory that holds the name, and what is there. */
export interface Place {
  readonly parent: DirectoryNode;
  readonly name: string;
  readonly node: MemoryNode | undefined;
  /** Absolute, without links. */
  readonly path: string;
}

/** A place where there is something. */
export type TakenPlace = Place & { readonly node: MemoryNode };

/** A file tree. `action` is what is being tried, for the message of a failure. */
export interface MemoryTree {
  readonly root: DirectoryNode;
  /** The place of a path; `follow`: a link as its last part is followed. */
  locate(path: string, action: string, follow: boolean): Place;
  /** The place itself, for callers to whom a path through a file is simply absent. */
  find(path: string, action: string): TakenPlace | null;
  /** The place of something that must be there. */
  existing(path: string, action: string, follow?: boolean): TakenPlace;
  /** The directory that must be there. */
  directoryAt(path: string, action: string): DirectoryNode;
  newFile(data: Uint8Array | string, mode: number): FileNode;
  newDirectory(mode: number): DirectoryNode;
  newSymlink(target: string): SymlinkNode;
  newOther(): OtherNode;
  /** Puts a node at a place. */
  attach(place: Place, node: MemoryNode): void;
  /** Takes a node away from its place. */
  detach(place: Place): void;
  /** Makes what is missing of a directory and its parents. */
  makeDirectories(path: string, mode: number, action: string): void;
  /** Notes that a node was changed now. */
  touch(node: MemoryNode): void;
}

/** Linux follows this many links in one path. */
const LINKS_MAX = 40;
const DIRECTORY_SIZE_BYTES = 4096;
const BLOCK_BYTES = 4096;

/** A new tree, empty but for its root. */
export function newMemoryTree(clock: Clock & { peekMicros(): number }): MemoryTree {
  let inodes = 0;
  const nowMs = () => Math.floor(clock.peekMicros() / 1000);
  const facts = (mode: number): Facts => ({ mode, inode: ++inodes, modifiedMs: nowMs() });
  const newDirectory = (mode: number): DirectoryNode => ({
    kind: "directory",
    entries: new Map(),
    ...facts(mode),
  });
  const root = newDirectory(0o755);

  function locate(path: string, action: string, follow: boolean): Place {
    invariant(path.startsWith("/"), `paths are absolute, unlike ${path}`);
    let trail: { name: string; directory: DirectoryNode }[] = [{ name: "", directory: root }];
    const pending = segmentsOf(path);
    let links = 0;
    for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
      const { directory } = lastOf(trail);
      if (name === "..") {
        if (trail.length > 1) trail.pop();
        continue;
      }
      const node = directory.entries.get(name);
      const isLast = pending.length === 0;
      if (node?.kind === "symlink" && (follow || !isLast)) {
        if (++links > LINKS_MAX) throw osFailure("ELOOP", action);
        if (node.target.startsWith("/")) trail = trail.slice(0, 1);
        pending.unshift(...segmentsOf(node.target));
      } else if (isLast) {
        return { parent: directory, name, node, path: `${pathOf(trail)}/${name}` };
      } else if (node === undefined) {
        throw osFailure("ENOENT", action);
      } else if (node.kind !== "directory") {
        throw osFailure("ENOTDIR", action);
      } else {
        trail.push({ name, directory: node });
      }
    }
    const { name, directory } = lastOf(trail);
    const parent = (trail.at(-2) ?? lastOf(trail)).directory;
    return { parent, name, node: directory, path: pathOf(trail) || "/" };
  }

  function existing(path: string, action: string, follow = true): TakenPlace {
    const place = locate(path, action, follow);
    if (place.node === undefined) throw osFailure("ENOENT", action);
    return { ...place, node: place.node };
  }

  function attach(place: Place, node: MemoryNode): void {
    place.parent.entries.set(place.name, node);
    place.parent.modifiedMs = nowMs();
  }

  return {
    root,
    locate,
    existing,
    attach,
    newDirectory,
    newFile: (data, mode) => ({ kind: "file", data: toBytes(data), ...facts(mode) }),
    newSymlink: (target) => ({ kind: "symlink", target, ...facts(0o777) }),
    newOther: () => ({ kind: "other", ...facts(0o644) }),
    find: (path, action) => {
      try {
        return existing(path, action, false);
      } catch (error) {
        if (isAppError(error) && ["ENOENT", "ENOTDIR"].includes(String(error.details.errno))) return null;
        throw error;
      }
    },
    directoryAt: (path, action) => {
      const { node } = existing(path, action);
      if (node.kind !== "directory") throw osFailure("ENOTDIR", action);
      return node;
    },
    detach: (place) => {
      place.parent.entries.delete(place.name);
      place.parent.modifiedMs = nowMs();
    },
    makeDirectories: (path, mode, action) => {
      const names = segmentsOf(path);
      names.forEach((_, depth) => {
        const place = locate(`/${names.slice(0, depth + 1).join("/")}`, action, true);
        if (place.node === undefined) attach(place, newDirectory(mode));
        else if (place.node.kind !== "directory") {
          throw osFailure(depth === names.length - 1 ? "EEXIST" : "ENOTDIR", action);
        }
      });
    },
    touch: (node) => void (node.modifiedMs = nowMs()),
  };
}

/** A node's size as `lstat` gives it. */
export function sizeOf(node: MemoryNode): number {
  if (node.kind === "file") return node.data.length;
  if (node.kind === "symlink") return toBytes(node.target).length;
  return node.kind === "directory" ? DIRECTORY_SIZE_BYTES : 0;
}

/** What a node takes on the disk: whole blocks; links fit into their inode. */
export function allocatedBytesOf(node: MemoryNode): number {
  return node.kind === "symlink" ? 0 : Math.ceil(sizeOf(node) / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Every path below a directory with its text; directories end in `/` and links show `-> target`. */
export function describeTree(directory: DirectoryNode, prefix = ""): [path: string, text: string][] {
  const entries = [...directory.entries].sort(([a], [b]) => a < b ? -1 : 1);
  return entries.flatMap(([name, node]): [string, string][] => {
    const path = `${prefix}/${name}`;
    if (node.kind === "directory") return [[`${path}/`, ""], ...describeTree(node, path)];
    if (node.kind === "symlink") return [[path, `-> ${node.target}`]];
    return [[path, node.kind === "file" ? new TextDecoder().decode(node.data) : ""]];
  });
}

function pathOf(trail: readonly { name: string }[]): string {
  return trail.map((step) => step.name).join("/");
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "" && segment !== ".");
}

function lastOf<Item>(items: readonly Item[]): Item {
  const item = items.at(-1);
  invariant(item !== undefined, "a trail starts at the root");
  return item;
}
