/**
 * Waiting for the end of a container by looking again and again, for runtimes whose records say it.
 *
 * @module
 */
import { AppError } from "../core/error.ts";
import type { Clock } from "../core/port/host.ts";
import type { ExitReport } from "../core/port/runtime.ts";

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;

/**
 * The first report that `look` gives. Fails with `wait_timeout` after `timeoutMs`, with the signal's reason
 * when aborted, and with whatever `look` fails with.
 */
export async function waitForExit(
  clock: Clock,
  look: () => Promise<ExitReport | null>,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<ExitReport> {
  const { timeoutMs = Infinity, signal } = options;
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    const report = await look();
    if (report !== null) return report;
    const leftMs = deadlineMs - clock.monotonicMs();
    if (leftMs <= 0) throw new AppError("wait_timeout", `still running after ${timeoutMs / 1000} s`);
    await clock.sleep(Math.min(pauseMs, leftMs), signal);
  }
}
