/**
 * Random unique ids (UUID version 4, RFC 9562 section 5.4), for tokens that must not be guessed.
 *
 * @module
 */
import type { Random } from "../../port/host.ts";

/**
 * A new UUIDv4: 122 random bits.
 *
 * @example
 * ```ts
 * import { newUuidV4 } from "./new_uuid_v4.ts";
 * import { assertEquals } from "@std/assert";
 * const random = { bytes: (count: number) => new Uint8Array(count).fill(255) };
 * assertEquals(newUuidV4(random), "ffffffff-ffff-4fff-bfff-ffffffffffff");
 * ```
 */
export function newUuidV4(random: Random): string {
  const bytes = random.bytes(16);
  bytes.set([0x40 | ((bytes[6] ?? 0) & 0x0f)], 6);
  bytes.set([0x80 | ((bytes[8] ?? 0) & 0x3f)], 8);
  return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
