/**
 * Shares as bars of block characters.
 *
 * @module
 */

/** Unicode's left blocks, from an eighth to all of a cell. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

/**
 * A bar of up to `cells` cells for a share from 0 to 1. Whatever is more than nothing can be seen.
 *
 * @example
 * ```ts
 * import { formatBar } from "./format_bar.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals([0, 0.0001, 0.5, 1].map((share) => formatBar(share, 4)), ["", "▏", "██", "████"]);
 * ```
 */
export function formatBar(share: number, cells: number): string {
  const eighths = share <= 0 ? 0 : Math.max(1, Math.round(Math.min(share, 1) * cells * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}
