/**
 * A tree of files in memory, whose names and contents change apart from each other, as they do on a disk.
 *
 * @module
 */
import { join } from "@std/path";

/** What a name stands for. Names are numbers of other inodes. */
export type Inode =
  | { readonly kind: "directory"; mode: number; readonly names: Map<string, number> }
  | { readonly kind: "file"; mode: number; bytes: Uint8Array<ArrayBuffer>; modified: Date | null }
  | { readonly kind: "symlink"; readonly target: string };

/** One change that is there whole or not at all. */
export type Change =
  /** A name is taken away, given, or both: a rename. */
  | {
    readonly kind: "names";
    readonly removed: Name | null;
    readonly given: (Name & { inode: number }) | null;
  }
  | { readonly kind: "data"; readonly file: number; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "size"; readonly file: number; readonly size: number };

/** A name in a directory. */
export interface Name {
  readonly directory: number;
  readonly name: string;
}

const TOP = 0;
const PERMISSION_BITS = 0o7777;

/** The tree. Its top is inode 0. */
export class StorageTree {
  readonly inodes: Inode[];

  /** @param inodes the top first; an empty directory by default */
  constructor(inodes: Inode[] = [{ kind: "directory", mode: 0o700, names: new Map() }]) {
    this.inodes = inodes;
  }

  /** Another tree with the same inodes. */
  copy(): StorageTree {
    return new StorageTree(
      this.inodes.map((inode) =>
        inode.kind === "directory" ? { ...inode, names: new Map(inode.names) } : { ...inode }
      ),
    );
  }

  /** Adds an inode that has no name yet. */
  add(inode: Inode): number {
    return this.inodes.push(inode) - 1;
  }

  /** The inode at a path below the top (`a/b`; empty for the top); null when there is none. */
  find(path: string): number | null {
    let at = TOP;
    for (const name of path.split("/").filter((part) => part !== "")) {
      const next = this.#names(at)?.get(name);
      if (next === undefined) return null;
      at = next;
    }
    return at;
  }

  /** The names in a directory; null when it is none. */
  #names(directory: number): Map<string, number> | null {
    const inode = this.inodes[directory];
    return inode?.kind === "directory" ? inode.names : null;
  }

  /** Makes a change. */
  apply(change: Change): void {
    if (change.kind === "names") return this.#rename(change);
    const inode = this.inodes[change.file];
    if (inode?.kind !== "file") return;
    const size = change.kind === "size"
      ? change.size
      : Math.max(inode.bytes.length, change.offset + change.bytes.length);
    if (size !== inode.bytes.length || change.kind === "data") {
      const bytes = new Uint8Array(size);
      bytes.set(inode.bytes.subarray(0, size));
      if (change.kind === "data") bytes.set(change.bytes, change.offset);
      inode.bytes = bytes;
      inode.modified = null;
    }
  }

  #rename({ removed, given }: Change & { kind: "names" }): void {
    if (removed !== null) {
      const names = this.#names(removed.directory);
      // An earlier change may have been lost: what the name stands for now is then something else.
      if (given === null || names?.get(removed.name) === given.inode) names?.delete(removed.name);
    }
    if (given === null) return;
    // A directory has one place, also when the change that had led to the last one was lost.
    if (this.inodes[given.inode]?.kind === "directory") this.#takeAway(given.inode);
    this.#names(given.directory)?.set(given.name, given.inode);
  }

  #takeAway(inode: number): void {
    for (const { names } of this.inodes.filter((each) => each.kind === "directory")) {
      for (const [name, named] of names) if (named === inode) names.delete(name);
    }
  }

  /** Each path below the top, with its inode. */
  *entries(directory = TOP, above = ""): Generator<readonly [path: string, inode: Inode]> {
    for (const [name, at] of this.#names(directory) ?? []) {
      const inode = this.inodes[at];
      if (inode === undefined) continue;
      const path = `${above}${name}`;
      yield [path, inode];
      if (inode.kind === "directory") yield* this.entries(at, `${path}/`);
    }
  }
}

/** Reads a directory. */
export async function readTree(dir: string): Promise<StorageTree> {
  const tree = new StorageTree();
  await readInto(tree, TOP, dir);
  return tree;
}

/** Reads one file, link or directory that is to be known to the tree under no name yet. */
export async function readInode(tree: StorageTree, path: string): Promise<number> {
  const { isDirectory, isSymlink, mode, mtime } = await Deno.lstat(path);
  if (isSymlink) return tree.add({ kind: "symlink", target: await Deno.readLink(path) });
  const permissions = (mode ?? 0) & PERMISSION_BITS;
  if (!isDirectory) {
    return tree.add({ kind: "file", mode: permissions, bytes: await Deno.readFile(path), modified: mtime });
  }
  const inode = tree.add({ kind: "directory", mode: permissions, names: new Map() });
  await readInto(tree, inode, path);
  return inode;
}

async function readInto(tree: StorageTree, directory: number, path: string): Promise<void> {
  const inode = tree.inodes[directory];
  if (inode?.kind !== "directory") return;
  for await (const { name } of Deno.readDir(path)) {
    inode.names.set(name, await readInode(tree, join(path, name)));
  }
}

/** Makes a directory what the tree says, in place of what is there. */
export async function writeTree(tree: StorageTree, dir: string): Promise<void> {
  await Deno.remove(dir, { recursive: true });
  await Deno.mkdir(dir, { mode: 0o700 });
  for (const [path, inode] of tree.entries()) {
    const file = join(dir, path);
    if (inode.kind === "symlink") await Deno.symlink(inode.target, file);
    else {
      if (inode.kind === "directory") await Deno.mkdir(file);
      else await Deno.writeFile(file, inode.bytes);
      await Deno.chmod(file, inode.mode);
      if (inode.kind === "file" && inode.modified !== null) {
        await Deno.utime(file, inode.modified, inode.modified);
      }
    }
  }
}

/** Paths at which two trees differ in kind or content; contents are not compared where `worthless` says so. */
export function differences(
  one: StorageTree,
  two: StorageTree,
  worthless: RegExp,
): string[] {
  const [left, right] = [new Map(one.entries()), new Map(two.entries())];
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths].filter((path) => !isSame(left.get(path), right.get(path), worthless.test(path)));
}

function isSame(one: Inode | undefined, two: Inode | undefined, isWorthless: boolean): boolean {
  if (one?.kind !== two?.kind) return false;
  if (one?.kind === "symlink" && two?.kind === "symlink") return one.target === two.target;
  if (one?.kind !== "file" || two?.kind !== "file" || isWorthless) return true;
  const [a, b] = [one.bytes, two.bytes];
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
