/**
 * Reads a stream into memory, and can be stopped.
 *
 * @module
 */

/** A stream that is being read. */
export interface StreamCollector {
  /** Everything read, once the stream has ended or was stopped. */
  readonly bytes: Promise<Uint8Array<ArrayBuffer>>;
  /** Stops reading: what has come so far is all there is. */
  stop(): void;
}

/** Starts to read `stream` to its end. */
export function collectStream(stream: ReadableStream<Uint8Array<ArrayBuffer>>): StreamCollector {
  const reader = stream.getReader();
  const collect = async () => {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
      chunks.push(value);
    }
  };
  return { bytes: collect(), stop: () => void reader.cancel().catch(() => {}) };
}
