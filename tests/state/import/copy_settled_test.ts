import { assertEquals, assertRejects } from "@std/assert";
import { type MemoryHost, newMemoryHost } from "../../../core/host/memory_host.ts";
import type { Files } from "../../../core/port/host.ts";
import { ResourceContentionError } from "../../../core/state/errors.ts";
import { type CopyHost, copySettled } from "../../../core/state/import/copy_settled.ts";

/** A machine on which `writer` acts after each of the first readings of the database. */
function withWriter(host: MemoryHost, writer: (reading: number) => void | Promise<unknown>): CopyHost {
  let readings = 0;
  const read: Files["read"] = async (path, options) => {
    const bytes = await host.files.read(path, options);
    if (path === "/r/db") await writer(++readings);
    return bytes;
  };
  return { clock: host.clock, files: { ...host.files, read } };
}

const MODE = { mode: 0o600 };

async function newMachine(files: Record<string, string>): Promise<MemoryHost> {
  const host = newMemoryHost({ files });
  await host.files.makeDir("/c", { mode: 0o700 });
  return host;
}

async function copyOf({ files }: MemoryHost): Promise<Record<string, string>> {
  const names = (await files.list("/c")).map(({ name }) => name);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await files.readText(`/c/${name}`)])),
  );
}

Deno.test("copySettled() copies the file, its log and its journal, and nothing else", async () => {
  const host = await newMachine({
    "/r/db": "main",
    "/r/db-wal": "log",
    "/r/db-journal": "",
    "/r/db-shm": "index",
  });
  await copySettled("/r/db", "/c/db", host, 0);
  assertEquals(await copyOf(host), { "db": "main", "db-wal": "log", "db-journal": "" });
  assertEquals((await host.files.info("/c/db"))?.mode, 0o600);
});

Deno.test("copySettled() copies again what has changed meanwhile", async () => {
  const host = await newMachine({ "/r/db": "old" });
  const changing = withWriter(host, async (reading) => {
    if (reading !== 1) return;
    await host.files.removeFile("/r/db");
    await host.files.create("/r/db", "new", MODE);
  });
  await copySettled("/r/db", "/c/db", changing, 1000);
  assertEquals(await copyOf(host), { db: "new" });
});

Deno.test("copySettled() copies again when a transaction has ended meanwhile", async () => {
  const host = await newMachine({ "/r/db": "main", "/r/db-journal": "what was" });
  const ending = withWriter(host, async (reading) => {
    if (reading === 1) await host.files.removeFile("/r/db-journal");
  });
  await copySettled("/r/db", "/c/db", ending, 1000);
  assertEquals(await copyOf(host), { db: "main" });
});

Deno.test("copySettled() copies again when a transaction has begun meanwhile", async () => {
  const host = await newMachine({ "/r/db": "main" });
  const beginning = withWriter(host, async (reading) => {
    if (reading === 1) await host.files.create("/r/db-journal", "what was", MODE);
  });
  await copySettled("/r/db", "/c/db", beginning, 1000);
  assertEquals(await copyOf(host), { "db": "main", "db-journal": "what was" });
});

Deno.test("copySettled() gives up at the deadline, and leaves no copy", async () => {
  const host = await newMachine({ "/r/db": "" });
  const busy = withWriter(host, () => host.files.append("/r/db", "x", MODE));
  const begin = host.clock.monotonicMs();
  const error = await assertRejects(() => copySettled("/r/db", "/c/db", busy, 200), ResourceContentionError);
  assertEquals([error.code, error.exit, error.details], ["lock_timeout", 6, {
    path: "/r/db",
    reason: "locked",
  }]);
  const waited = host.clock.monotonicMs() - begin;
  assertEquals(waited >= 200 && waited < 300, true, `${waited} ms`);
  assertEquals(await copyOf(host), {});
});
