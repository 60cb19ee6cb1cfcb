/**
 * Random names for containers and temporary files.
 *
 * @module
 */
import type { Random } from "../core/port/host.ts";

/** `count` random bytes as lower case hex digits. */
export function randomHex(random: Random, count: number): string {
  return Array.from(random.bytes(count), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
