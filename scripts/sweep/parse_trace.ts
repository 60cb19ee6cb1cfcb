/**
 * What strace has seen of one program: its own calls, without those of the programs that it started.
 *
 * @module
 */

/** One system call as it began. */
export interface TracedCall {
  readonly tid: number;
  readonly syscall: string;
  /** It is the n-th of this thread with this name, from 1: what strace's `when=` counts. */
  readonly ordinal: number;
  /** Paths it is about; for a descriptor, what that stands for. */
  readonly paths: readonly string[];
  /** Arguments as strace writes them. */
  readonly args: string;
  /** strace made it fail. */
  readonly isInjected: boolean;
}

const LINE = /^(\d+)\s+(\w+)\((.*)$/;
const RESUMED = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$/;
const QUOTED = /"((?:[^"\\]|\\.)*)"/g;
const DESCRIPTOR = /^(\d+)(?:<((?:[^<>\\]|\\.)*)>)?/;
const INJECTED = /\(INJECTED\)\s*$/;
/** Calls whose first argument is a descriptor, not a path. */
const BY_DESCRIPTOR = /^(write|pwrite64|writev|pwritev2?|fsync|fdatasync|ftruncate|fallocate)$/;
const STANDARD: Readonly<Record<string, string>> = { "1": "stdout", "2": "stderr" };

/**
 * Parses the output of `strace -f -y -s 0`, one call per line; signals and ends of processes are passed over.
 *
 * @example
 * ```ts
 * import { parseTrace } from "./parse_trace.ts";
 * import { assertEquals } from "@std/assert";
 * const [call] = parseTrace('7  fsync(5</r/a>) = 0\n');
 * assertEquals([call?.syscall, call?.ordinal, call?.paths], ["fsync", 1, ["/r/a"]]);
 * ```
 */
export function parseTrace(text: string): TracedCall[] {
  const calls: TracedCall[] = [];
  const counts = new Map<string, number>();
  /** Index of each thread's call that has not returned yet. */
  const open = new Map<string, number>();
  for (const line of text.split("\n")) {
    const resumed = RESUMED.exec(line);
    if (resumed !== null) {
      const at = open.get(`${resumed[1]} ${resumed[2]}`);
      const call = at === undefined ? undefined : calls[at];
      if (at !== undefined && call !== undefined && INJECTED.test(line)) {
        calls[at] = { ...call, isInjected: true };
      }
      continue;
    }
    const [, tid = "", syscall = "", args = ""] = LINE.exec(line) ?? [];
    if (syscall === "") continue;
    const counter = `${tid} ${syscall}`;
    const ordinal = (counts.get(counter) ?? 0) + 1;
    counts.set(counter, ordinal);
    if (/<unfinished \.\.\.>$/.test(line)) open.set(counter, calls.length);
    calls.push({
      tid: Number(tid),
      syscall,
      ordinal,
      paths: pathsOf(syscall, args),
      args,
      isInjected: INJECTED.test(line),
    });
  }
  return calls;
}

function pathsOf(syscall: string, args: string): string[] {
  if (!BY_DESCRIPTOR.test(syscall)) return Array.from(args.matchAll(QUOTED), ([, path = ""]) => path);
  const [, descriptor = "", path = ""] = DESCRIPTOR.exec(args) ?? [];
  return [STANDARD[descriptor] ?? path];
}
