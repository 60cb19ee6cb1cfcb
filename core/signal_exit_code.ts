/**
 * Signal numbers of Linux (signal(7), all architectures but alpha, mips, parisc and sparc).
 *
 * @module
 */

/** Standard signals; the first has number 1. */
const NAMES = (
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT " +
  "CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
).split(" ");

/**
 * What a shell reports for a command that a signal ended: 128 + its number. Null for a signal without a name.
 *
 * @example
 * ```ts
 * import { signalExitCode } from "./signal_exit_code.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals([signalExitCode("SIGKILL"), signalExitCode("SIGTERM"), signalExitCode("?")], [137, 143, null]);
 * ```
 */
export function signalExitCode(signal: string): number | null {
  const index = NAMES.indexOf(signal.replace(/^SIG/, ""));
  return index < 0 ? null : 128 + index + 1;
}
