/**
 * A task's output on the way to the terminal or into JSON lines.
 *
 * @module
 */
import type { LogChunk, LogStream } from "../port/runtime.ts";
import type { App } from "./app.ts";

/** Writes pieces of output as they come. */
export interface OutputWriter {
  /** Writes a piece; rejects with `BrokenPipe`. */
  write(chunk: LogChunk): Promise<void>;
  /** Writes what was held back. */
  end(): Promise<void>;
}

/** Bytes as they are, or one NDJSON item per piece. */
export function newOutputWriter({ io }: Pick<App, "io">): OutputWriter {
  if (!io.json) {
    return {
      write: ({ stream, data }) => stream === "stdout" ? io.writeOut(data) : io.writeErr(data),
      end: async () => {},
    };
  }
  const encoder = new ChunkEncoder();
  const emit = async (items: readonly ChunkItem[]) => {
    for (const item of items) await io.emit({ type: "log", ...item });
  };
  return { write: (chunk) => emit(encoder.encode(chunk)), end: () => emit(encoder.end()) };
}

/** Passes all pieces to a new writer, and ends it also when they break off. */
export async function writeOutput(app: Pick<App, "io">, chunks: AsyncIterable<LogChunk>): Promise<void> {
  const writer = newOutputWriter(app);
  try {
    for await (const chunk of chunks) await writer.write(chunk);
  } finally {
    await writer.end();
  }
}

/** A piece of output as JSON: text where it is UTF-8, else base64. */
export type ChunkItem = Pick<LogChunk, "stream" | "time"> & {
  readonly data: string;
  readonly encoding?: "base64";
};

/**
 * Turns pieces into JSON. A piece may end inside a character: its first bytes, three at most, wait for
 * the next piece of the same stream.
 */
export class ChunkEncoder {
  readonly #held = new Map<LogStream, LogChunk>();

  /** No item when all of the piece has to wait. */
  encode(chunk: LogChunk): ChunkItem[] {
    const { stream, time } = chunk;
    const data = join(this.#held.get(stream)?.data, chunk.data);
    const whole = data.length - unfinishedLength(data);
    if (whole === data.length) this.#held.delete(stream);
    else this.#held.set(stream, { stream, time, data: data.subarray(whole) });
    return whole === 0 ? [] : [encodeChunk({ stream, time, data: data.subarray(0, whole) })];
  }

  /** What waits for bytes that do not come. */
  end(): ChunkItem[] {
    const items = [...this.#held.values()].map(encodeChunk);
    this.#held.clear();
    return items;
  }
}

function encodeChunk({ stream, time, data }: LogChunk): ChunkItem {
  try {
    return { stream, time, data: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data) };
  } catch {
    return { stream, time, data: data.toBase64(), encoding: "base64" };
  }
}

function join(held: Uint8Array | undefined, data: LogChunk["data"]): LogChunk["data"] {
  if (held === undefined) return data;
  const joined = new Uint8Array(held.length + data.length);
  joined.set(held);
  joined.set(data, held.length);
  return joined;
}

/** How many bytes at the end begin a UTF-8 character (RFC 3629) that is not complete. */
function unfinishedLength(data: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, data.length); length++) {
    const byte = data[data.length - length] ?? 0;
    const isContinuation = byte >= 0x80 && byte < 0xc0;
    if (!isContinuation) return length < characterLength(byte) ? length : 0;
  }
  return 0;
}

/** The length of the character that a byte begins; 1 also for a byte that begins none. */
function characterLength(byte: number): number {
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  if (byte >= 0xf0 && byte < 0xf5) return 4;
  return 1;
}
