/**
 * Lines of a byte stream.
 *
 * @module
 */

const NEWLINE = 0x0a;

/** Yields each line with its newline; the last one without, when it has none. */
export async function* splitLines(
  stream: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let carry: Uint8Array<ArrayBuffer>[] = [];
  for await (const block of stream) {
    let from = 0;
    for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, from)) {
      yield joinBytes([...carry, block.subarray(from, at + 1)]);
      carry = [];
      from = at + 1;
    }
    if (from < block.length) carry.push(block.subarray(from));
  }
  if (carry.length > 0) yield joinBytes(carry);
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
