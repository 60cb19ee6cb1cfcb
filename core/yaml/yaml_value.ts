/**
 * The values that carrel writes as YAML: JSON's.
 *
 * @module
 */

/** A value of a YAML document. */
export type YamlValue =
  | null
  | boolean
  | number
  | string
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** A YAML mapping. */
export type YamlMap = { readonly [key: string]: YamlValue };

/** Deeper documents are somebody's attack or a mistake, and aliases can nest a value in itself. */
const DEPTH_MAX = 64;

/**
 * True if `value` is made of nulls, booleans, numbers, strings, lists and maps alone, nested at most 64
 * levels deep (an alias can put a value into itself).
 *
 * @example
 * ```ts
 * import { isYamlValue } from "./yaml_value.ts";
 * import { assert } from "@std/assert";
 * assert(isYamlValue({ mode: "cli", hooks: [null] }));
 * assert(!isYamlValue([undefined]) && !isYamlValue(new Map()));
 * ```
 */
export function isYamlValue(value: unknown): value is YamlValue {
  return isPlainTree(value, 0);
}

/**
 * A parsed document as a mapping; null when it is none or not {@linkcode isYamlValue}.
 *
 * @example
 * ```ts
 * import { asYamlMap } from "./yaml_value.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(asYamlMap({ mode: "cli", labels: {} }), { mode: "cli", labels: {} });
 * assertEquals(asYamlMap(["cli"]), null);
 * ```
 */
export function asYamlMap(value: unknown): YamlMap | null {
  return isYamlValue(value) && isMap(value) ? value : null;
}

function isMap(value: YamlValue): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlainTree(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return true;
    case "object":
      if (value === null) return true;
      return depth <= DEPTH_MAX && isPlainCollection(value) &&
        Object.values(value).every((item) => isPlainTree(item, depth + 1));
    default:
      return false;
  }
}

/** Dates, maps and the like would be written as empty mappings. */
function isPlainCollection(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/**
 * True if both hold the same; the order of keys does not count, and NaN equals itself.
 *
 * @example
 * ```ts
 * import { sameYamlValue } from "./yaml_value.ts";
 * import { assert } from "@std/assert";
 * assert(sameYamlValue({ a: 1, b: [null] }, { b: [null], a: 1 }));
 * assert(!sameYamlValue({ a: 1 }, { a: "1" }));
 * ```
 */
export function sameYamlValue(a: YamlValue, b: YamlValue): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  const left = new Map(Object.entries(a));
  const right = new Map(Object.entries(b));
  return left.size === right.size && keys.every((key) => {
    const [x, y] = [left.get(key), right.get(key)];
    return x !== undefined && y !== undefined && sameYamlValue(x, y);
  });
}
