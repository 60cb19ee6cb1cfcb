/**
 * Runs a program under strace, which writes down every byte that it and its children write.
 *
 * @module
 */
import { parseStorageTrace, type StorageCall } from "./parse_storage_trace.ts";
import { type Ran, runBounded, type RunOptions } from "./run_bounded.ts";
import { STORAGE_CALLS } from "./storage_history.ts";

/** A run of which all is known that was written. */
export interface RecordedRun extends Ran {
  readonly calls: readonly StorageCall[];
}

/** No call writes as much at once. */
const BYTES_MAX = 64 * 1024 * 1024;

/** Runs it to its end. strace writes into `file`, which must be on no path that is of interest. */
export async function recordRun(
  argv: readonly string[],
  { file, ...options }: RunOptions & { readonly file: string },
): Promise<RecordedRun> {
  const ran = await runBounded([
    ...["strace", "-f", "-qq", "-y", "-xx", "-s", `${BYTES_MAX}`, "-o", file],
    ...["-e", "signal=none", "-e", `trace=${STORAGE_CALLS.join(",")}`],
    ...argv,
  ], options);
  return { ...ran, calls: parseStorageTrace(await Deno.readTextFile(file)) };
}
