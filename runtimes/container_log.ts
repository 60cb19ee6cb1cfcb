/**
 * The output of a container whose log file is written by carrel.
 *
 * @module
 */
import { followLog } from "../core/logs/follow_log.ts";
import type { Host } from "../core/port/host.ts";
import type { LogChunk } from "../core/port/runtime.ts";

/**
 * The log from its beginning; with `follow` until `ended` settles and all was read. `ended` is told by its
 * signal when nobody reads any more. Fails like `followLog`.
 */
export async function* readContainerLog(
  host: Pick<Host, "clock" | "files">,
  path: string,
  ended: (signal: AbortSignal) => Promise<unknown>,
  options: { readonly follow?: boolean; readonly signal?: AbortSignal },
): AsyncGenerator<LogChunk> {
  const { follow = false, signal } = options;
  const closed = new AbortController();
  try {
    yield* followLog(host, path, {
      follow,
      ...(follow ? { done: ended(closed.signal) } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
  } finally {
    closed.abort();
  }
}
