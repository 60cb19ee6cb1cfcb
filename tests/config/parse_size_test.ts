/** Tests of sizes. @module */
import { assertEquals, assertThrows } from "@std/assert";
import { parseSize } from "../../core/config/parse_size.ts";
import { AppError } from "../../core/error.ts";

Deno.test("parseSize() reads bytes and units of 1024", () => {
  const cases: [string, number][] = [
    ["0", 0],
    ["4096", 4096],
    ["10b", 10],
    ["1k", 1024],
    ["10M", 10_485_760],
    ["10mb", 10_485_760],
    ["1GiB", 1_073_741_824],
    ["2T", 2_199_023_255_552],
    [" 5k ", 5120],
  ];
  for (const [text, bytes] of cases) assertEquals(parseSize(text), bytes, text);
});

Deno.test("parseSize() refuses everything else", () => {
  for (const text of ["", "M", "-1", "1.5M", "1 M", "10ib", "1e6", "1kk", "10P", "9999999T"]) {
    const error = assertThrows(() => parseSize(text), AppError, "is not a size");
    assertEquals(error.code, "invalid_value", text);
  }
});
