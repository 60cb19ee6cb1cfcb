/**
 * Turns the bytes of a log file into pieces of output, whatever blocks they come in.
 *
 * Reads three kinds of file, told apart by their first line: the tagged format of `log_line.ts`, the
 * reference's captures (`podman logs --timestamps`, no stream tag) and plain text. The last two are
 * passed through unchanged as stdout.
 *
 * @module
 */
import type { LogChunk } from "../port/runtime.ts";
import { concatBytes, HEADER_BYTES_MAX, type LogHeader, readLogHeader } from "./log_line.ts";

/** A line is held back until it is complete, but not beyond this. */
const LINE_BYTES_MAX = 64 * 1024;
const NEWLINE = 0x0a;

/** The line that is being read, when its beginning has been given out already. */
interface OpenLine {
  readonly header: LogHeader | null;
}

/**
 * An incremental decoder. The data of all pieces of one stream, joined, are the exact bytes that the
 * container wrote; lines that lost their header come unchanged as stdout without a time.
 *
 * @example
 * ```ts
 * import { LogDecoder } from "./log_decoder.ts";
 * import { assertEquals } from "@std/assert";
 * const decoder = new LogDecoder();
 * const bytes = new TextEncoder().encode("2026-09-14T08:21:33.5Z stderr F oh\n2026-09-");
 * const chunks = [...decoder.push(bytes), ...decoder.end()];
 * assertEquals(chunks, [{ stream: "stderr", time: "2026-09-14T08:21:33.5Z", data: new TextEncoder().encode("oh\n") }]);
 * ```
 */
export class LogDecoder {
  #carry = new Uint8Array();
  #openLine: OpenLine | null = null;
  /** Null until the first line has shown it. */
  #tagged: boolean | null = null;

  /** Takes the next bytes of the file. */
  push(bytes: Uint8Array): LogChunk[] {
    const input = concatBytes([this.#carry, bytes]);
    const chunks: LogChunk[] = [];
    let from = 0;
    for (let at = input.indexOf(NEWLINE); at !== -1; at = input.indexOf(NEWLINE, from)) {
      const line = input.subarray(from, at + 1);
      const { header, start } = this.#beginLine(line.subarray(0, -1));
      chunks.push(
        ...newChunk(header, line.subarray(start, header === null || header.whole ? undefined : -1)),
      );
      this.#openLine = null;
      from = at + 1;
    }
    this.#carry = input.subarray(from);
    if (this.#carry.length > LINE_BYTES_MAX) chunks.push(...this.#flush());
    return chunks;
  }

  /** Gives out what is left. A header cut short by a crash is dropped, data cut short is not. */
  end(): LogChunk[] {
    const rest = this.#carry;
    const torn = this.#tagged === true && this.#openLine === null && rest.length < HEADER_BYTES_MAX &&
      readLogHeader(rest) === null;
    return rest.length === 0 || torn ? [] : this.#flush();
  }

  /** Gives out a line before its end is there. */
  #flush(): LogChunk[] {
    const part = this.#carry;
    this.#carry = new Uint8Array();
    const { header, start } = this.#beginLine(part);
    this.#openLine = { header };
    return newChunk(header, part.subarray(start));
  }

  /** The header that counts for these bytes of a line, and where their data starts. */
  #beginLine(line: Uint8Array): { header: LogHeader | null; start: number } {
    if (this.#openLine !== null) return { header: this.#openLine.header, start: 0 };
    const header = this.#tagged === false ? null : readLogHeader(line);
    this.#tagged ??= header !== null;
    return { header, start: header?.length ?? 0 };
  }
}

function newChunk(header: LogHeader | null, data: Uint8Array<ArrayBuffer>): LogChunk[] {
  if (data.length === 0) return [];
  return [{ stream: header?.stream ?? "stdout", time: header?.time ?? null, data }];
}
