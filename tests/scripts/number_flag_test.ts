import { assertEquals, assertThrows } from "@std/assert";
import { numberFlag } from "../../scripts/number_flag.ts";

Deno.test("numberFlag() takes the number after the flag, else the default", () => {
  assertEquals(numberFlag("rounds", 3, ["--calls", "9", "--rounds", "5"]), 5);
  assertEquals(numberFlag("rounds", 3, ["--calls", "9"]), 3);
});

Deno.test("numberFlag() refuses what is no integer from 1 up", () => {
  for (const args of [["--rounds"], ["--rounds", "0"], ["--rounds", "1.5"], ["--rounds", "many"]]) {
    assertThrows(() => numberFlag("rounds", 3, args), TypeError, "--rounds takes an integer from 1 up");
  }
});
