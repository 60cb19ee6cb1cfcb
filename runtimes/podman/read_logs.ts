/**
 * A container's output: from the log file that it was made with, else from `podman logs`.
 *
 * @module
 */
import { followLog } from "../../core/logs/follow_log.ts";
import type { Child } from "../../core/port/host.ts";
import type { LogChunk, LogStream } from "../../core/port/runtime.ts";
import { endChild } from "./end_child.ts";
import type { Engine } from "./engine.ts";
import { podmanFailure } from "./failure.ts";
import { findContainer } from "./find_container.ts";
import { inspectContainers } from "./list_containers.ts";
import { splitLines } from "./split_lines.ts";
import { waitContainer } from "./wait_container.ts";

const TIME_PREFIX = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) /;
const TIME_BYTES_MAX = 64;
const LATIN1 = new TextDecoder("latin1");

/** Output from the beginning; `container_absent`, the signal's reason. */
export async function* readLogs(
  engine: Engine,
  name: string,
  { follow = false, signal }: { readonly follow?: boolean; readonly signal?: AbortSignal } = {},
): AsyncGenerator<LogChunk> {
  signal?.throwIfAborted();
  await findContainer(engine, name);
  const path = (await inspectContainers(engine, [name])).get(name)?.logPath ?? null;
  if (path === null || engine.isRemote) {
    yield* readEngineLogs(engine, name, follow, signal);
    return;
  }
  const over = new AbortController();
  // However the waiting ends, by the container's end or its removal, nothing more is written.
  const done = follow
    ? waitContainer(engine, name, { signal: over.signal }).catch(() => {})
    : Promise.resolve();
  try {
    yield* followLog(engine.host, path, { follow, done, ...(signal === undefined ? {} : { signal }) });
  } finally {
    over.abort();
    await done;
  }
}

async function* readEngineLogs(
  engine: Engine,
  name: string,
  follow: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogChunk> {
  const flags = ["--timestamps", ...(follow ? ["--follow"] : [])];
  const child = await engine.client.spawn(["logs", ...flags, name]);
  const stop = () => void endChild(engine.host.clock, child);
  signal?.addEventListener("abort", stop, { once: true });
  let stderr = "";
  try {
    for await (const chunk of mergeOutput(child)) {
      if (chunk.stream === "stderr" && chunk.time === null) stderr += new TextDecoder().decode(chunk.data);
      else yield chunk;
    }
    signal?.throwIfAborted();
    // Its own complaints are the lines without a time.
    if ((await child.status).code !== 0) throw podmanFailure("logs", stderr);
  } finally {
    signal?.removeEventListener("abort", stop);
    await endChild(engine.host.clock, child);
  }
}

/** Lines of both streams in the order in which they come. */
async function* mergeOutput(child: Child): AsyncGenerator<LogChunk> {
  const readers = (["stdout", "stderr"] as const).map((stream) => {
    const lines = splitLines(child[stream]);
    return { stream, lines, next: lines.next() };
  });
  let open = readers;
  while (open.length > 0) {
    const { reader, result } = await Promise.race(
      open.map(async (each) => ({ reader: each, result: await each.next })),
    );
    if (result.done) {
      open = open.filter((each) => each !== reader);
    } else {
      yield toChunk(reader.stream, result.value);
      reader.next = reader.lines.next();
    }
  }
}

function toChunk(stream: LogStream, line: Uint8Array<ArrayBuffer>): LogChunk {
  const match = TIME_PREFIX.exec(LATIN1.decode(line.subarray(0, TIME_BYTES_MAX)));
  return { stream, time: match?.[1] ?? null, data: line.subarray(match?.[0].length ?? 0) };
}
