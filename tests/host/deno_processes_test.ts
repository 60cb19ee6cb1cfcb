import { assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { newDenoProcesses } from "../../core/host/deno_processes.ts";
import { newMemoryClock } from "../../core/host/memory_clock.ts";
import { runHostChild } from "./host_child.ts";

const { clock, files, processes } = newDenoHost();

Deno.test("detach() starts a process that outlives this one, in a session of its own", async () => {
  const identity = JSON.parse(await runHostChild(["detach"]));
  try {
    assertEquals(await processes.identify(identity.pid), identity);
    const stat = Deno.readTextFileSync(`/proc/${identity.pid}/stat`);
    const [, , group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    assertEquals([group, session], [String(identity.pid), String(identity.pid)]);
    for (const stream of [0, 1, 2]) {
      assertEquals(Deno.readLinkSync(`/proc/${identity.pid}/fd/${stream}`), "/dev/null");
    }
  } finally {
    processes.kill(identity.pid, "SIGKILL");
  }
});

Deno.test("run() and spawn() keep children off the terminal's signals, unless they read from it", async () => {
  const sessionOf = (stat: string) => stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3];
  const own = sessionOf(Deno.readTextFileSync("/proc/self/stat"));
  const ran = await processes.run({ argv: ["cat", "/proc/self/stat"] });
  assertNotEquals(sessionOf(new TextDecoder().decode(ran.stdout)), own);
  const spawned = processes.spawn({ argv: ["cat", "/proc/self/stat"] });
  await spawned.stderr.cancel();
  assertNotEquals(sessionOf(await new Response(spawned.stdout).text()), own);
  const reading = processes.spawn({ argv: ["cat", "/proc/self/stat"], stdin: "inherit" });
  await reading.stderr.cancel();
  assertEquals(sessionOf(await new Response(reading.stdout).text()), own);
});

Deno.test("run() kills a program that ignores the request to end, after the grace", async () => {
  await using temp = newTempDir();
  const virtual = newMemoryClock({ sleep: "manual" });
  const running = newDenoProcesses(virtual).run({
    argv: ["sh", "-c", `trap "" TERM; : > ready; while :; do sleep 0.01; done`],
    cwd: temp.path,
    timeoutMs: 1000,
  });
  while (await files.info(`${temp.path}/ready`) === null) await clock.sleep(1);
  await virtual.advance(1000);
  await virtual.advance(2000);
  const { timedOut, signal } = await running;
  assertEquals([timedOut, signal], [true, "SIGKILL"]);
});

Deno.test("run() does not wait for a grandchild that holds the output open", async () => {
  await using temp = newTempDir();
  const virtual = newMemoryClock({ sleep: "manual" });
  const running = newDenoProcesses(virtual).run({
    argv: ["sh", "-c", "sleep 3600 & echo $! > grandchild; echo said; : > ready; wait"],
    cwd: temp.path,
    timeoutMs: 1000,
  });
  while (await files.info(`${temp.path}/ready`) === null) await clock.sleep(1);
  await virtual.advance(1000);
  await virtual.advance(2000);
  const { timedOut, stdout } = await running;
  assertEquals([timedOut, new TextDecoder().decode(stdout)], [true, "said\n"]);
  processes.kill(Number(await files.readText(`${temp.path}/grandchild`)), "SIGKILL");
});

Deno.test("run() looks the program up on the PATH of the given environment", async () => {
  await using temp = newTempDir();
  await files.create(`${temp.path}/greet`, "#!/bin/sh\necho hello $NAME\n", { mode: 0o700 });
  const env = { PATH: temp.path, NAME: "reader" };
  const { stdout } = await processes.run({ argv: ["greet"], env });
  assertEquals(new TextDecoder().decode(stdout), "hello reader\n");
  await assertRejects(() => processes.run({ argv: ["greet"] }), AppError, "no such program");
});

Deno.test("run() with clearEnv passes the given variables and no others", async () => {
  const { stdout } = await processes.run({ argv: ["/usr/bin/env"], env: { ONE: "1" }, clearEnv: true });
  assertEquals(new TextDecoder().decode(stdout), "ONE=1\n");
});

Deno.test("run() tells a missing directory from a missing program", async () => {
  const run = () => processes.run({ argv: ["true"], cwd: "/no/such/directory" });
  const error = await assertRejects(run, AppError);
  assertEquals([error.code, error.details.missing], ["command_failed", false]);
  assertStringIncludes(error.message, "/no/such/directory");
});

Deno.test("run() tells a program that may not be executed from one that is missing", async () => {
  await using temp = newTempDir();
  await files.create(`${temp.path}/data`, "", { mode: 0o600 });
  const error = await assertRejects(() => processes.run({ argv: [`${temp.path}/data`] }), AppError);
  assertEquals([error.code, error.details.missing], ["command_failed", false]);
});

Deno.test("identify() takes a zombie for gone", async () => {
  // The shell does not reap its child before `wait`, and it waits for the end of its input first.
  const shell = new Deno.Command("sh", {
    args: ["-c", "sleep 0 & echo $!; read -r _; wait"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const stdout = shell.stdout.getReader();
  const pid = Number(new TextDecoder().decode((await stdout.read()).value));
  while (!/\) [ZX] /.test(Deno.readTextFileSync(`/proc/${pid}/stat`))) await clock.sleep(1);
  assertEquals(await processes.identify(pid), null);
  await Promise.all([shell.stdin.close(), stdout.cancel(), shell.status]);
});

function newTempDir(): AsyncDisposable & { readonly path: string } {
  const path = Deno.makeTempDirSync({ prefix: "carrel-processes-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
