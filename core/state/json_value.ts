/**
 * What a JSON text says, as a type.
 *
 * @module
 */

/** A value that came out of a JSON text. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * Reads a text that a store holds: JSON, or `""` for `{}`. Integers beyond 2^53 lose digits.
 *
 * @example
 * ```ts
 * import { parseStoredJson } from "./json_value.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals([parseStoredJson('{"a": [1, null]}'), parseStoredJson("")], [{ a: [1, null] }, {}]);
 * ```
 */
export function parseStoredJson(text: string): JsonValue {
  return text === "" ? {} : JSON.parse(text);
}
