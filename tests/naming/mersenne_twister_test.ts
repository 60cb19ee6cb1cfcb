/**
 * The generator against published output.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { newMersenneTwister } from "../../core/naming/mersenne_twister.ts";

function outputs(key: readonly number[], count: number): number[] {
  const next = newMersenneTwister(key);
  return Array.from({ length: count }, next);
}

Deno.test("newMersenneTwister() gives the published output of mt19937ar", () => {
  // mt19937ar.out, first and last of 1000: the state is renewed once on the way.
  const values = outputs([0x123, 0x234, 0x345, 0x456], 1000);
  assertEquals(values.slice(0, 5), [1067595299, 955945823, 477289528, 4107218783, 4228976476]);
  assertEquals(values.slice(-5), [2643151863, 3896204135, 2416995901, 1397735321, 3460025646]);
});

Deno.test("newMersenneTwister() takes a key longer than its state", () => {
  const key = Array.from({ length: 700 }, (_, index) => index + 1);
  assertEquals(outputs(key, 3), [1434167400, 83764642, 1980819017]);
});
