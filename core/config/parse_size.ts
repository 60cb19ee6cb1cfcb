/**
 * Sizes in bytes as people write them.
 *
 * @module
 */
import { AppError } from "../error.ts";

const UNITS = "bkmgt";

/**
 * Reads a size: a number of bytes, or one with a unit (`10M`, `1g`, `512KiB`; `k m g t`, any case,
 * optionally followed by `b` or `ib`). A unit is a power of 1024, as podman has it. Answers bytes.
 * Throws `invalid_value`.
 *
 * @example
 * ```ts
 * import { parseSize } from "./parse_size.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(["4096", "10M", "1GiB"].map(parseSize), [4096, 10_485_760, 1_073_741_824]);
 * ```
 */
export function parseSize(text: string): number {
  const match = /^(\d+)(?:b|([kmgt])(?:i?b)?)?$/.exec(text.trim().toLowerCase());
  const bytes = match === null ? NaN : Number(match[1]) * 1024 ** UNITS.indexOf(match[2] ?? "b");
  if (!Number.isSafeInteger(bytes)) {
    throw new AppError("invalid_value", `${JSON.stringify(text)} is not a size`, {
      hint: "write a number of bytes, or one with a unit such as 512K, 10M, 1G",
    });
  }
  return bytes;
}
