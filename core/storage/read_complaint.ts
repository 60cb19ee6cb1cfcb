/**
 * Reads what `find` says on stderr in the C locale, where names are quoted in ASCII.
 *
 * @module
 */
import type { Unreadable } from "./tree_usage.ts";

/** The program as it was called, words, the quoted name, words: `find: '/a/b': Permission denied`. */
const COMPLAINT = /^(?:[^':]*\/)?find: ([^']*)'((?:[^'\\]|\\.)*)'(.*)$/;
const ESCAPE = /\\([0-7]{3}|.)/g;
const CONTROLS: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The reason of what was there and is gone: nothing of it is missing in the figures. */
export const VANISHED = "no such file or directory";

/**
 * What a line says could not be read, {@linkcode VANISHED} or not; null when it says nothing of that kind. A
 * name that is no UTF-8 keeps the escapes that stand for its bytes.
 *
 * @example
 * ```ts
 * import { readComplaint } from "./read_complaint.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(readComplaint("find: '/t/./it\\'s': Permission denied"), {
 *   path: "/t/./it's",
 *   reason: "permission denied",
 * });
 * assertEquals(readComplaint("find: out of memory"), null);
 * ```
 */
export function readComplaint(line: string): Unreadable | null {
  const [, before = "", quoted, after = ""] = COMPLAINT.exec(line) ?? [];
  if (quoted === undefined) return null;
  const reason = `${before.trim()} ${after.replace(/^:/, "").trim()}`.trim().replace(/\.$/, "");
  return { path: unquote(quoted), reason: reason.charAt(0).toLowerCase() + reason.slice(1) };
}

function unquote(quoted: string): string {
  const bytes = quoted.replace(
    ESCAPE,
    (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : CONTROLS[code] ?? code,
  );
  try {
    const codes = Uint8Array.from(bytes, (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(codes);
  } catch {
    return quoted;
  }
}
