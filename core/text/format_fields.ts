/**
 * Aligned `Label: value` lines.
 *
 * @module
 */
import { displayWidth } from "./display_width.ts";
import { sanitizeLine } from "./sanitize_text.ts";

/**
 * One line a field, values aligned; fields without a value are left out.
 *
 * @example
 * ```ts
 * import { formatFields } from "./format_fields.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatFields([["Name", "a"], ["Exit code", "7"], ["Mode", null]]), "Name:      a\nExit code: 7\n");
 * ```
 */
export function formatFields(fields: readonly (readonly [label: string, value: string | null])[]): string {
  const shown = fields.flatMap(([label, value]) => value === null ? [] : [[`${label}:`, value] as const]);
  const width = Math.max(0, ...shown.map(([label]) => displayWidth(label)));
  return shown.map(([label, value]) => `${label.padEnd(width)} ${sanitizeLine(value)}\n`).join("");
}
