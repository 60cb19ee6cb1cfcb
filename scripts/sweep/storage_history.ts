/**
 * What a program has changed on its disk, and when each change was made durable.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { bytesOf, openedPath, type StorageCall, textOf } from "./parse_storage_trace.ts";
import { normalisePath } from "./points.ts";
import type { Change, Inode, Name, StorageTree } from "./storage_tree.ts";

/** One thing that has happened, in order. */
export interface Event {
  /** `SYSCALL PATH`, the same in every run. */
  readonly label: string;
  /** None for a call that only makes earlier changes durable, or only says something. */
  readonly change: Change | null;
  /** The event from whose end on the change is durable; `Infinity` when nothing has made it so. */
  readonly durableAt: number;
}

/** A run. */
export interface StorageHistory {
  /** The tree before; it also has the inodes that the run has made, without names. */
  readonly before: StorageTree;
  /** The tree after, if nothing is lost. */
  readonly after: StorageTree;
  readonly events: readonly Event[];
  /** The event that was the last word of the answer; `Infinity` when nothing was said. */
  readonly answeredAt: number;
}

/** Where it has happened. */
export interface HistoryPlace {
  /** The top of the tree, absolute. */
  readonly dir: string;
  /** Files whose contents nobody relies on: writes to them are left out. */
  readonly worthless: RegExp;
}

