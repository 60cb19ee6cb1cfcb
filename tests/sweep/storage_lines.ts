/**
 * Lines as strace writes them, for what a test lets a program do.
 *
 * @module
 */

/** The top of the tree of every test. */
export const TOP = "/w";

/** One line of a trace. Arguments `TOP/...` are paths, `5:PATH` what is open, `'TEXT` is written, the rest words. */
export function line(syscall: string, ...args: readonly string[]): string {
  return `7  ${syscall}(${args.map(encode).join(", ")}) = ${valueOf(syscall, args)}\n`;
}

/** A text as `strace -xx` writes it. */
export function hex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`)
    .join("");
}

function encode(arg: string): string {
  const [, descriptor, opened] = /^(\d+|AT_FDCWD):(.*)$/.exec(arg) ?? [];
  if (descriptor !== undefined) return `${descriptor}<${hex(opened ?? "")}>`;
  if (arg.startsWith("'")) return `"${hex(arg.slice(1))}"`;
  return arg.startsWith("/") ? `"${hex(arg)}"` : arg;
}

function valueOf(syscall: string, args: readonly string[]): number {
  const text = args.find((arg) => arg.startsWith("'"));
  return /write/.test(syscall) && text !== undefined ? text.length - 1 : 0;
}
