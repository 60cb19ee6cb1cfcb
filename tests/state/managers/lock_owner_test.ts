import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { newDenoHost } from "../../../core/host/deno_host.ts";
import { newMemoryHost } from "../../../core/host/memory_host.ts";
import {
  decodeLockOwner,
  encodeLockOwner,
  judgeProcessOwner,
  type LockOwner,
  processOwner,
} from "../../../core/state/managers/lock_owner.ts";

Deno.test("decodeLockOwner() gives back every owner, and null for anything else", () => {
  const text = fc.string();
  const process = fc.record({
    kind: fc.constant("process" as const),
    host: text,
    boot_id: text,
    pid_namespace: text,
    pid: fc.nat(),
    start_ticks: fc.nat(),
  });
  const container = { kind: fc.constant("container" as const), host: text, runtime: text, project: text };
  const owner: fc.Arbitrary<LockOwner> = fc.oneof(
    process,
    fc.record({ ...container, name: text }),
    fc.record({ ...container, name: text, launcher: process }),
    fc.record({ kind: fc.constant("lease" as const), name: text }),
  );
  fc.assert(fc.property(owner, (one) => assertEquals(decodeLockOwner(encodeLockOwner(one)), one)));
  for (const other of [null, "", "me", "[]", "5", '{"kind": "toString"}']) {
    assertEquals(decodeLockOwner(other), null);
  }
});

Deno.test("judgeProcessOwner() knows this process, and what it is not", async () => {
  const host = newDenoHost();
  const owner = await processOwner(host, Deno.pid);
  assert(owner !== null);
  const judge = (change: Partial<typeof owner>) => judgeProcessOwner({ ...owner, ...change }, host);
  assertEquals(await judge({}), "alive");
  assertEquals(await judge({ start_ticks: owner.start_ticks + 1 }), "gone");
  assertEquals(await judge({ boot_id: "an earlier one" }), "gone");
  assertEquals(await judge({ host: "elsewhere", boot_id: "another" }), "unknown");
  assertEquals(await judge({ pid_namespace: "pid:[1]", pid: 1 }), "unknown");
});

Deno.test("judgeProcessOwner() sees that a process has ended", async () => {
  const host = newDenoHost();
  const child = new Deno.Command("cat", { stdin: "piped" }).spawn();
  const owner = await processOwner(host, child.pid);
  assert(owner !== null);
  assertEquals(await judgeProcessOwner(owner, host), "alive");
  await child.stdin.close();
  await child.status;
  assertEquals(await judgeProcessOwner(owner, host), "gone");
  assertEquals(await processOwner(host, child.pid), null);
});

Deno.test("processOwner() names the machine", async () => {
  const { processes, system } = newMemoryHost({
    system: { hostname: "desk", bootId: "b", pidNamespace: "n" },
  });
  const owner = await processOwner({ processes: { ...processes, identify: identifyAs(7) }, system }, 42);
  assertEquals(owner, {
    kind: "process",
    host: "desk",
    boot_id: "b",
    pid_namespace: "n",
    pid: 42,
    start_ticks: 7,
  });
});

function identifyAs(startTicks: number): (pid: number) => Promise<{ pid: number; startTicks: number }> {
  return (pid) => Promise.resolve({ pid, startTicks });
}
