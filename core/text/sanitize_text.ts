/**
 * Makes text from elsewhere harmless for a terminal.
 *
 * @module
 */

// Controls of ISO 6429 (C0, DEL, C1) and the bidirectional embeddings, overrides and isolates of
// Unicode, which can reorder what a reader sees ("Trojan Source", CVE-2021-42574).
// deno-lint-ignore no-control-regex
const HARMFUL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
// deno-lint-ignore no-control-regex
const HARMFUL_IN_LINE = /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
const HARMFUL_IN_JSON = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Writes control characters and bidirectional overrides as visible escapes (`\x1b`, `\u202e`). Line
 * ends and tabs stay.
 *
 * @example
 * ```ts
 * import { sanitizeText } from "./sanitize_text.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(sanitizeText("a\x1b[31mb\n"), "a\\x1b[31mb\n");
 * ```
 */
export function sanitizeText(text: string): string {
  return text.replace(HARMFUL, escape);
}

/** Like {@linkcode sanitizeText}, for what must stay on one line: line ends and tabs are escaped too. */
export function sanitizeLine(text: string): string {
  return text.replace(HARMFUL_IN_LINE, escape);
}

/**
 * One line of JSON whose strings cannot steer a terminal either. JSON itself only escapes C0; what is
 * escaped here besides means the same to every JSON reader.
 */
export function formatJson(data: unknown): string {
  return JSON.stringify(data).replace(HARMFUL_IN_JSON, (char) => `\\u${hex(char, 4)}`);
}

function escape(char: string): string {
  return char < "\u0100" ? `\\x${hex(char, 2)}` : `\\u${hex(char, 4)}`;
}

function hex(char: string, digits: number): string {
  return char.charCodeAt(0).toString(16).padStart(digits, "0");
}
