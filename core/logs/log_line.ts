/**
 * The lines of a container log, in the format of podman's `k8s-file` driver:
 *
 * `<RFC 3339 time> <stdout|stderr> <F|P> <data>`
 *
 * F is a whole line, whose line end belongs to the data; P is a part of one, without. Newer engines close
 * a stream that ended within a line with a bare F, which adds nothing.
 *
 * @module
 */
import type { LogStream } from "../port/runtime.ts";

/** What stands before the data. */
export interface LogHeader {
  readonly time: string;
  readonly stream: LogStream;
  /** The end of this line is the end of a line of the output. */
  readonly whole: boolean;
  /** Bytes of the header; the data follows. */
  readonly length: number;
}

/** No header is longer: a time with nanoseconds and offset is 35 bytes. */
export const HEADER_BYTES_MAX = 64;

const HEADER =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) (?:([FP]) |F$)/;
const LATIN1 = new TextDecoder("latin1");
const NEWLINE = 0x0a;

/** Reads the header of a line given without its line end, or of its first part; null when it has none. */
export function readLogHeader(line: Uint8Array): LogHeader | null {
  const match = HEADER.exec(LATIN1.decode(line.subarray(0, HEADER_BYTES_MAX)));
  if (match === null) return null;
  const [{ length }, time = "", stream, kind] = match;
  return { time, stream: stream === "stderr" ? "stderr" : "stdout", whole: kind === "F", length };
}

/**
 * Writes output as log lines: one F line for each line of it, a P line for a rest without line end.
 *
 * @example
 * ```ts
 * import { encodeLogLines } from "./log_line.ts";
 * import { assertEquals } from "@std/assert";
 * const data = new TextEncoder().encode("done\n$ ");
 * const lines = encodeLogLines({ stream: "stdout", time: "2026-09-14T08:21:33.5Z", data });
 * assertEquals(
 *   new TextDecoder().decode(lines),
 *   "2026-09-14T08:21:33.5Z stdout F done\n2026-09-14T08:21:33.5Z stdout P $ \n",
 * );
 * ```
 */
export function encodeLogLines(
  { stream, time, data }: { stream: LogStream; time: string; data: Uint8Array },
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  const [whole, rest] = ["F", "P"].map((kind) => encoder.encode(`${time} ${stream} ${kind} `));
  for (let from = 0; from < data.length;) {
    const newline = data.indexOf(NEWLINE, from);
    const end = newline === -1 ? data.length : newline + 1;
    parts.push((newline === -1 ? rest : whole) ?? data, data.subarray(from, end));
    from = end;
  }
  if (data.length > 0 && data.at(-1) !== NEWLINE) parts.push(Uint8Array.of(NEWLINE));
  return concatBytes(parts);
}

/** Joins byte arrays. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
