/**
 * Making JSON of what Python takes for JSON.
 *
 * @module
 */

/** A string, which stays as it is, or a number that JSON does not have; a name of a member is never one. */
const STRING_OR_TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"|(?:NaN|-?Infinity)(?!\s*:)/g;

/** A JSON text, and whether it had to be changed. */
export interface RepairedJson {
  /** JSON (RFC 8259). */
  readonly text: string;
  /** Which tokens became strings; empty when the text is the given one. */
  readonly replaced: readonly string[];
}

/**
 * Returns JSON as it is, digit for digit. Where bare `NaN`, `Infinity` and `-Infinity` keep a text from being
 * JSON they become strings, of which JavaScript's `Number()` makes the same numbers again. Null when it is
 * not JSON even so.
 *
 * @example
 * ```ts
 * import { repairJson } from "./repair_json.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(repairJson('{"a": 1.0}'), { text: '{"a": 1.0}', replaced: [] });
 * assertEquals(repairJson('["NaN", NaN]'), { text: '["NaN", "NaN"]', replaced: ["NaN"] });
 * assertEquals(repairJson("{"), null);
 * ```
 */
export function repairJson(text: string): RepairedJson | null {
  if (isJson(text)) return { text, replaced: [] };
  const replaced = new Set<string>();
  const repaired = text.replace(STRING_OR_TOKEN, (part) => {
    if (part.startsWith('"')) return part;
    replaced.add(part);
    return `"${part}"`;
  });
  return isJson(repaired) ? { text: repaired, replaced: [...replaced] } : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
