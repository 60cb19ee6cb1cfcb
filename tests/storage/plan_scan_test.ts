import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { planScan } from "../../core/storage/plan_scan.ts";
import { TreeSum } from "../../core/storage/tree_sum.ts";

Deno.test("planScan() gives every tree once as a whole, or once in each half", async () => {
  const host = newMemoryHost();
  const trees = { large: [] as TreeSum[], small: [] as TreeSum[] };
  for (let at = 0; at < 100; at++) host.files.put(`/tmp/large/dir${at}/f`, "");
  await fc.assert(fc.asyncProperty(fc.nat(3), fc.nat(900), async (large, small) => {
    trees.large = Array.from({ length: large }, () => new TreeSum("/tmp/large"));
    trees.small = Array.from({ length: small }, () => new TreeSum("/tmp/small"));
    const calls = await planScan(host.files, [...trees.small, ...trees.large]);
    const looked = (part: unknown) =>
      calls.filter((call) => JSON.stringify(call.part) === JSON.stringify(part)).flatMap((call) =>
        call.trees
      );
    assertEquals(looked({ depth: 1, half: "first" }), trees.large);
    assertEquals(looked({ depth: 1, half: "second" }), trees.large);
    assertEquals(looked("whole"), trees.small);
    for (const call of calls) assertEquals(call.trees.length > 0 && call.trees.length <= 200, true);
  }));
});
