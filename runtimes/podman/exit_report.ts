/**
 * From what podman keeps of an ended container to a reason.
 *
 * @module
 */
import type { ExitReport } from "../../core/port/runtime.ts";

/** What podman says of a container that has ended. */
export interface EndFacts {
  /** podman's ExitCode; -1 when conmon itself ended it. */
  readonly code: number;
  readonly startedAtMicros: number;
  readonly finishedAtMicros: number;
  readonly oomKilled: boolean;
  readonly memoryLimited: boolean;
  /** The limit given with `--timeout`, seconds; 0 = none. */
  readonly timeoutS: number;
}

/** Nobody saw how it ended. */
export const UNSEEN_END: ExitReport = { code: null, reason: "unknown", finishedAtMicros: null };

const SIGKILLED = 137;
const CODE_MAX = 255;
const SIGNAL_BASE = 128;
const SIGNAL_MAX = 64;

/** conmon starts its timer before podman takes the start time, and file times are coarse. */
const TIMEOUT_SLACK_MICROS = 1_000_000;

/**
 * Why the container ended. A kill without a witness in a container with a memory limit is `unknown`:
 * not every engine tells an out-of-memory kill.
 *
 * @example
 * ```ts
 * import { classifyExit } from "./exit_report.ts";
 * import { assertEquals } from "@std/assert";
 * const times = { startedAtMicros: 1_000_000, finishedAtMicros: 2_000_000 };
 * const facts = { ...times, oomKilled: false, memoryLimited: false, timeoutS: 0 };
 * assertEquals(classifyExit({ ...facts, code: 3 }).reason, "exited");
 * assertEquals(classifyExit({ ...facts, code: 143 }).reason, "signal");
 * ```
 */
export function classifyExit(facts: EndFacts): ExitReport {
  const { code, startedAtMicros } = facts;
  // The end is stamped by a clock that ticks every few milliseconds, the start by an exact one and only
  // after the command runs already: the end of a short command may read earlier than its start.
  const finishedAtMicros = Math.max(facts.finishedAtMicros, startedAtMicros + 1);
  const killed = code < 0 || code === SIGKILLED;
  if (code === SIGKILLED && facts.oomKilled) return { code, reason: "oom", finishedAtMicros };
  if (killed && ranIntoTimeout(facts)) return { code: null, reason: "timeout", finishedAtMicros };
  if (code < 0 || code > CODE_MAX) return { code: null, reason: "unknown", finishedAtMicros };
  if (code === SIGKILLED && facts.memoryLimited) return { code, reason: "unknown", finishedAtMicros };
  const isSignal = code > SIGNAL_BASE && code <= SIGNAL_BASE + SIGNAL_MAX;
  return { code, reason: isSignal ? "signal" : "exited", finishedAtMicros };
}

function ranIntoTimeout({ timeoutS, startedAtMicros, finishedAtMicros }: EndFacts): boolean {
  return timeoutS > 0 && finishedAtMicros - startedAtMicros >= timeoutS * 1_000_000 - TIMEOUT_SLACK_MICROS;
}

/**
 * True when the code alone does not tell the reason: a kill may be the memory limit's, the time limit's
 * or anybody's.
 */
export function needsDetails(code: number): boolean {
  return code < 0 || code === SIGKILLED;
}

/** The report of a code of which nothing else is known. */
export function reportCode(code: number): ExitReport {
  if (Number.isNaN(code) || needsDetails(code)) {
    return { ...UNSEEN_END, code: code === SIGKILLED ? code : null };
  }
  const times = { startedAtMicros: 0, finishedAtMicros: 0 };
  const facts = { ...times, code, oomKilled: false, memoryLimited: false, timeoutS: 0 };
  return { ...classifyExit(facts), finishedAtMicros: null };
}
