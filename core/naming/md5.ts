/**
 * MD5 (RFC 1321) as a plain function, for what follows from a name as it does in the reference; never for
 * secrets.
 *
 * Loading `node:crypto` for it takes longer (12 ms) than everything else that a new task's name takes.
 *
 * @module
 */

const ENCODER = new TextEncoder();
const BLOCK_BYTES = 64;
const START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const;
const CONSTANTS = Int32Array.from({ length: 64 }, (_, step) => Math.abs(Math.sin(step + 1)) * 2 ** 32 | 0);
/** Four amounts for each of the four rounds, used in turn. */
const ROTATIONS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]] as const;

type State = readonly [number, number, number, number];

/**
 * The hash of a text's UTF-8 bytes, 32 lower-case hex digits.
 *
 * @example
 * ```ts
 * import { md5Hex } from "./md5.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(md5Hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
 * ```
 */
export function md5Hex(text: string): string {
  const message = ENCODER.encode(text);
  // One 1 bit, zeros, and the length in bits as 64, to a multiple of 64 bytes.
  const padded = new Uint8Array((message.length + 9 + BLOCK_BYTES - 1) & ~(BLOCK_BYTES - 1));
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n, true);
  let state: State = START;
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) state = compress(state, view, at);
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((word, index) => digest.setInt32(4 * index, word, true));
  return new Uint8Array(digest.buffer).toHex();
}

function compress(state: State, view: DataView, at: number): State {
  let [a, b, c, d] = state;
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    const [mixed, word] = mix(round, step, b, c, d);
    const sum = a + mixed + CONSTANTS[step]! + view.getInt32(at + 4 * word, true) | 0;
    const amount = ROTATIONS[round]![step & 3]!;
    [a, b, c, d] = [d, b + (sum << amount | sum >>> (32 - amount)) | 0, b, c];
  }
  return [state[0] + a | 0, state[1] + b | 0, state[2] + c | 0, state[3] + d | 0];
}

/** What a round makes of three words, and the index of the message's word that it adds. */
function mix(round: number, step: number, b: number, c: number, d: number): [mixed: number, word: number] {
  switch (round) {
    case 0:
      return [b & c | ~b & d, step];
    case 1:
      return [b & d | c & ~d, (5 * step + 1) & 15];
    case 2:
      return [b ^ c ^ d, (3 * step + 5) & 15];
    default:
      return [c ^ (b | ~d), (7 * step) & 15];
  }
}
