import { assertEquals } from "@std/assert";
import { checkCapacity, checkKeys, type HoldCall } from "../../scripts/sweep/check_history.ts";

function acquired(holder: string, begun: number, ended: number, token: number): HoldCall {
  return { kind: "acquire", holder, begun, ended, code: 0, token };
}

function released(holder: string, begun: number, ended: number): HoldCall {
  return { kind: "release", holder, begun, ended, code: 0, token: null };
}

Deno.test("checkCapacity() sees more holds than there is room for", () => {
  const calls = [acquired("a", 0, 1, 1), acquired("b", 2, 3, 2)];
  assertEquals(checkCapacity(calls, 2), []);
  assertEquals(checkCapacity(calls, 1), ["2 held at once of 1"]);
  assertEquals(checkCapacity([...calls, released("a", 1.5, 1.7)], 1), []);
});

Deno.test("checkCapacity() takes nothing for sure that may have been over", () => {
  // The release overlaps: it may have come after the acquisition.
  assertEquals(checkCapacity([acquired("a", 0, 5, 1), released("a", 2, 3), acquired("b", 6, 7, 2)], 1), []);
});

Deno.test("checkCapacity() wants tokens that grow", () => {
  assertEquals(checkCapacity([acquired("a", 0, 1, 2), released("a", 2, 3), acquired("b", 4, 5, 1)], 1), [
    "the token 1 came after 2",
  ]);
  assertEquals(checkCapacity([acquired("a", 0, 1, 1), acquired("b", 0, 1, 1)], 2), [
    "one token was given twice",
  ]);
});

Deno.test("checkKeys() wants one execution for each key, and one key for each id", () => {
  const call = { begun: 0, ended: 1, key: "k", code: 0, taskId: "q7w2x", op: "one" };
  assertEquals(checkKeys([call, { ...call, code: 6, taskId: null, op: null }]), []);
  assertEquals(checkKeys([call, { ...call, op: "two" }]).length, 1);
  assertEquals(checkKeys([call, { ...call, key: "other" }]).length, 1);
});
