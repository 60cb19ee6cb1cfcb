/**
 * Writes values as YAML that loads with the same types everywhere.
 *
 * The measure is Python's ruamel.yaml, whose round-trip loader reads records that carrel wrote; YAML 1.1
 * and 1.2 readers must agree too. So a string stands plain only when no reader could take it for anything
 * else, and timestamps are always quoted. Null is an empty value, dashes stand at their parent's indent,
 * maps are indented by two: the style of the reference's own files.
 *
 * @module
 */
import type { YamlMap, YamlValue } from "./yaml_value.ts";

/** Begins with a letter or slash; of the characters that mean something to YAML only the colon. */
const PLAIN = /^[A-Za-z/][A-Za-z0-9 _/.@%+=,()~:-]*$/;
const COLON_OR_SPACE_AT_END = /:(?: |$)| $/;
const WORDS = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
const WORD_LENGTH_MAX = 5;

/** Controls, line breaks of any YAML version, byte order marks, half surrogates, non-characters. */
// deno-lint-ignore no-control-regex
const NEEDS_ESCAPE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;
const LEFT_BY_JSON = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * True if a string can stand without quotes.
 *
 * @example
 * ```ts
 * import { isPlainSafe } from "./scalar.ts";
 * import { assert } from "@std/assert";
 * assert(isPlainSafe("/home/ada/tasks"));
 * assert(!isPlainSafe("2026-09-14") && !isPlainSafe("no") && !isPlainSafe("a: b"));
 * ```
 */
export function isPlainSafe(text: string): boolean {
  return PLAIN.test(text) && !COLON_OR_SPACE_AT_END.test(text) &&
    (text.length > WORD_LENGTH_MAX || !WORDS.test(text));
}

/**
 * Writes one scalar; null becomes empty text.
 *
 * @example
 * ```ts
 * import { encodeScalar } from "./scalar.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(encodeScalar("2026-09-14"), "'2026-09-14'");
 * assertEquals(encodeScalar("two\nlines"), '"two\\nlines"');
 * assertEquals(encodeScalar(1e-7), "1.0e-7");
 * ```
 */
export function encodeScalar(value: null | boolean | number | string): string {
  if (value === null) return "";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return encodeNumber(value);
  if (isPlainSafe(value)) return value;
  if (!NEEDS_ESCAPE.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value).replace(
    LEFT_BY_JSON,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function encodeNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Object.is(value, -0)) return "-0.0";
  // YAML 1.1 knows no exponent without a fraction.
  return String(value).replace(/^(-?\d+)e/, "$1.0e");
}

/**
 * Writes one entry of a mapping, with its line end.
 *
 * @example
 * ```ts
 * import { encodeEntry } from "./scalar.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(encodeEntry("web_port", null), "web_port:\n");
 * assertEquals(encodeEntry("hooks_fired", ["pre_start"]), "hooks_fired:\n- pre_start\n");
 * assertEquals(encodeEntry("labels", { team: "7" }), "labels:\n  team: '7'\n");
 * ```
 */
export function encodeEntry(key: string, value: YamlValue): string {
  return entryLines(key, value).map((line) => `${line}\n`).join("");
}

/**
 * Writes a mapping as a whole document.
 *
 * @example
 * ```ts
 * import { encodeDocument } from "./scalar.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(encodeDocument({ mode: "cli", web_port: null }), "mode: cli\nweb_port:\n");
 * assertEquals(encodeDocument({}), "{}\n");
 * ```
 */
export function encodeDocument(map: YamlMap): string {
  return Object.entries(map).map(([key, value]) => encodeEntry(key, value)).join("") || "{}\n";
}

function entryLines(key: string, value: YamlValue): string[] {
  const name = `${encodeScalar(key)}:`;
  const inline = encodeInline(value);
  if (inline !== null) return [inline === "" ? name : `${name} ${inline}`];
  const lines = blockLines(value);
  return [name, ...(Array.isArray(value) ? lines : lines.map((line) => `  ${line}`))];
}

/** What fits behind a key or dash; null for a collection that has entries. */
function encodeInline(value: YamlValue): string | null {
  if (typeof value !== "object" || value === null) return encodeScalar(value);
  if (Object.keys(value).length > 0) return null;
  return Array.isArray(value) ? "[]" : "{}";
}

function blockLines(value: YamlValue): string[] {
  if (typeof value !== "object" || value === null) return [encodeScalar(value)];
  if (!isList(value)) return Object.entries(value).flatMap(([key, item]) => entryLines(key, item));
  return value.flatMap((item) => {
    const inline = encodeInline(item);
    // Some readers take the dash behind an empty nested item for one of the same list.
    if (inline !== null) return [`- ${inline || "null"}`];
    return blockLines(item).map((line, index) => `${index === 0 ? "- " : "  "}${line}`);
  });
}

// Array.isArray does not narrow readonly arrays.
function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}
