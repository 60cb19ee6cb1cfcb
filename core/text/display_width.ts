/**
 * How many cells a text takes on a terminal, and how to shorten it to a number of cells.
 *
 * @module
 */

// Unicode Standard Annex 11: blocks whose characters are wide or fullwidth. Emoji outside of them are
// wide when they are shown as pictures by default; of a flag, which is two of them, each half counts one.
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|(?![\u{1f1e6}-\u{1f1ff}])\p{Emoji_Presentation}/u;
/** Marks that sit on another character, invisible format characters, and the style markers of `style.ts`. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff\ufdd0-\ufdef]/u;
const ASCII = /^[\x20-\x7e]*$/;
const STYLE_MARKER = /[\ufdd0-\ufdef]/;

/**
 * Cells that `text` takes on a terminal. Control characters count nothing: sanitise first.
 *
 * @example
 * ```ts
 * import { displayWidth } from "./display_width.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(["shelf", "書架", "e\u0301"].map(displayWidth), [5, 4, 1]);
 * ```
 */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** Shortens `text` to at most `cells` (1 or more), with `…` at the end when something was cut off. */
export function truncateText(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let width = 0;
  let isCut = false;
  let kept = "";
  for (const char of text) {
    // A style that was opened before the cut must still be closed after it.
    if (STYLE_MARKER.test(char)) kept += char;
    if (isCut || STYLE_MARKER.test(char)) continue;
    width += charWidth(char);
    isCut = width > cells - 1;
    kept += isCut ? "…" : char;
  }
  return kept;
}

function charWidth(char: string): number {
  if (ZERO.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}
