/**
 * The laws of processes.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { AppError } from "../../core/error.ts";
import type { Clock, Processes } from "../../core/port/host.ts";
import type { HostLaw } from "./host_suite.ts";

const BIG_BYTES = 1 << 20;

/** Registers them. */
export function processLaws(law: HostLaw): void {
  runLaws(law);
  spawnLaws(law);
  lifeLaws(law);
}

function runLaws(law: HostLaw): void {
  law("run gives the exit code and both outputs apart", async ({ host: { processes } }) => {
    const failed = await processes.run({ argv: ["sh", "-c", "exit 7"] });
    assertEquals([failed.code, failed.signal, failed.timedOut], [7, null, false]);
    const told = await processes.run({ argv: ["sh", "-c", "echo word >&2"] });
    assertEquals([text(told.stdout), text(told.stderr), told.code], ["", "word\n", 0]);
  });

  law("run carries more bytes in and out than any pipe holds", async ({ host: { processes, random } }) => {
    const stdin = new Uint8Array(BIG_BYTES);
    stdin.set(random.bytes(1024), BIG_BYTES - 1024);
    const result = await processes.run({ argv: ["cat"], stdin });
    assertEquals(result.stdout.length, BIG_BYTES);
    assert(result.stdout.every((byte, at) => byte === stdin[at]));
  });

  law("run takes text as UTF-8, and without input there is an end of input", async ({ host }) => {
    assertEquals(text((await host.processes.run({ argv: ["cat"], stdin: "né\n" })).stdout), "né\n");
    assertEquals(text((await host.processes.run({ argv: ["cat"] })).stdout), "");
  });

  law("a child that does not read its input is no failure", async ({ host: { processes } }) => {
    const stdin = new Uint8Array(BIG_BYTES);
    assertEquals((await processes.run({ argv: ["sh", "-c", "exit 3"], stdin })).code, 3);
  });

  law("run ends a program that takes too long", async ({ host: { processes } }) => {
    const result = await processes.run({ argv: ["sleep", "3600"], timeoutMs: 50 });
    assertEquals([result.timedOut, result.code, result.signal], [true, null, "SIGTERM"]);
  });

  law("a program that ends in time is not timed out", async ({ host: { processes } }) => {
    const result = await processes.run({ argv: ["cat"], stdin: "x", timeoutMs: 60_000 });
    assertEquals([result.timedOut, text(result.stdout)], [false, "x"]);
  });

  law("an abort ends the program, then rejects with its reason", async ({ host: { processes } }) => {
    const abort = new AbortController();
    const reason = new AppError("wait_timeout", "enough");
    const running = processes.run({ argv: ["sleep", "3600"], signal: abort.signal });
    abort.abort(reason);
    assertEquals(await assertRejects(() => running, AppError), reason);
  });

  law("a program that is not there is command_failed with missing", async ({ host: { processes }, dir }) => {
    const argv = ["no-such-program", "x"] as const;
    const errors = [
      await assertRejects(() => processes.run({ argv }), AppError),
      await assertRejects(() => processes.run({ argv, cwd: dir }), AppError),
      await assertRejects(() => processes.attach({ argv }), AppError),
      await assertRejects(() => processes.detach({ argv }), AppError),
      assertThrows(() => processes.spawn({ argv }), AppError),
    ];
    for (const { code, details } of errors) {
      assertEquals([code, details.missing, details.program], ["command_failed", true, "no-such-program"]);
    }
  });
}

