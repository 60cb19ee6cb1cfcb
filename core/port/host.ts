/**
 * The machine, as carrel sees it: clock, randomness, environment, files, processes, system facts.
 *
 * Adapters live in `core/host`: the real one and an in-memory twin that obeys the same suite
 * (`tests/contract/host_suite.ts`). Functions take a `Pick` of what they use. Every failure is an
 * `AppError`; OS errors are translated once, in the adapter, with operation and path in the message.
 *
 * @module
 */

/** Time. Wall time is in microseconds since the Unix epoch, an integer (exact until the year 2255). */
export interface Clock {
  /** Wall time, microseconds since the epoch. */
  nowMicros(): number;
  /** Monotonic milliseconds from an arbitrary origin, for measuring spans. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Cryptographic randomness. */
export interface Random {
  /** So many random bytes. */
  bytes(count: number): Uint8Array<ArrayBuffer>;
}

/** Environment variables of this process. */
export interface Env {
  /** The value of one variable. */
  get(name: string): string | undefined;
  /** Every variable. */
  all(): Record<string, string>;
}

/** What a directory entry is. `other` covers fifos, sockets and devices. */
export type FileKind = "file" | "directory" | "symlink" | "other";

/** Facts of one file, from `lstat`. */
export interface FileInfo {
  /** What it is. */
  readonly kind: FileKind;
  /** Apparent size. */
  readonly sizeBytes: number;
  /** What it takes on its file system: less than its size when it is sparse. */
  readonly allocatedBytes: number;
  /** Permission bits only, e.g. 0o600. */
  readonly mode: number;
  /** Owner. */
  readonly uid: number;
  /** Group of the owner. */
  readonly gid: number;
  /** The file system that it is on. */
  readonly device: number;
  /** Its number there. */
  readonly inode: number;
  /** Last change of its content, milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** One name in a directory. */
export interface DirEntry {
  /** Without the directory. */
  readonly name: string;
  /** What it is. */
  readonly kind: FileKind;
}

/** A held file lock; releasing twice is harmless. */
export interface FileLock extends AsyncDisposable {
  /** Lets go of the lock. */
  release(): Promise<void>;
}

/** Options of {@linkcode Files.lock}. */
export interface FileLockOptions {
  /** How long to wait; 0 tries once. */
  readonly timeoutMs: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** Holders of shared locks suffer each other, and nobody else. Default: alone. */
  readonly shared?: boolean;
}

/** Options of {@linkcode Files.read}. */
export interface ReadOptions {
  /** Read at most this many bytes (from `offset`). Default: the whole file. */
  readonly maxBytes?: number;
  /** Start here. Default 0. */
  readonly offset?: number;
  /**
   * The file lies where a task can write: refuse symlinks (O_NOFOLLOW) and anything but a regular
   * file. Fails with `permission_denied`.
   */
  readonly untrusted?: boolean;
}

/**
 * Files and directories. Paths are absolute. Failures: `file_not_found`, `file_exists`,
 * `permission_denied` (also: wrong kind of file), `cross_device`, `disk_full`, `storage_failed`.
 */
export interface Files {
  /** Reads bytes. Never waits for a fifo: it is `permission_denied`, as a directory is. */
  read(path: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads UTF-8 text; invalid sequences become U+FFFD. */
  readText(path: string, options?: ReadOptions): Promise<string>;
  /** Facts of the path itself (links are not followed), or null when it is absent. */
  info(path: string): Promise<FileInfo | null>;
  /**
   * Whether the path leads to something that this user can reach (links are followed): for what is mostly absent,
   * as `info` takes many times longer to say so, and where it does not matter why it is out of reach.
   */
  exists(path: string): Promise<boolean>;
  /** Names in a directory, sorted by code unit. */
  list(path: string): Promise<DirEntry[]>;
  /** Creates a new file (never replaces, never follows a link), writes it whole and fsyncs it. */
  create(path: string, data: Uint8Array | string, options: { mode: number }): Promise<void>;
  /** Appends to a file, creating it with `mode` if absent. Not fsynced. Nor does this wait for a fifo. */
  append(path: string, data: Uint8Array | string, options: { mode: number }): Promise<void>;
  /** Makes one directory; `file_exists` when the path is taken. The mode is exact, whatever the umask. */
  makeDir(path: string, options: { mode: number }): Promise<void>;
  /** Makes the directory and its missing parents with `mode`, for good; success if it is there already. */
  ensureDir(path: string, options: { mode: number }): Promise<void>;
  /** Renames, replacing an existing file. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or link; false when it was absent. */
  removeFile(path: string): Promise<boolean>;
  /** Removes an empty directory; false when it was absent. */
  removeDir(path: string): Promise<boolean>;
  /** Sets the permission bits of a file or directory (links are followed). */
  chmod(path: string, mode: number): Promise<void>;
  /** Makes the entries of a directory durable. */
  syncDir(path: string): Promise<void>;
  /**
   * Fails with `permission_denied` when this user cannot make files in the directory. It makes none; where the file
   * system cannot tell without, they are taken to be possible.
   */
  checkWritable(path: string): Promise<void>;
  /** How many bytes an unprivileged user can still write to the file system that the path is on. */
  freeBytes(path: string): Promise<number>;
  /** The path with every link resolved. */
  realPath(path: string): Promise<string>;
  /**
   * Takes an advisory lock (flock) on the file, creating it 0600 (and its directory 0700) when absent.
   * Locks of one process exclude each other too. Fails with `lock_timeout`.
   */
  lock(path: string, options: FileLockOptions): Promise<FileLock>;
}

/** What to run. The program is looked up on PATH of the given environment. */
export interface CommandSpec {
  /** Program and arguments; no shell reads them. */
  readonly argv: readonly [string, ...string[]];
  /** Working directory; default: this process's own. */
  readonly cwd?: string;
  /** Variables added to (or, with `clearEnv`, instead of) this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Start from no variables. */
  readonly clearEnv?: boolean;
}

/** How a process ended: an exit code, or the name of the signal that ended it. */
export interface ExitStatus {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Such as `SIGTERM`; null when it exited by itself. */
  readonly signal: string | null;
}

/** A finished command with its output. */
export interface CommandResult extends ExitStatus {
  /** All that it wrote to stdout. */
  readonly stdout: Uint8Array<ArrayBuffer>;
  /** All that it wrote to stderr. */
  readonly stderr: Uint8Array<ArrayBuffer>;
  /** True when it was ended because `timeoutMs` had passed. */
  readonly timedOut: boolean;
}

/** A running child whose output is read as it comes. */
export interface Child {
  /** The id of its process. */
  readonly pid: number;
  /** What it writes to stdout. */
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** What it writes to stderr. */
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Resolves once its input is on the way to it for good, or it does not read it. */
  readonly fed: Promise<void>;
  /** How it ended, once it has. */
  readonly status: Promise<ExitStatus>;
  /** Sends a signal; does nothing when the child is gone. */
  kill(signal: ProcessSignal): void;
}

/** What a child reads: nothing, what this program itself reads, or these bytes, now or later. */
export type ChildInput = "null" | "inherit" | Uint8Array | Promise<Uint8Array>;

/** A child on this process's own terminal. */
export type AttachedChild = Pick<Child, "pid" | "kill">;

/** Signals carrel sends. */
export type ProcessSignal = "SIGTERM" | "SIGKILL" | "SIGINT" | "SIGHUP";

/** Tells two processes apart even when the pid was reused: Linux start time in clock ticks since boot. */
export interface ProcessIdentity {
  /** The id of the process, which can be given away again after its end. */
  readonly pid: number;
  /** When it started. */
  readonly startTicks: number;
}

/**
 * Processes. Children that are not on this program's terminal get a session of their own: Ctrl-C there
 * ends carrel, never an engine in the middle of a call. A program that is not on PATH fails with
 * `command_failed` and `details.missing: true`.
 */
export interface Processes {
  /**
   * Runs to the end and collects output. After `timeoutMs` or an abort: SIGTERM, 2 s later SIGKILL.
   * An abort then rejects with the signal's reason.
   */
  run(
    spec: CommandSpec & {
      readonly stdin?: Uint8Array | string;
      readonly timeoutMs?: number;
      readonly signal?: AbortSignal;
    },
  ): Promise<CommandResult>;
  /**
   * Starts a child with piped stdout and stderr. `stdin`: nothing (default), inherited, these bytes, or bytes that
   * come later: until then the child waits for its input, which is over when the promise rejects or this program ends.
   */
  spawn(spec: CommandSpec & { readonly stdin?: ChildInput }): Child;
  /**
   * Runs a child on this process's own terminal (stdin, stdout and stderr inherited). `onStart` is called once it
   * has started, and not at all when it cannot be.
   */
  attach(spec: CommandSpec, onStart?: (child: AttachedChild) => void): Promise<ExitStatus>;
  /** Starts a process in a session of its own that outlives this one; its streams are /dev/null. */
  detach(spec: CommandSpec): Promise<ProcessIdentity>;
  /** The identity of a living process; null when there is none (zombies count as gone). */
  identify(pid: number): Promise<ProcessIdentity | null>;
  /** Signals a process, or a process group when `pid` is negative; false when it is gone. */
  kill(pid: number, signal: ProcessSignal): boolean;
}

/** Loopback ports of this machine; carrel opens no other connection. */
export interface Network {
  /** Whether nothing listens on this TCP port of 127.0.0.1. */
  portIsFree(port: number): Promise<boolean>;
  /** Whether something accepts a connection on this TCP port of 127.0.0.1 within the time. */
  portAnswers(port: number, timeoutMs: number): Promise<boolean>;
}

/** Facts that do not change while the program runs. */
export interface System {
  /** The user that this process runs as. */
  readonly uid: number;
  /** The group that this process runs as. */
  readonly gid: number;
  /** The machine's name. */
  readonly hostname: string;
  /** The user's home directory. */
  readonly homeDir: string;
  /** The directory that this process was started in. */
  readonly cwd: string;
  /** The id of this process. */
  readonly pid: number;
  /** The name of the user that this process runs as; the number where it has none. */
  readonly user: string;
  /** Whether files lie where other programs can open them too; false for a machine in memory. */
  readonly hasDisk: boolean;
  /** Argv that starts this very program again, without arguments; used by supervisors. */
  readonly selfArgv: readonly [string, ...string[]];
  /** Identifies this boot of the machine. */
  bootId(): Promise<string>;
  /** Identifies the PID namespace of this process: only within it does a pid mean the same process. */
  pidNamespace(): Promise<string>;
}

/** All of it. */
export interface Host {
  /** Time. */
  readonly clock: Clock;
  /** Randomness. */
  readonly random: Random;
  /** Environment variables. */
  readonly env: Env;
  /** Files and directories. */
  readonly files: Files;
  /** Other programs. */
  readonly processes: Processes;
  /** Loopback ports. */
  readonly network: Network;
  /** Facts of the machine. */
  readonly system: System;
}
