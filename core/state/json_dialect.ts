/**
 * JSON as Python's `json.dumps(data, sort_keys=True, default=str)` writes it, byte for byte.
 *
 * @module
 */
import { timeParts } from "../meta/time.ts";
import { invalid } from "./check_input.ts";

/** A number that Python would hold as a float: 1 is written `1.0`. */
export class PyFloat {
  /** The number. */
  readonly value: number;

  /** Marks a number. */
  constructor(value: number) {
    this.value = value;
  }
}

/** The text that Python's `str()` gives for a value that JSON does not have, such as a path or a UUID. */
export class PyStr {
  /** The text. */
  readonly text: string;

  /** Marks a text. */
  constructor(text: string) {
    this.text = text;
  }
}

/** Options of {@linkcode dumpsJsonDict}. */
export interface DumpsOptions {
  /** Keys in order at every depth, texts by code point, numbers by size. Default true. */
  readonly sortKeys?: boolean;
  /** Write `NaN`, `Infinity` and `-Infinity` bare, which is not JSON, instead of refusing them. Default true. */
  readonly allowNan?: boolean;
}

type Settings = Required<DumpsOptions>;
type Key = string | number | bigint | boolean | null | PyFloat;

/** Beyond this depth Python gives up as well. */
const DEPTH_MAX = 1000;

/**
 * Writes a value. Integers up to 2^53 are Python ints, all other numbers floats; a bigint is an int, a
 * {@linkcode PyFloat} a float. A Map is a dict, with keys that may be numbers, booleans or null. A Date is an
 * aware datetime in UTC. Members that are undefined are left out; in arrays they are null.
 *
 * Throws a `StorageError` of code `invalid_value` for anything else, circles, keys of mixed types when
 * they are sorted, and (unless allowed) NaN and infinities.
 *
 * @example
 * ```ts
 * import { dumpsJsonDict, PyFloat } from "./json_dialect.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(dumpsJsonDict({ b: new PyFloat(1), a: ["é", null] }), String.raw`{"a": ["\u00e9", null], "b": 1.0}`);
 * ```
 */
export function dumpsJsonDict(data: unknown, options: DumpsOptions = {}): string {
  const { sortKeys = true, allowNan = true } = options;
  return encode(data, { sortKeys, allowNan }, []);
}

/** `parents` is one stack for the whole value. */
function encode(value: unknown, settings: Settings, parents: object[]): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object") return encodeScalar(value, settings);
  if (value === null) return "null";
  if (value instanceof PyStr) return quote(value.text);
  if (value instanceof PyFloat) return formatFloat(value.value, settings);
  if (value instanceof Date) return quote(formatDate(value));
  if (parents.includes(value)) throw invalid("the value contains itself");
  if (parents.length >= DEPTH_MAX) throw invalid(`the value is more than ${DEPTH_MAX} levels deep`);
  parents.push(value);
  const text = Array.isArray(value)
    ? `[${encodeItems(value, settings, parents)}]`
    : `{${encodeMembers(value, settings, parents)}}`;
  parents.pop();
  return text;
}

function encodeItems(items: readonly unknown[], settings: Settings, parents: object[]): string {
  let text = "";
  for (const item of items) {
    if (text !== "") text += ", ";
    text += item === undefined ? "null" : encode(item, settings, parents);
  }
  return text;
}

function encodeMembers(value: object, settings: Settings, parents: object[]): string {
  const members = membersOf(value);
  if (settings.sortKeys) sortByKey(members);
  let text = "";
  for (const [key, member] of members) {
    if (text !== "") text += ", ";
    text += `${quote(keyText(key, settings))}: ${encode(member, settings, parents)}`;
  }
  return text;
}

function encodeScalar(value: unknown, settings: Settings): string {
  switch (typeof value) {
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      return isInteger(value) ? String(value) : formatFloat(value, settings);
    default:
      throw invalid(`JSON has no ${typeof value}`);
  }
}

/** What is defined in a Map or a plain object; everything else has no text of its own in Python. */
function membersOf(value: object): [key: unknown, member: unknown][] {
  const members = value instanceof Map ? [...value] : Object.entries(requirePlain(value));
  return members.filter(([, member]) => member !== undefined);
}

function requirePlain(value: object): object {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return value;
  throw invalid(`JSON has no ${value.constructor.name}: give its text as a PyStr`);
}

function keyText(key: unknown, settings: Settings): string {
  if (typeof key === "string") return key;
  if (key === null) return "null";
  if (key instanceof PyFloat) return formatFloat(key.value, settings);
  if (typeof key === "object" || key === undefined) {
    throw invalid("a key must be text, a number, a boolean or null");
  }
  return encodeScalar(key, settings);
}

/** Sorts by the raw keys, as Python compares them; equal keys cannot be, one key of any type may. */
function sortByKey(members: [key: unknown, member: unknown][]): void {
  if (members.length < 2) return;
  if (members.every(([key]) => typeof key === "string")) {
    members.sort(([one], [other]) => compareCodePoints(String(one), String(other)));
  } else if (members.every(([key]) => isNumeric(key))) {
    members.sort(([one], [other]) => compareNumbers(toNumber(one), toNumber(other)));
  } else {
    throw invalid("keys of mixed types cannot be sorted");
  }
}

function isNumeric(key: unknown): key is Exclude<Key, string | null> {
  return ["number", "bigint", "boolean"].includes(typeof key) || key instanceof PyFloat;
}

function toNumber(key: unknown): number | bigint {
  if (key instanceof PyFloat) return key.value;
  return typeof key === "bigint" ? key : Number(key);
}

/** Exact for a bigint against a number too. */
function compareNumbers(one: number | bigint, other: number | bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** UTF-16 puts astral characters before U+E000 to U+FFFF; code points do not. */
function compareCodePoints(one: string, other: string): number {
  for (let at = 0;;) {
    const a = one.codePointAt(at), b = other.codePointAt(at);
    if (a === undefined || b === undefined) return one.length - other.length;
    if (a !== b) return a - b;
    at += a > 0xffff ? 2 : 1;
  }
}

/** Nothing to escape: the usual case, and much the fastest to find out. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A JSON string of printable ASCII only. */
function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const unicodeEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/[^ -~]/g, unicodeEscape);
}

/** Whether a number is a Python int: a negative zero is not. */
function isInteger(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** Python's `repr(float)`: the same shortest digits as JavaScript's, in its own notation. */
function formatFloat(value: number, { allowNan }: Settings): string {
  if (!Number.isFinite(value)) {
    if (!allowNan) throw invalid(`JSON has no ${value}`);
    return String(value);
  }
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "", power = ""] = Math.abs(value).toExponential().split("e");
  const exponent = Number(power);
  const digits = mantissa.replace(".", "");
  if (exponent < -4 || exponent >= 16) {
    const padded = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${padded}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** `str()` of an aware datetime in UTC; the fraction is left out when it is zero. */
function formatDate(date: Date): string {
  const millis = date.getTime();
  const year = date.getUTCFullYear();
  if (Number.isNaN(millis) || year < 1 || year > 9999) {
    throw invalid("the time is outside the years 1 to 9999");
  }
  const { date: day, time, fraction } = timeParts(millis * 1000);
  return `${day} ${time}${fraction === "000000" ? "" : `.${fraction}`}+00:00`;
}
