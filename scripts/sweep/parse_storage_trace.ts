/**
 * What strace has seen of a program and its children, with all bytes that they have written.
 *
 * @module
 */

/** One system call that has succeeded. */
export interface StorageCall {
  readonly tid: number;
  readonly syscall: string;
  /** As strace writes them, with every text in hexadecimal. */
  readonly args: readonly string[];
  /** What it has returned. */
  readonly value: number;
  /** So many of the calls had ended when it began. */
  readonly begun: number;
}

const LINE = /^(\d+)\s+(\w+)\((.*)$/s;
const RESUMED = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$/s;
const UNFINISHED = / <unfinished \.\.\.>$/;
const ENDED = /^(.*)\)\s+= (\d+)/s;
const HEX = /\\x([0-9a-f]{2})/g;
const OPENED = /^(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>(\(deleted\))?$/;
const DELETED = " (deleted)";

/**
 * Parses the output of `strace -f -y -xx`, in the order in which the calls have ended. `SyntaxError` when
 * strace has not written out all bytes.
 *
 * @example
 * ```ts
 * import { bytesOf, openedPath, parseStorageTrace } from "./parse_storage_trace.ts";
 * import { assertEquals } from "@std/assert";
 * const [call] = parseStorageTrace('7  write(5<\\x2f\\x61>, "\\x62", 1) = 1\n');
 * assertEquals([openedPath(call?.args[0]), bytesOf(call?.args[1])], ["/a", new Uint8Array([0x62])]);
 * ```
 */
export function parseStorageTrace(text: string): StorageCall[] {
  const calls: StorageCall[] = [];
  /** The beginning of each thread's call that has not returned yet. */
  const open = new Map<string, { readonly text: string; readonly begun: number }>();
  for (const line of text.split("\n")) {
    const resumed = RESUMED.exec(line);
    const [, tid = "", syscall = "", rest = ""] = resumed ?? LINE.exec(line) ?? [];
    if (tid === "") continue;
    const before = resumed === null ? undefined : open.get(`${tid} ${syscall}`);
    if (resumed === null && UNFINISHED.test(rest)) {
      open.set(`${tid} ${syscall}`, { text: rest.replace(UNFINISHED, ""), begun: calls.length });
      continue;
    }
    const [, args, value] = ENDED.exec(`${before?.text ?? ""}${rest}`) ?? [];
    if (args === undefined || value === undefined) continue;
    if (args.includes('"...')) throw new SyntaxError(`strace has cut off what ${syscall} was given`);
    calls.push({
      tid: Number(tid),
      syscall,
      args: args.split(/,\s*/),
      value: Number(value),
      begun: before?.begun ?? calls.length,
    });
  }
  return calls;
}

/** The bytes of a text. */
export function bytesOf(arg = ""): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(arg.matchAll(HEX), ([, byte = ""]) => Number.parseInt(byte, 16));
}

/** A text, as UTF-8. */
export function textOf(arg?: string): string {
  return new TextDecoder().decode(bytesOf(arg));
}

/** What a descriptor stands for; null for what has no name any more. */
export function openedPath(arg = ""): string | null {
  const [, hex = "", deleted] = OPENED.exec(arg) ?? [];
  const path = textOf(hex);
  return path === "" || deleted !== undefined || path.endsWith(DELETED) ? null : path;
}