function spawnLaws(law: HostLaw): void {
  law("spawn streams what the child says, and tells how it ended", async ({ host: { processes } }) => {
    const child = processes.spawn({ argv: ["cat"], stdin: new TextEncoder().encode("hello") });
    const [stdout, stderr] = [await gather(child.stdout), await gather(child.stderr)];
    assertEquals([stdout, stderr, await child.status], ["hello", "", { code: 0, signal: null }]);
    child.kill("SIGTERM");
  });

  law("spawn with input that comes later lets the child wait for it", async ({ host }) => {
    const input = Promise.withResolvers<Uint8Array>();
    const child = host.processes.spawn({ argv: ["cat"], stdin: input.promise });
    let hasEnded = false;
    child.status.then(() => hasEnded = true);
    await host.clock.sleep(50);
    assertEquals([hasEnded, await host.processes.identify(child.pid) === null], [false, false]);
    input.resolve(new TextEncoder().encode("late"));
    await child.fed;
    assertEquals([await gather(child.stdout), await gather(child.stderr)], ["late", ""]);
    assertEquals(await child.status, { code: 0, signal: null });
  });

  law("input that does not come after all is an end of input", async ({ host: { processes } }) => {
    const child = processes.spawn({ argv: ["cat"], stdin: Promise.reject(new Error("no input")) });
    assertEquals([await gather(child.stdout), await gather(child.stderr)], ["", ""]);
    await child.fed;
    assertEquals((await child.status).code, 0);
  });

  law("a child that waits for its input can be killed", async ({ host: { processes } }) => {
    const child = processes.spawn({ argv: ["cat"], stdin: new Promise(() => {}) });
    child.kill("SIGKILL");
    assertEquals(await child.status, { code: null, signal: "SIGKILL" });
    await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
  });

  law("spawn without input gives an end of input", async ({ host: { processes } }) => {
    const child = processes.spawn({ argv: ["cat"] });
    assertEquals([await gather(child.stdout), await gather(child.stderr)], ["", ""]);
    assertEquals((await child.status).code, 0);
  });

  law("a child that is killed ended by that signal", async ({ host: { processes } }) => {
    const child = processes.spawn({ argv: ["sleep", "3600"] });
    child.kill("SIGKILL");
    assertEquals(await child.status, { code: null, signal: "SIGKILL" });
    await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
  });

  law("an attached child can be signalled from its start on", async ({ host: { processes } }) => {
    const pids: number[] = [];
    const status = await processes.attach({ argv: ["sleep", "3600"] }, (child) => {
      pids.push(child.pid);
      child.kill("SIGTERM");
    });
    assertEquals([status, pids.length], [{ code: null, signal: "SIGTERM" }, 1]);
  });

  law("attach gives the exit code", async ({ host: { processes } }) => {
    assertEquals(await processes.attach({ argv: ["sh", "-c", "exit 5"] }), { code: 5, signal: null });
  });
}

function lifeLaws(law: HostLaw): void {
  law("a detached process lives, is known by its start, and can be killed", async ({ host }) => {
    const { processes, clock } = host;
    const identity = await processes.detach({ argv: ["sleep", "3600"] });
    assertEquals(await processes.identify(identity.pid), identity);
    assertEquals(processes.kill(identity.pid, "SIGTERM"), true);
    await goneFrom(processes, clock, identity.pid);
    // Until its new parent has asked for its end there is still something to signal.
    while (processes.kill(identity.pid, "SIGTERM")) await clock.sleep(1);
  });

  law("a detached process leads a group that can be killed as one", async ({ host }) => {
    const { processes, clock } = host;
    const { pid } = await processes.detach({ argv: ["sleep", "3600"] });
    assertEquals(processes.kill(-pid, "SIGKILL"), true);
    await goneFrom(processes, clock, pid);
  });

  law("two processes never look alike", async ({ host: { processes } }) => {
    const first = await processes.detach({ argv: ["sleep", "3600"] });
    const second = await processes.detach({ argv: ["sleep", "3600"] });
    assertNotEquals(first, second);
    for (const { pid } of [first, second]) processes.kill(pid, "SIGKILL");
  });

  law("identify is null for a pid that nobody has", async ({ host: { processes } }) => {
    assertEquals(await processes.identify(2 ** 22 + 1), null);
  });
}

/** A killed process takes a moment to go. */
async function goneFrom(processes: Processes, clock: Clock, pid: number): Promise<void> {
  while (await processes.identify(pid) !== null) await clock.sleep(1);
}

async function gather(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  return await new Response(stream).text();
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
