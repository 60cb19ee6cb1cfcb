/**
 * Where a command can be killed or hit by an error: its system calls, told apart from run to run.
 *
 * @module
 */
import type { TracedCall } from "./parse_trace.ts";

/** One place in a command's run. */
export interface Point {
  /** `SYSCALL PATH #OCCURRENCE`, the same in every run of the command. */
  readonly key: string;
  readonly syscall: string;
  /** Where strace finds it: the n-th call of that name by one thread. */
  readonly ordinal: number;
}

/** A failure of one call. */
export interface ErrorPoint extends Point {
  readonly errno: Errno;
}

/** What the sweep makes calls fail with. */
export type Errno = "ENOSPC" | "EIO" | "EMFILE";

/** Calls that write, make, rename, remove or sync. */
export const WRITING_CALLS = [
  ...["write", "pwrite64", "writev", "ftruncate", "fallocate", "fsync", "fdatasync"],
  ...["rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"],
  ...["unlink", "unlinkat", "rmdir", "mkdir", "mkdirat"],
] as const;

/**
 * Calls that start a program (or a thread, which is no point). `pidfd_open` comes when it runs: who is killed there
 * leaves it at work.
 */
export const SPAWNING_CALLS = ["clone", "clone3", "fork", "vfork", "pidfd_open"] as const;

/** Calls that open files. */
export const OPENING_CALLS = ["open", "openat"] as const;

const OUTPUTS: readonly string[] = ["stdout", "stderr"];

/** Which calls count, and how their paths are written. */
export interface PointRules {
  /** Where carrel's own files are, by what the beginning of their paths is written as. */
  readonly places: Readonly<Record<string, string>>;
}

/**
 * Every point at which a kill leaves another state behind: on carrel's own files, its output, its children.
 *
 * @example
 * ```ts
 * import { parseTrace } from "./parse_trace.ts";
 * import { killPoints } from "./points.ts";
 * import { assertEquals } from "@std/assert";
 * const calls = parseTrace('7  mkdir("/r/a", 0700) = 0\n7  fsync(5</r/a>) = 0\n7  fsync(6</proc/1>) = 0\n');
 * assertEquals(killPoints(calls, { places: { root: "/r" } }).map(({ key }) => key), [
 *   "mkdir root/a #1",
 *   "fsync root/a #1",
 * ]);
 * ```
 */
export function killPoints(calls: readonly TracedCall[], rules: PointRules): Point[] {
  return identify(calls, rules)
    .filter((point): point is Found => point !== null && !isOneOf(OPENING_CALLS, point.syscall));
}

/** At this point a program is about to be started, or begins to run. */
export function isSpawn({ syscall }: Pick<Point, "syscall">): boolean {
  return isOneOf(SPAWNING_CALLS, syscall);
}

/** Every call on carrel's own files with every error that it can meet there. */
export function errorPoints(calls: readonly TracedCall[], rules: PointRules): ErrorPoint[] {
  return identify(calls, rules).flatMap((point) => {
    if (point === null || point.kind !== "file") return [];
    return errnosOf(point.call).map((errno): ErrorPoint => ({
      key: `${point.key} ${errno}`,
      syscall: point.syscall,
      ordinal: point.ordinal,
      errno,
    }));
  });
}

/** The point that a kill at the n-th call of some thread has struck; null when the run had no such call. */
export function struckByKill(
  calls: readonly TracedCall[],
  rules: PointRules,
  { syscall, ordinal }: Point,
): string | null {
  const at = calls.findIndex((call) => call.syscall === syscall && call.ordinal === ordinal);
  return at < 0 ? null : identify(calls, rules)[at]?.key ?? null;
}

/**
 * The point that was made to fail; null when none was, or when another thread's call failed as well that was none
 * on carrel's own files: each thread counts for itself, and the runtime's own descriptors are left out.
 */
export function struckByError(
  calls: readonly TracedCall[],
  rules: PointRules,
  { errno }: Pick<ErrorPoint, "errno">,
): string | null {
  const struck = identify(calls, rules).filter((_, at) => calls[at]?.isInjected === true);
  const [first] = struck;
  const isOwn = struck.every((point) => point?.kind === "file");
  return isOwn && first != null ? `${first.key} ${errno}` : null;
}

interface Found extends Point {
  readonly kind: "file" | "output" | "spawn";
  readonly call: TracedCall;
}

/** For each call its point, or null. */
function identify(calls: readonly TracedCall[], { places }: PointRules): (Found | null)[] {
  const occurrences = new Map<string, number>();
  return calls.map((call) => {
    const kind = kindOf(call, places);
    if (kind === null) return null;
    const { syscall, ordinal } = call;
    const where = kind === "spawn"
      ? "a program"
      : call.paths.map((path) => normalisePath(shorten(path, places))).join(" ");
    const name = `${syscall} ${where}`;
    const occurrence = (occurrences.get(name) ?? 0) + 1;
    occurrences.set(name, occurrence);
    return { key: `${name} #${occurrence}`, syscall, ordinal, kind, call };
  });
}

function kindOf({ syscall, paths, args }: TracedCall, places: PointRules["places"]): Found["kind"] | null {
  if (isOneOf(SPAWNING_CALLS, syscall)) return args.includes("CLONE_THREAD") ? null : "spawn";
  const [path = ""] = paths;
  if (OUTPUTS.includes(path)) return "output";
  return shorten(path, places) === path ? null : "file";
}

function shorten(path: string, places: PointRules["places"]): string {
  for (const [name, place] of Object.entries(places)) {
    if (path === place || path.startsWith(`${place}/`)) return `${name}${path.slice(place.length)}`;
  }
  return path;
}

function errnosOf({ syscall, args }: TracedCall): Errno[] {
  if (isOneOf(OPENING_CALLS, syscall)) return args.includes("O_CREAT") ? ["EMFILE", "ENOSPC"] : ["EMFILE"];
  if (/^(unlink|rmdir)/.test(syscall)) return ["EIO"];
  return ["ENOSPC", "EIO"];
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

/**
 * Takes out of a path what is drawn anew in each run.
 *
 * @example
 * ```ts
 * import { normalisePath } from "./points.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(normalisePath("/r/tasks/demo/q7w2x/.a.json.0123456789abcdef.tmp"), "/r/tasks/demo/TASK/.a.json.HEX.tmp");
 * ```
 */
export function normalisePath(path: string): string {
  return path
    .replace(/\d{8}T\d{6,12}Z_[a-z]\w{4}/g, "TIME_TASK")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID")
    .replace(/(?<![0-9a-z])[0-9a-f]{12,64}(?![0-9a-z])/g, "HEX")
    .replace(/(?<=[-/.])[a-z][0-9a-z]{4}(?=_(dossier\.json|meta\.yml|env))/g, "TASK")
    .replace(/(?<=\/(tasks|locks)\/[a-z]+\/)[a-z][0-9a-z]{4}(?=\/|\.lock$|$)/g, "TASK")
    .replace(/(?<=-(cli|run|web|toad)-)[a-z][0-9a-z]{4}\b/g, "TASK")
    .replace(/(?<=\b(tmp|scratch)[-.])[0-9a-zA-Z]{6,}/g, "RANDOM");
}
