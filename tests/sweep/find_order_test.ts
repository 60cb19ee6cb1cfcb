import { assertEquals } from "@std/assert";
import { type Call, findOrder } from "../../scripts/sweep/find_order.ts";

interface Access extends Call {
  readonly writes?: number;
  readonly reads?: number;
}

/** One number that can be written and read. */
function step(state: number, { writes, reads }: Access): readonly number[] {
  if (writes !== undefined) return [writes];
  return reads === state ? [state] : [];
}

function kindOf(calls: readonly Access[], stepsMax?: number): string {
  return findOrder(0, calls, step, stepsMax).kind;
}

Deno.test("findOrder() lets calls that overlap take either order", () => {
  const write = { begun: 0, ended: 10, writes: 1 };
  assertEquals(kindOf([write, { begun: 1, ended: 2, reads: 0 }, { begun: 3, ended: 4, reads: 1 }]), "order");
  assertEquals(kindOf([write, { begun: 1, ended: 2, reads: 1 }, { begun: 3, ended: 4, reads: 0 }]), "none");
});

Deno.test("findOrder() holds calls that do not overlap to their order", () => {
  const write = { begun: 0, ended: 1, writes: 1 };
  assertEquals(kindOf([write, { begun: 2, ended: 3, reads: 1 }]), "order");
  assertEquals(kindOf([write, { begun: 2, ended: 3, reads: 0 }]), "none");
});

Deno.test("findOrder() sees a lost update", () => {
  const calls = [{ begun: 0, ended: 5, writes: 1 }, { begun: 0, ended: 5, writes: 2 }];
  assertEquals(kindOf([...calls, { begun: 6, ended: 7, reads: 1 }]), "order");
  assertEquals(
    kindOf([...calls, { begun: 6, ended: 7, reads: 1 }, { begun: 8, ended: 9, reads: 2 }]),
    "none",
  );
});

Deno.test("findOrder() says so when there are too many ways", () => {
  const writes = Array.from({ length: 12 }, (_, at) => ({ begun: 0, ended: 5, writes: at + 1 }));
  assertEquals(kindOf([...writes, { begun: 6, ended: 7, reads: 99 }], 50), "undecided");
});
