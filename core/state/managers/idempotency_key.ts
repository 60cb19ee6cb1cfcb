/**
 * Names of things that are to be done once.
 *
 * @module
 */
import { dumpsJsonDict } from "../json_dialect.ts";
import { sha256Hex } from "../sha256.ts";

/** Options of {@linkcode idempotencyKey}. */
export interface IdempotencyKeyOptions {
  /**
   * The reference's key, which joins its parts with colons, so that different inputs can share one.
   * Default: each part is preceded by its length.
   */
  readonly compat?: boolean;
}

/**
 * The key of one step of a flow with these parameters (in any order): 64 lower-case hex digits. Throws a
 * `StorageError` of code `invalid_value` for parameters that JSON does not have.
 *
 * @example
 * ```ts
 * import { idempotencyKey } from "./idempotency_key.ts";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 * assertEquals(idempotencyKey("d", "s", { a: 1, b: 2 }), idempotencyKey("d", "s", { b: 2, a: 1 }));
 * assertNotEquals(idempotencyKey("d:1", "s", {}), idempotencyKey("d", "1:s", {}));
 * assertEquals(
 *   idempotencyKey("d", "s", {}, { compat: true }),
 *   "4a5814f30b4272b1bfe667fb770d6a3424fb4b97a925f07858aec8ba02ec5a18",
 * );
 * ```
 */
export function idempotencyKey(
  dfid: string,
  stepId: string,
  params: Readonly<Record<string, unknown>>,
  { compat = false }: IdempotencyKeyOptions = {},
): string {
  // The reference's own encoder takes NaN here, and keys are never parsed.
  const parts = [dfid, stepId, dumpsJsonDict(params)];
  return sha256Hex(compat ? parts.join(":") : parts.map((part) => `${part.length}:${part}`).join(""));
}
