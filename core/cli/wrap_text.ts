/**
 * Running text in a given width.
 *
 * @module
 */
import { displayWidth } from "../text/display_width.ts";

/**
 * Breaks text at spaces so that lines take at most `columns` cells where words allow it. Existing line
 * ends stay. All lines but the first are indented by `indent` more cells.
 *
 * @example
 * ```ts
 * import { wrapText } from "./wrap_text.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(wrapText("one two three", 7, 2), "one two\n  three");
 * ```
 */
export function wrapText(text: string, columns: number, indent = 0): string {
  const margin = " ".repeat(indent);
  return text.split("\n").map((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(" ")) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && displayWidth(longer) > columns) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return [...lines, line].join(`\n${margin}`);
  }).join(`\n${margin}`);
}
