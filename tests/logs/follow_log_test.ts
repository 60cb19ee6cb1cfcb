import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { type MemoryHost, newMemoryHost } from "../../core/host/memory_host.ts";
import { followLog, type FollowLogOptions } from "../../core/logs/follow_log.ts";

const PATH = "/srv/logs/container.log";
const TIME = "2026-11-21T08:40:32.103546455+00:00";
const line = (text: string) => `${TIME} stdout F ${text}\n`;

function newBench(content?: string): MemoryHost {
  const host = newMemoryHost(content === undefined ? {} : { files: { [PATH]: content } });
  host.files.putDir("/srv/logs");
  return host;
}

/** Reads to the end; `onText` is called with all text so far, after every piece. */
async function collect(
  host: Pick<MemoryHost, "files" | "clock">,
  options: FollowLogOptions,
  onText: (text: string) => unknown = () => {},
): Promise<string> {
  let all = "";
  for await (const { data } of followLog(host, PATH, options)) {
    all += new TextDecoder().decode(data);
    await onText(all);
  }
  return all;
}

const append = (host: MemoryHost, text: string) => host.files.append(PATH, text, { mode: 0o600 });

Deno.test("followLog() without follow reads what is there", async () => {
  assertEquals(await collect(newBench(line("a") + line("b")), { follow: false }), "a\nb\n");
  assertEquals(await collect(newBench(), { follow: false }), "");
});

Deno.test("followLog() without follow ends although the file keeps growing", async () => {
  const host = newBench(line("a"));
  assertEquals(await collect(host, { follow: false }, () => append(host, line("more"))), "a\n");
});

Deno.test("followLog() reads a large file in bounded blocks", async () => {
  const content = line("x".repeat(60)).repeat(5000);
  const host = newBench(content);
  let largest = 0;
  const files = {
    info: host.files.info,
    read: async (...args: Parameters<typeof host.files.read>) => {
      const block = await host.files.read(...args);
      largest = Math.max(largest, block.length);
      return block;
    },
  };
  let length = 0;
  for await (const { data } of followLog({ files, clock: host.clock }, PATH, { follow: false })) {
    length += data.length;
  }
  assertEquals([length, largest], [61 * 5000, 64 * 1024]);
});

Deno.test("followLog() waits for a file that does not exist yet and for more of it", async () => {
  const host = newBench();
  const done = Promise.withResolvers<void>();
  const writer = (async () => {
    await host.clock.sleep(500);
    await append(host, line("a") + line("b").slice(0, 20));
    await host.clock.sleep(500);
    await append(host, line("b").slice(20));
    await host.clock.sleep(500);
    done.resolve();
  })();
  assertEquals(await collect(host, { follow: true, done: done.promise }), "a\nb\n");
  await writer;
});

Deno.test("followLog() gives out everything written before done has settled, well or badly", async () => {
  for (
    const outcome of [() => Promise.resolve(), () => Promise.reject(new AppError("runtime_failed", "gone"))]
  ) {
    const host = newBench(line("a"));
    const done = (async () => {
      await host.clock.sleep(1000);
      await append(host, line("last"));
      await outcome();
    })();
    assertEquals(await collect(host, { follow: true, done }), "a\nlast\n");
    await done.catch(() => {});
  }
});

Deno.test("followLog() of a finished task ends without waiting", async () => {
  const host = newBench(line("a"));
  const before = host.clock.peekMicros();
  assertEquals(await collect(host, { follow: true, done: Promise.resolve() }), "a\n");
  assertEquals(host.clock.peekMicros(), before);
});

Deno.test("followLog() looks seldom when nothing happens", async () => {
  const host = newBench("");
  let looks = 0;
  const files = {
    read: host.files.read,
    info: (path: string) => {
      looks++;
      return host.files.info(path);
    },
  };
  await collect({ ...host, files: { ...host.files, ...files } }, {
    follow: true,
    done: host.clock.sleep(10_000),
  });
  assert(looks > 40 && looks < 70, `${looks}`);
});

Deno.test("followLog() reads a cut or replaced file again from its start", async () => {
  const host = newBench(line("first").repeat(3));
  const replacements = [line("cut"), line("replaced by a longer one").repeat(2)];
  const done = Promise.withResolvers<void>();
  const all = await collect(host, { follow: true, done: done.promise }, (text) => {
    const next = text.endsWith("first\n".repeat(3)) || text.endsWith("cut\n")
      ? replacements.shift()
      : undefined;
    if (next !== undefined) host.files.put(PATH, next);
    if (text.endsWith("one\nreplaced by a longer one\n")) done.resolve();
  });
  assertEquals(all, "first\n".repeat(3) + "cut\n" + "replaced by a longer one\n".repeat(2));
});

Deno.test("followLog() throws the signal's reason", async () => {
  const reason = new AppError("wait_timeout", "enough");
  const host = newBench(line("a"));
  const controller = new AbortController();
  const reading = collect(host, { follow: true, signal: controller.signal }, async () => {
    await host.clock.sleep(1000);
    controller.abort(reason);
  });
  assertEquals(await assertRejects(() => reading, AppError), reason);
  const waiting = collect(host, { follow: true, signal: AbortSignal.abort(reason) });
  assertEquals(await assertRejects(() => waiting, AppError), reason);
});

Deno.test("followLog() is woken from its pause by the signal", async () => {
  const reason = new AppError("wait_timeout", "enough");
  const host = newBench("");
  const controller = new AbortController();
  const reading = collect(host, { follow: true, signal: controller.signal });
  await host.clock.sleep(1);
  controller.abort(reason);
  await assertRejects(() => reading, AppError, "enough");
});

Deno.test("followLog() does not take a failing disk for an empty log", async () => {
  const host = newBench(line("a"));
  const read = () => Promise.reject(new AppError("storage_failed", "input/output error"));
  await assertRejects(
    () => collect({ ...host, files: { ...host.files, read } }, { follow: false }),
    AppError,
    "input/output error",
  );
});
