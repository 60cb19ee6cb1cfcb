/**
 * Reads the ordinary shape of carrel's own YAML without a YAML library.
 *
 * Thousands of task records and agents' files are of this shape: a mapping of words to scalars, to lists
 * of scalars and to maps of scalars. Loading and running the library costs more than all else that a
 * listing does. Whatever is not certain is left to the library, and a property test holds both to the
 * same answers.
 *
 * @module
 */
import { isPlainSafe } from "./scalar.ts";
import type { YamlValue } from "./yaml_value.ts";

const ENTRY = /^([A-Za-z][A-Za-z0-9_./-]*):(?: (.*))?$/;
const COMMENT = /^#[\t -~]*$/;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;
/** Text without controls, line breaks of any kind, byte order marks and half surrogates. */
const SINGLE_QUOTED = /^'((?:[ -&(-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|'')*)'$/;
const DOUBLE_QUOTED = /^"([ !#-[\]-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*)"$/;

/**
 * Reads a flat mapping; undefined when the text is of any other shape, whether valid or not.
 *
 * @example
 * ```ts
 * import { readFlatMap } from "./flat_map.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(readFlatMap("mode: cli\nweb_port:\nhooks_fired:\n- pre_start\n"), {
 *   mode: "cli",
 *   web_port: null,
 *   hooks_fired: ["pre_start"],
 * });
 * assertEquals(readFlatMap("mode: &anchor cli\n"), undefined);
 * ```
 */
export function readFlatMap(text: string): Record<string, YamlValue> | undefined {
  const map: Record<string, YamlValue> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line === "" || COMMENT.test(line)) continue;
    const match = ENTRY.exec(line);
    const key = match?.[1];
    if (match === null || key === undefined || Object.hasOwn(map, key) || !isPlainSafe(key)) return undefined;
    let value: YamlValue | undefined = null;
    if (match[2] !== undefined) {
      value = readScalar(match[2]);
    } else {
      const end = blockEnd(lines, at + 1);
      if (end > at + 1) value = readBlock(lines.slice(at + 1, end));
      at = end - 1;
    }
    if (value === undefined) return undefined;
    map[key] = value;
  }
  return Object.keys(map).length === 0 ? undefined : map;
}

function blockEnd(lines: readonly string[], from: number): number {
  let end = from;
  while (/^(?:-| )/.test(lines[end] ?? "")) end++;
  return end;
}

function readBlock(lines: readonly string[]): YamlValue | undefined {
  if (lines[0]?.startsWith(" ")) {
    const flat = lines.every((line) => /^ {2}[A-Za-z]/.test(line) && !/:$/.test(line));
    return flat ? readFlatMap(lines.map((line) => line.slice(2)).join("\n")) : undefined;
  }
  const items: YamlValue[] = [];
  for (const line of lines) {
    const item = line.startsWith("- ") ? readScalar(line.slice(2)) : undefined;
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function readScalar(text: string): YamlValue | undefined {
  if (text.startsWith("'")) return SINGLE_QUOTED.exec(text)?.[1]?.replaceAll("''", "'");
  if (text.startsWith('"')) return DOUBLE_QUOTED.exec(text)?.[1];
  if (isPlainSafe(text)) return text;
  if (text === "true" || text === "false") return text === "true";
  if (INTEGER.test(text)) return Number(text);
  if (text === "[]") return [];
  return text === "{}" ? {} : undefined;
}
