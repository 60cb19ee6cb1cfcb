/**
 * The choice is uniform: every source value is fed in once and every place must come up equally often.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { randomIndex } from "../../core/identity/random_index.ts";
import { InvariantError } from "../../core/invariant.ts";

const END = Symbol("end of the source");

/** How often each index is drawn when the source yields every value of `width` bytes exactly once. */
function census(length: number, width: number): number[] {
  const counts = new Array<number>(length).fill(0);
  let value = 0;
  const source = (count: number) => {
    assertEquals(count, width);
    if (value === 0x100 ** width) throw END;
    const bytes = width === 1 ? [value] : [value >> 8, value & 0xff];
    value++;
    return new Uint8Array(bytes);
  };
  for (;;) {
    try {
      const index = randomIndex(source, length);
      counts[index] = (counts[index] ?? 0) + 1;
    } catch (error) {
      if (error === END) return counts;
      throw error;
    }
  }
}

Deno.test("randomIndex() draws every index equally often, one byte a draw up to 256", () => {
  for (const length of [1, 2, 10, 16, 25, 32, 100, 255, 256]) {
    assertEquals(census(length, 1), new Array(length).fill(Math.floor(256 / length)));
  }
});

Deno.test("randomIndex() draws every index equally often, two bytes a draw above 256", () => {
  for (const length of [257, 460, 65536]) {
    assertEquals(census(length, 2), new Array(length).fill(Math.floor(65536 / length)));
  }
});

Deno.test("randomIndex() refuses to choose from nothing or from too much", () => {
  const source = (count: number) => new Uint8Array(count);
  for (const length of [0, -1, 1.5, 65537]) assertThrows(() => randomIndex(source, length), InvariantError);
});
