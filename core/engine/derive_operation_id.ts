/**
 * Ids that follow from another one.
 *
 * @module
 */
import { formatUuidV7 } from "../identity/uuid.ts";
import { sha256Hex } from "../state/sha256.ts";

/**
 * The id of a part of an operation, or of another attempt at it: a UUIDv7 of the same millisecond, the same
 * one each time for the same label.
 *
 * @example
 * ```ts
 * import { deriveOperationId } from "./derive_operation_id.ts";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 * const base = "0190a5e4-7d2a-7000-8000-000000000000";
 * assertEquals(deriveOperationId(base, "a"), deriveOperationId(base, "a"));
 * assertNotEquals(deriveOperationId(base, "a"), deriveOperationId(base, "b"));
 * assertEquals(deriveOperationId(base, "a").slice(0, 15), "0190a5e4-7d2a-7");
 * ```
 */
export function deriveOperationId(base: string, label: string): string {
  const millis = Number.parseInt(base.replaceAll("-", "").slice(0, 12), 16);
  return formatUuidV7(millis, Uint8Array.fromHex(sha256Hex(`${base}/${label}`).slice(0, 32)));
}
