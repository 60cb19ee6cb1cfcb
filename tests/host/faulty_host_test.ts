import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import type { Host } from "../../core/port/host.ts";
import { type FaultPlan, HostDied, newFaultyHost } from "../support/faulty_host.ts";

/** Writes a record the careful way, cleaning up after a failure. */
async function writeRecord({ files }: Host): Promise<void> {
  await using _lock = await files.lock("/data/lock", { timeoutMs: 0 });
  try {
    await files.create("/data/new", "12345678", { mode: 0o600 });
    await files.rename("/data/new", "/data/record");
    await files.syncDir("/data");
  } catch (error) {
    await files.removeFile("/data/new");
    throw error;
  }
}

async function after(
  plan: FaultPlan,
): Promise<{ error: unknown; tree: Record<string, string>; calls: number }> {
  const memory = newMemoryHost({ files: { "/data/record": "old" } });
  const host = newFaultyHost(memory, plan);
  const error = await assertRejects(() => writeRecord(host), Error);
  const tree = memory.files.snapshot();
  const record = Object.fromEntries(Object.entries(tree).filter(([path]) => /(new|record)$/.test(path)));
  await (await memory.files.lock("/data/lock", { timeoutMs: 0 })).release();
  return { error, tree: record, calls: host.calls };
}

Deno.test("newFaultyHost() without a plan counts and names the writing calls", async () => {
  const host = newFaultyHost(newMemoryHost());
  await writeRecord(host);
  await host.files.list("/data");
  assertEquals(host.trace, [
    "lock /data/lock",
    "create /data/new",
    "rename /data/new to /data/record",
    "syncDir /data",
  ]);
  assertEquals([host.calls, host.struck], [4, false]);
});

Deno.test("newFaultyHost() fails the planned call, and later calls work", async () => {
  const { error, tree, calls } = await after({ at: 3, with: "disk_full" });
  assertEquals([error instanceof AppError && error.code, calls], ["disk_full", 4]);
  assertEquals(tree, { "/data/record": "old" });
});

Deno.test("newFaultyHost() that dies lets nothing more happen, not even clean-up", async () => {
  const { error, tree } = await after({ at: 3, with: "death" });
  assertEquals(error instanceof HostDied, true);
  assertEquals(tree, { "/data/record": "old", "/data/new": "12345678" });
});

Deno.test("newFaultyHost() can leave half a file, or everything but the answer", async () => {
  const half = await after({ at: 2, with: "death", leaving: "half" });
  assertEquals(half.tree, { "/data/record": "old", "/data/new": "1234" });
  const all = await after({ at: 3, with: "death", leaving: "all" });
  assertEquals(all.tree, { "/data/record": "12345678" });
});

Deno.test("newFaultyHost() fails the start of a process by the same count", async () => {
  const memory = newMemoryHost();
  memory.processes.onCommand(() => ({}));
  const host = newFaultyHost(memory, { at: 2, with: "storage_failed" });
  await host.processes.run({ argv: ["true"] });
  assertThrows(() => host.processes.spawn({ argv: ["true"] }), AppError, "spawn true");
  assertEquals([memory.processes.commands.length, host.struck], [1, true]);
});
