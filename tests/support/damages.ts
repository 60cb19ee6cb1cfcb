/**
 * What becomes of files when disks and power fail.
 *
 * @module
 */

const CUTS = 8;
const FLIPS = 24;

/** A file emptied, blanked, cut off at several places, and with single bits turned over. */
export function* damagesOf(sound: Uint8Array): Generator<[damage: string, bytes: Uint8Array<ArrayBuffer>]> {
  yield ["emptied", new Uint8Array()];
  yield ["all zeros", new Uint8Array(sound.length)];
  for (let cut = 1; cut < CUTS; cut++) {
    const length = Math.floor(sound.length * cut / CUTS);
    yield [`cut off after ${length} bytes`, Uint8Array.from(sound.subarray(0, length))];
  }
  yield ["half zeros", Uint8Array.from(sound, (byte, at) => at < sound.length / 2 ? byte : 0)];
  for (let flip = 0; flip < FLIPS; flip++) {
    const at = Math.floor(sound.length * flip / FLIPS);
    const bytes = Uint8Array.from(sound);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip % 8));
    yield [`bit ${flip % 8} of byte ${at} flipped`, bytes];
  }
}
