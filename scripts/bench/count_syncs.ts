/**
 * How often an operation flushes to the disk, counted by strace.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { REFERENCE_SCRIPT } from "./reference_process.ts";

const PROBE = fromFileUrl(import.meta.resolve("./sync_probe.ts"));

/** Flushes a call, by operation. */
export type Syncs = ReadonlyMap<string, number>;

/** Of carrel's stores in SQLite, synchronous FULL. */
export async function countOwnSyncs(directory: string, calls: number): Promise<Syncs> {
  return countMarked(
    await trace(directory, [Deno.execPath(), "run", "-A", "--no-check", PROBE, directory, String(calls)], ""),
    calls,
  );
}

/** Of the reference's pattern. */
export async function countReferenceSyncs(
  directory: string,
  operations: readonly string[],
  calls: number,
): Promise<Syncs> {
  const orders = operations.map((op) => `${JSON.stringify({ op, calls })}\n`).join("");
  const text = await trace(directory, ["python3", REFERENCE_SCRIPT, join(directory, "reference.db")], orders);
  return countMarked(text, calls);
}

async function trace(directory: string, argv: readonly string[], stdin: string): Promise<string> {
  const output = join(directory, "trace");
  const calls = "trace=fsync,fdatasync,statx,newfstatat";
  const child = new Deno.Command("strace", {
    args: ["-f", "-qq", "-e", calls, "-o", output, ...argv],
    stdin: "piped",
    stdout: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  const { success } = await child.status;
  if (!success) throw new TypeError(`tracing ${argv.join(" ")} failed`);
  return await Deno.readTextFile(output);
}

/**
 * Counts the flushes after each mark, per call. One that another thread interrupts is written in two lines,
 * the first of which counts.
 */
export function countMarked(text: string, calls: number): Syncs {
  const counts = new Map<string, number>();
  let current: string | null = null;
  for (const line of text.split("\n")) {
    current = /"\/bench-mark\/([^"]*)"/.exec(line)?.[1] ?? current;
    if (current === null) continue;
    const found = /\bf(data)?sync\(/.test(line) ? 1 : 0;
    counts.set(current, (counts.get(current) ?? 0) + found);
  }
  return new Map(Array.from(counts, ([name, count]) => [name, count / calls]));
}
