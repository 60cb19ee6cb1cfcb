/**
 * Time-ordered unique ids (UUID version 7, RFC 9562 section 5.7).
 *
 * @module
 */
import type { Host } from "../port/host.ts";

/**
 * A new UUIDv7: 48 bits of milliseconds, then 74 random bits.
 *
 * @example
 * ```ts
 * import { newUuidV7 } from "./uuid.ts";
 * import { assertEquals } from "@std/assert";
 * const host = {
 *   clock: { nowMicros: () => 1_000, monotonicMs: () => 0, sleep: () => Promise.resolve() },
 *   random: { bytes: (count: number) => new Uint8Array(count) },
 * };
 * assertEquals(newUuidV7(host), "00000000-0001-7000-8000-000000000000");
 * ```
 */
export function newUuidV7(host: Pick<Host, "clock" | "random">): string {
  return formatUuidV7(Math.floor(host.clock.nowMicros() / 1000), host.random.bytes(16));
}

/** Puts a time, milliseconds since the epoch, and 16 bytes of which 74 bits are kept into the form of a UUIDv7. */
export function formatUuidV7(millis: number, bytes: Uint8Array<ArrayBuffer>): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  view.setUint16(0, Math.floor(millis / 2 ** 32));
  view.setUint32(2, millis % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
