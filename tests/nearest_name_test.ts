/** Tests of suggestions. @module */
import { assertEquals } from "@std/assert";
import { nearestName } from "../core/nearest_name.ts";

const KEYS = ["paths.root", "run.image", "run.memory", "run.env", "run", "git.upstream_url"];

Deno.test("nearestName() finds what was meant", () => {
  const cases: [string, string][] = [
    ["run.imgae", "run.image"],
    ["run.memroy", "run.memory"],
    ["runs", "run"],
    ["memory", "run.memory"],
    ["imgae", "run.image"],
    ["container.image", "run.image"],
  ];
  for (const [given, expected] of cases) assertEquals(nearestName(given, KEYS), expected, given);
});

Deno.test("nearestName() is silent when nothing is near", () => {
  for (const given of ["", "x", "rnu", "colour", "run.zzzzzzz", "q".repeat(100_000)]) {
    assertEquals(nearestName(given, KEYS), null, given.slice(0, 20));
  }
  assertEquals(nearestName("run", []), null);
});

Deno.test("nearestName() prefers the whole key to its last part, and the first of equals", () => {
  assertEquals(nearestName("run.port", ["web.port", "run.ports"]), "run.ports");
  assertEquals(nearestName("abcx", ["abcy", "abcz"]), "abcy");
});
