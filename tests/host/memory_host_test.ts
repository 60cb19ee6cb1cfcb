import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";

Deno.test("newMemoryHost() is the same every time, and another one with another seed", () => {
  const drawn = (seed: number) => Array.from(newMemoryHost({ seed }).random.bytes(8));
  assertEquals(drawn(7), drawn(7));
  assertEquals(drawn(7).join() === drawn(8).join(), false);
});

Deno.test("newMemoryHost() has the files, variables and facts that it is given", async () => {
  const host = newMemoryHost({
    files: { "/etc/deep/file": "text" },
    env: { HOME: "/h" },
    system: { uid: 0, homeDir: "/h", bootId: "boot" },
  });
  assertEquals(await host.files.readText("/etc/deep/file"), "text");
  assertEquals([host.env.get("HOME"), host.system.uid, host.system.cwd], ["/h", 0, "/h"]);
  assertEquals(await host.system.bootId(), "boot");
  assertEquals((await host.files.info("/h"))?.kind, "directory");
});

Deno.test("snapshot() shows the whole tree", () => {
  const host = newMemoryHost({ files: { "/a/b": "text" }, system: { homeDir: "/h" } });
  host.files.symlink("../a/b", "/tmp/link");
  assertEquals(host.files.snapshot(), {
    "/a/": "",
    "/a/b": "text",
    "/h/": "",
    "/tmp/": "",
    "/tmp/link": "-> ../a/b",
  });
});

Deno.test("hardLink() gives a file a second name", async () => {
  const { files } = newMemoryHost({ files: { "/tmp/a": "text" } });
  files.hardLink("/tmp/a", "/tmp/deep/b");
  const [a, b] = [await files.info("/tmp/a"), await files.info("/tmp/deep/b")];
  assertEquals([b?.kind, b?.inode], ["file", a?.inode]);
  await files.append("/tmp/deep/b", "s", { mode: 0o600 });
  assertEquals(await files.readText("/tmp/a"), "texts");
});

Deno.test("setDevice() makes renames between the two sides cross_device", async () => {
  const { files } = newMemoryHost({ files: { "/data/a": "a", "/data/sub/b": "b", "/datax/c": "c" } });
  files.setDevice("/data", 2);
  files.setDevice("/data/sub", 3);
  const code = async (from: string, to: string) =>
    (await assertRejects(() => files.rename(from, to), AppError)).code;
  assertEquals(await code("/data/a", "/tmp/a"), "cross_device");
  assertEquals(await code("/data/sub/b", "/data/b"), "cross_device");
  await files.rename("/datax/c", "/tmp/c");
  await files.rename("/data/a", "/data/a2");
  assertEquals((await files.info("/data/a2"))?.device, 2);
});

Deno.test("releaseLocks() lets the next one in, and a late release by the dead changes nothing", async () => {
  const { files } = newMemoryHost();
  const dead = await files.lock("/l", { timeoutMs: 0 });
  files.releaseLocks();
  await using _lock = await files.lock("/l", { timeoutMs: 0 });
  await dead.release();
  await assertRejects(() => files.lock("/l", { timeoutMs: 0 }), AppError);
});

Deno.test("a lock file that was removed and made anew is another lock", async () => {
  const { files } = newMemoryHost();
  await using _old = await files.lock("/l", { timeoutMs: 0 });
  await files.removeFile("/l");
  await using _new = await files.lock("/l", { timeoutMs: 0 });
});

Deno.test("onCommand() handlers are asked in order, with the command and its input", async () => {
  const { processes } = newMemoryHost();
  processes.onCommand(({ argv }) => argv[0] === "a" ? { stdout: "first" } : undefined);
  processes.onCommand(({ argv }) => ({ stdout: `second: ${argv.join(" ")}` }));
  const stdout = async (...argv: [string, ...string[]]) =>
    new TextDecoder().decode((await processes.run({ argv, stdin: "in" })).stdout);
  assertEquals([await stdout("a"), await stdout("b", "c")], ["first", "second: b c"]);
  const seen = processes.commands.map(({ how, argv, stdin }) => [how, argv, new TextDecoder().decode(stdin)]);
  assertEquals(seen, [["run", ["a"], "in"], ["run", ["b", "c"], "in"]]);
});

Deno.test("a scripted command lives as long as it says, and is known while it lives", async () => {
  const { processes, clock } = newMemoryHost();
  processes.onCommand(() => ({ durationMs: 500, code: 3 }));
  const child = processes.spawn({ argv: ["work"] });
  assertEquals((await processes.identify(child.pid))?.pid, child.pid);
  assertEquals([await child.status, clock.monotonicMs()], [{ code: 3, signal: null }, 500]);
  assertEquals(await processes.identify(child.pid), null);
});

Deno.test("signals are recorded, and a foreign process dies of them", async () => {
  const { processes } = newMemoryHost();
  const [one, two] = [processes.start(), processes.start()];
  assertEquals(processes.kill(-one.pid, "SIGTERM"), true);
  processes.end(two.pid);
  assertEquals(processes.kill(two.pid, "SIGKILL"), false);
  assertEquals(processes.signals, [{ pid: -one.pid, signal: "SIGTERM" }]);
  assertEquals([await processes.identify(one.pid), await processes.identify(two.pid)], [null, null]);
});
