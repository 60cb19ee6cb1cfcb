/**
 * Reading a child's output to its end, without waiting for strangers.
 *
 * @module
 */
import type { Child, Clock } from "../../core/port/host.ts";
import type { LogStream } from "../../core/port/runtime.ts";

/** How long a stream may be silent after its process has ended: some process that moved away holds it. */
const SILENCE_MS = 2000;
/** What a pipe can hold at most when its process ends (pipe(7)); more than that a stranger has written. */
const PIPE_MAX_BYTES = 1024 * 1024;

/**
 * Passes both streams on as they come, one piece of a stream after the other. `onOutput` must not fail.
 * `close`, called when the child has ended, resolves when all that the child wrote was passed on.
 */
export function pumpOutput(
  clock: Clock,
  child: Pick<Child, "stdout" | "stderr">,
  onOutput: (stream: LogStream, data: Uint8Array<ArrayBuffer>) => void | Promise<void>,
): { close(): Promise<void> } {
  const giveUp = new AbortController();
  let isClosing = false;
  let pieces = 0;
  let delivering = 0;
  async function pump(stream: LogStream): Promise<void> {
    const reader = child[stream].getReader();
    giveUp.signal.addEventListener("abort", () => void reader.cancel(), { once: true });
    let lateBytes = 0;
    while (lateBytes <= PIPE_MAX_BYTES) {
      const { value, done } = await reader.read();
      if (done) return;
      pieces++;
      delivering++;
      await onOutput(stream, value);
      delivering--;
      if (isClosing) lateBytes += value.length;
    }
    await reader.cancel();
  }
  const pumps = Promise.all([pump("stdout"), pump("stderr")]);
  // Waited for in close(), which may come much later.
  pumps.catch(() => {});
  return {
    close: async () => {
      isClosing = true;
      const done = new AbortController();
      const finished = pumps.finally(() => done.abort());
      while (!done.signal.aborted) {
        const before = pieces;
        await clock.sleep(SILENCE_MS, done.signal).catch(() => {});
        // A slow reader is no silence.
        if (pieces === before && delivering === 0) giveUp.abort();
      }
      await finished;
    },
  };
}
