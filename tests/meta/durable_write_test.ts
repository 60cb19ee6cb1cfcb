import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { durableWrite } from "../../core/meta/durable_write.ts";
import { HostDied, newFaultyHost } from "../support/faulty_host.ts";

const PATH = "/srv/q7m2x_meta.yml";

/** Writing calls of one durable write: create, rename, sync. */
const STEPS = 3;

function newBench(): ReturnType<typeof newMemoryHost> {
  return newMemoryHost({ files: { [PATH]: "old" } });
}

Deno.test("durableWrite() creates, renames and syncs, in this order", async () => {
  const host = newFaultyHost(newBench());
  await durableWrite(host, PATH, "new");
  assertEquals(host.trace.map((call) => call.split(" ")[0]), ["create", "rename", "syncDir"]);
  assertEquals(host.calls, STEPS);
});

Deno.test("durableWrite() replaces the content and leaves nothing beside it, readable by the owner alone", async () => {
  const host = newBench();
  await durableWrite(host, PATH, "new");
  assertEquals(await host.files.readText(PATH), "new");
  assertEquals((await host.files.info(PATH))?.mode, 0o600);
  await durableWrite(host, PATH, new Uint8Array([0, 255]), 0o644);
  assertEquals(await host.files.read(PATH), new Uint8Array([0, 255]));
  assertEquals((await host.files.info(PATH))?.mode, 0o644);
  assertEquals((await host.files.list("/srv")).map(({ name }) => name), ["q7m2x_meta.yml"]);
});

Deno.test("durableWrite() failing at any step leaves old or new content and no temporary file", async () => {
  for (const leaving of ["nothing", "half", "all"] as const) {
    for (let at = 1; at <= STEPS; at++) {
      const inner = newBench();
      const host = newFaultyHost(inner, { at, with: "disk_full", leaving });
      const error = await assertRejects(() => durableWrite(host, PATH, "new"), AppError);
      assert(host.struck);
      assertEquals(error.code, "disk_full");
      assertEquals(
        (await inner.files.list("/srv")).map(({ name }) => name),
        ["q7m2x_meta.yml"],
        `${at} ${leaving}`,
      );
      const renamed = at > 2 || at === 2 && leaving === "all";
      assertEquals(await inner.files.readText(PATH), renamed ? "new" : "old", `${at} ${leaving}`);
    }
  }
});

Deno.test("durableWrite() dying at any step leaves old or new content, and at most a file that readers ignore", async () => {
  for (const leaving of ["nothing", "half", "all"] as const) {
    for (let at = 1; at <= STEPS; at++) {
      const inner = newBench();
      const host = newFaultyHost(inner, { at, with: "death", leaving });
      await assertRejects(() => durableWrite(host, PATH, "new"), HostDied);
      assert(["old", "new"].includes(await inner.files.readText(PATH)));
      const others = (await inner.files.list("/srv")).map(({ name }) => name).filter((name) =>
        name !== "q7m2x_meta.yml"
      );
      assert(others.every((name) => name.endsWith(".tmp")), others.join());
    }
  }
});

Deno.test("durableWrite() never touches the temporary file of another writer", async () => {
  const host = newBench();
  // The same seed gives the same name.
  const probe = newFaultyHost(newBench());
  await durableWrite(probe, PATH, "x");
  const taken = probe.trace[0]?.replace("create ", "") ?? "";
  host.files.put(taken, "theirs");
  const error = await assertRejects(() => durableWrite(host, PATH, "new"), AppError);
  assertEquals(error.code, "file_exists");
  assertEquals([await host.files.readText(taken), await host.files.readText(PATH)], ["theirs", "old"]);
});

Deno.test("durableWrite() by many at once leaves the content of one of them", async () => {
  const host = newBench();
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(100));
  await Promise.all(texts.map((text) => durableWrite(host, PATH, text)));
  assert(texts.includes(await host.files.readText(PATH)));
  assertEquals((await host.files.list("/srv")).length, 1);
});