/** Calls that the history is made from. One that is missing here leaves a tree that the others do not explain. */
export const STORAGE_CALLS = [
  ...["open", "openat", "write", "pwrite64", "lseek", "ftruncate", "copy_file_range"],
  ...["fsync", "fdatasync", "sync", "syncfs", "chmod", "fchmod", "fchmodat"],
  ...["rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"],
  ...["unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "chdir", "fchdir", "clone", "clone3"],
] as const;

const UMASK = 0o022;
const HERE = "AT_FDCWD";

/** What strace has seen, as a history. Inodes that are made are added to `before`. */
export function readHistory(
  calls: readonly StorageCall[],
  before: StorageTree,
  place: HistoryPlace,
): StorageHistory {
  const reader = new HistoryReader(before, place, threadsOf(calls));
  for (const call of calls) reader.read(call);
  return reader.history();
}

/** The threads of the program itself. */
function threadsOf(calls: readonly StorageCall[]): ReadonlySet<number> {
  const [first] = calls;
  const threads = new Set(first === undefined ? [] : [first.tid]);
  for (const { syscall, args, tid, value } of calls) {
    const isThread = syscall.startsWith("clone") && args.some((arg) => arg.includes("CLONE_THREAD"));
    if (isThread && threads.has(tid)) threads.add(value);
  }
  return threads;
}

interface Draft {
  readonly label: string;
  readonly change: Change | null;
  durableAt: number;
  /** So many calls had ended when this one had: a flush that has begun by then covers it. */
  readonly endedAs: number;
}

class HistoryReader {
  readonly #before: StorageTree;
  readonly #now: StorageTree;
  readonly #place: HistoryPlace;
  readonly #threads: ReadonlySet<number>;
  readonly #events: Draft[] = [];
  readonly #directories = new Map<number, string>();
  /** Where each opened file is written next; `null` stands for its end. */
  readonly #positions = new Map<number, number | null>();
  #ended = 0;
  #answeredAt = Infinity;

  constructor(before: StorageTree, place: HistoryPlace, threads: ReadonlySet<number>) {
    this.#before = before;
    this.#now = before.copy();
    this.#place = place;
    this.#threads = threads;
  }

  history(): StorageHistory {
    const events = this.#events.map(({ label, change, durableAt }) => ({ label, change, durableAt }));
    return { before: this.#before, after: this.#now, events, answeredAt: this.#answeredAt };
  }

  read(call: StorageCall): void {
    this.#ended++;
    const { syscall, args, tid, value } = call;
    const [one, two, three, four] = args;
    switch (syscall) {
      case "chdir":
        return this.#enter(tid, this.#absolute(tid, one));
      case "fchdir":
        return this.#enter(tid, openedPath(one));
      case "open":
        return this.#open(syscall, this.#absolute(tid, one), two, three);
      case "openat":
        return this.#open(syscall, this.#at(tid, one, two), three, four);
      case "lseek":
        return this.#seek(openedPath(one), value);
      case "write":
        return this.#write(call, one, bytesOf(two).subarray(0, value), undefined);
      case "pwrite64":
        return this.#write(call, one, bytesOf(two).subarray(0, value), Number(four));
      case "copy_file_range":
        return this.#copy(syscall, openedPath(one), openedPath(three), value);
      case "ftruncate":
        return this.#resize(syscall, openedPath(one), Number(two));
      case "fsync":
      case "fdatasync":
        return this.#flush(call, openedPath(one));
      case "sync":
      case "syncfs":
        return this.#flushed(call, syscall, () => true);
      case "mkdir":
        return this.#make(syscall, this.#absolute(tid, one), newDirectory(two));
      case "mkdirat":
        return this.#make(syscall, this.#at(tid, one, two), newDirectory(three));
      case "symlink":
        return this.#make(syscall, this.#absolute(tid, two), { kind: "symlink", target: textOf(one) });
      case "symlinkat":
        return this.#make(syscall, this.#at(tid, two, three), { kind: "symlink", target: textOf(one) });
      case "link":
        return this.#link(syscall, this.#absolute(tid, one), this.#absolute(tid, two));
      case "linkat":
        return this.#link(syscall, this.#at(tid, one, two), this.#at(tid, three, four));
      case "rename":
        return this.#move(syscall, this.#absolute(tid, one), this.#absolute(tid, two));
      case "renameat":
      case "renameat2":
        return this.#move(syscall, this.#at(tid, one, two), this.#at(tid, three, four));
      case "unlink":
      case "rmdir":
        return this.#remove(syscall, this.#absolute(tid, one));
      case "unlinkat":
        return this.#remove(syscall, this.#at(tid, one, two));
      case "chmod":
        return this.#permit(this.#absolute(tid, one), two);
      case "fchmod":
        return this.#permit(openedPath(one), two);
      case "fchmodat":
        return this.#permit(this.#at(tid, one, two), three);
    }
  }

  #enter(tid: number, path: string | null): void {
    if (path !== null) this.#directories.set(tid, path);
  }

  #absolute(tid: number, arg?: string): string {
    return resolve(this.#directories.get(tid) ?? this.#place.dir, textOf(arg));
  }

  /** A path relative to an opened directory; what that is when the path is empty. */
  #at(tid: number, directory = "", arg?: string): string {
    const above = openedPath(directory) ?? this.#place.dir;
    // A loader opens files as soon as a program is started, and so tells where it is.
    if (directory.startsWith(HERE)) this.#directories.set(tid, above);
    return resolve(above, textOf(arg));
  }

  #open(syscall: string, path: string, flags = "", mode = "0"): void {
    const known = this.#inode(path);
    if (known === null && flags.includes("O_CREAT")) {
      this.#make(syscall, path, {
        kind: "file",
        mode: Number.parseInt(mode, 8) & ~UMASK,
        bytes: new Uint8Array(),
        modified: null,
      });
    } else if (flags.includes("O_TRUNC")) this.#resize(syscall, path, 0);
    const file = this.#inode(path);
    if (file !== null) this.#positions.set(file, flags.includes("O_APPEND") ? null : 0);
  }

  #seek(path: string | null, position: number): void {
    const file = this.#inode(path);
    if (file !== null && this.#positions.get(file) !== null) this.#positions.set(file, position);
  }

  #write(call: StorageCall, to: string | undefined, bytes: Uint8Array, at: number | undefined): void {
    if (to?.startsWith("1<") === true && this.#threads.has(call.tid)) {
      this.#answeredAt = this.#events.length;
      this.#happened({ label: `${call.syscall} stdout`, change: null });
      return;
    }
    const path = openedPath(to);
    const file = this.#inode(path);
    const inode = file === null ? undefined : this.#now.inodes[file];
    if (file === null || inode?.kind !== "file" || this.#place.worthless.test(path ?? "")) return;
    const position = this.#positions.get(file) ?? null;
    const offset = at ?? position ?? inode.bytes.length;
    this.#changed(call.syscall, path, { kind: "data", file, offset, bytes });
    if (at === undefined && position !== null) this.#positions.set(file, offset + bytes.length);
  }

  /** A whole file is copied to the same positions, in one call or more. */
  #copy(syscall: string, from: string | null, to: string | null, count: number): void {
    const [source, file] = [this.#inode(from), this.#inode(to)];
    const inode = source === null ? undefined : this.#now.inodes[source];
    if (file === null || inode?.kind !== "file" || count === 0) return;
    const offset = this.#positions.get(file) ?? 0;
    const bytes = inode.bytes.slice(offset, offset + count);
    this.#changed(syscall, to, { kind: "data", file, offset, bytes });
    this.#positions.set(file, offset + count);
  }

  #resize(syscall: string, path: string | null, size: number): void {
    const file = this.#inode(path);
    if (file === null || this.#place.worthless.test(path ?? "")) return;
    this.#changed(syscall, path, { kind: "size", file, size });
  }

  #make(syscall: string, path: string, inode: Inode): void {
    const name = this.#name(path);
    if (name === null) return;
    this.#before.add(inode.kind === "directory" ? { ...inode, names: new Map() } : { ...inode });
    const made = this.#now.add(inode);
    this.#changed(syscall, path, { kind: "names", removed: null, given: { ...name, inode: made } });
  }

  #link(syscall: string, from: string, to: string): void {
    const [inode, name] = [this.#inode(from), this.#name(to)];
    if (inode === null || name === null) return;
    this.#changed(syscall, to, { kind: "names", removed: null, given: { ...name, inode } });
  }

  #move(syscall: string, from: string, to: string): void {
    const [inode, removed, name] = [this.#inode(from), this.#name(from), this.#name(to)];
    if (inode === null || name === null) return;
    const given = { ...name, inode };
    this.#changed(syscall, to, { kind: "names", removed, given }, from);
  }

  #remove(syscall: string, path: string): void {
    const removed = this.#name(path);
    if (removed !== null) this.#changed(syscall, path, { kind: "names", removed, given: null });
  }

  /** Modes are taken to be durable at once: no promise is about them. */
  #permit(path: string | null, mode = "0"): void {
    const at = this.#inode(path);
    if (at === null) return;
    for (const { inodes } of [this.#before, this.#now]) {
      const inode = inodes[at];
      if (inode !== undefined && inode.kind !== "symlink") inode.mode = Number.parseInt(mode, 8);
    }
  }

  #flush(call: StorageCall, path: string | null): void {
    const flushed = this.#inode(path);
    if (flushed === null) return;
    this.#flushed(call, `${call.syscall} ${this.#word(path)}`, (change) => holderOf(change) === flushed);
  }

  #flushed({ begun }: StorageCall, label: string, isCovered: (change: Change) => boolean): void {
    const at = this.#events.length;
    for (const event of this.#events) {
      if (event.durableAt < at || event.endedAs > begun || event.change === null) continue;
      if (isCovered(event.change)) event.durableAt = at;
    }
    this.#happened({ label, change: null });
  }

  #changed(syscall: string, path: string | null, change: Change, from: string | null = null): void {
    this.#now.apply(change);
    const words = [from, path].filter((each) => each !== null).map((each) => this.#word(each));
    this.#happened({ label: [syscall, ...words].join(" "), change });
  }

  #happened({ label, change }: { readonly label: string; readonly change: Change | null }): void {
    this.#events.push({ label, change, durableAt: Infinity, endedAs: this.#ended });
  }

  #word(path: string | null): string {
    return normalisePath(path === null ? "" : this.#below(path) ?? path);
  }

  #below(path: string): string | null {
    const below = relative(this.#place.dir, path);
    return below === ".." || below.startsWith("../") ? null : below;
  }

  #inode(path: string | null): number | null {
    const below = path === null ? null : this.#below(path);
    return below === null ? null : this.#now.find(below);
  }

  #name(path: string): Name | null {
    const below = this.#below(path);
    if (below === null || below === "") return null;
    const cut = below.lastIndexOf("/");
    const directory = this.#now.find(below.slice(0, Math.max(cut, 0)));
    return directory === null ? null : { directory, name: below.slice(cut + 1) };
  }
}

/** Whose flush makes a change durable: the file's, or the directory's that has the (new) name. */
function holderOf(change: Change): number | undefined {
  if (change.kind !== "names") return change.file;
  return (change.given ?? change.removed)?.directory;
}

function newDirectory(mode = "0"): Inode {
  return { kind: "directory", mode: Number.parseInt(mode, 8) & ~UMASK, names: new Map() };
}

function resolve(above: string, path: string): string {
  return path.startsWith("/") ? path : join(above, path);
}
