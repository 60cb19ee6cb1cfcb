/**
 * The one file of a tar stream, as `podman cp CONTAINER:FILE -` writes it.
 *
 * @module
 */
import { decodeText } from "./engine_text.ts";

// POSIX ustar: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
const BLOCK_BYTES = 512;
const SIZE_AT = 124;
const SIZE_DIGITS = 12;
const TYPE_AT = 156;
const REGULAR_FILE: ReadonlySet<string> = new Set(["0", "\0"]);

/** Text of the first regular file; empty when there is none. Extended headers are skipped. */
export function firstTarText(tar: Uint8Array): string {
  let at = 0;
  while (at + BLOCK_BYTES <= tar.length) {
    const header = tar.subarray(at, at + BLOCK_BYTES);
    const digits = decodeText(header.subarray(SIZE_AT, SIZE_AT + SIZE_DIGITS)).replace(/[\0 ]/g, "");
    const size = Number.parseInt(digits, 8) || 0;
    const contentAt = at + BLOCK_BYTES;
    if (REGULAR_FILE.has(String.fromCharCode(header[TYPE_AT] ?? 0))) {
      return decodeText(tar.subarray(contentAt, contentAt + size));
    }
    at = contentAt + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return "";
}
