/**
 * Merging of JSON objects that are kept as texts.
 *
 * @module
 */
import { checkText, invalid } from "./check_input.ts";
import { dumpsJsonDict, PyFloat } from "./json_dialect.ts";

/**
 * Puts the members of `patch` over those of `base`, top level only; a base of null or `""` has none. Every
 * number keeps its exact value and its kind (`1.0` stays `1.0`). Throws a `StorageError` of code
 * `invalid_value` when either is not a JSON object.
 *
 * @example
 * ```ts
 * import { mergeJson } from "./merge_json.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(mergeJson('{"a":9007199254740993,"b":1}', '{"b":2.0}'), '{"a": 9007199254740993, "b": 2.0}');
 * assertEquals(mergeJson(null, '{"a":1}'), '{"a": 1}');
 * ```
 */
export function mergeJson(base: string | null, patch: string): string {
  const merged = {
    ...parseObject(base || "{}", "what is stored"),
    ...parseObject(patch || "{}", "the patch"),
  };
  return dumpsJsonDict(merged, { sortKeys: false, allowNan: false });
}

function parseObject(text: string, name: string): object {
  checkText(text, name);
  const value = parseExact(text, name);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(`${name} is not a JSON object`);
  }
  return value;
}

/** Parses with numbers as Python holds them: ints of any size, floats marked as such. */
function parseExact(text: string, name: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? exactNumber(context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, revive);
  } catch (cause) {
    throw invalid(`${name} is not JSON`, cause);
  }
}

function exactNumber(source: string): number | bigint | PyFloat {
  return /^-?\d+$/.test(source) ? BigInt(source) : new PyFloat(Number(source));
}
