/**
 * An engine that is missing, hangs, talks nonsense or is busy: bounded time, the right code, nothing lost.
 *
 * @module
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError, type ErrorCode } from "../../../core/error.ts";
import { newMemoryHost } from "../../../core/host/memory_host.ts";
import { PodmanRuntime, probePodman } from "../../../runtimes/podman/podman_runtime.ts";
import { newTestSpec } from "../../support/test_spec.ts";
import { listedJson } from "./podman_answers.ts";
import { complaint, noSuchContainer, ROOT, scriptedPodman } from "./scripted_podman.ts";

const NAME = "demo-run-q7m2x";
const SPEC = newTestSpec(NAME, "/srv", { image: "localhost/dev", mounts: [] });

async function assertCode(code: ErrorCode, call: () => Promise<unknown>): Promise<AppError> {
  const error = await assertRejects(call, AppError);
  assertEquals(error.code, code, error.message);
  return error;
}

/** Every method that asks the engine. */
function everyCall(runtime: PodmanRuntime): Record<string, () => Promise<unknown>> {
  const quiet = { onOutput: () => {} };
  const drain = async (stream: AsyncIterable<unknown>) => {
    for await (const _ of stream);
  };
  return {
    create: () => runtime.create(SPEC),
    start: () => runtime.start(NAME),
    stop: () => runtime.stop(NAME, { graceMs: 0 }),
    remove: () => runtime.remove([NAME]),
    states: () => runtime.states({}),
    wait: () => runtime.wait(NAME),
    logs: () => drain(runtime.logs(NAME)),
    exec: () => runtime.exec(NAME, ["true"], quiet),
    loginArgv: () => runtime.loginArgv(NAME, ["sh"]),
    events: () => drain(runtime.events({}, { signal: new AbortController().signal })),
  };
}

Deno.test("every method is runtime_unavailable with a hint when podman is not installed", async () => {
  const context = { host: newMemoryHost(), root: ROOT, stateDir: "/tmp/core", setting: () => undefined };
  for (const call of Object.values(everyCall(new PodmanRuntime(context)))) {
    const error = await assertCode("runtime_unavailable", call);
    assertStringIncludes(error.hint ?? "", "install podman");
    assertEquals(error.exit, 9);
  }
});

Deno.test("every bounded method is runtime_timeout when podman hangs", async () => {
  const hang = () => ({ durationMs: Infinity });
  const { runtime, host } = scriptedPodman({ ps: hang, create: hang, start: hang, stop: hang, kill: hang });
  const { exec: _, events: __, ...bounded } = everyCall(runtime);
  for (const call of Object.values(bounded)) {
    const error = await assertCode("runtime_timeout", call);
    assertEquals([error.exit, error.retryable], [9, true]);
  }
  assert(host.processes.signals.length > 0, "the clients were not ended");
});

Deno.test("garbage is runtime_failed and quotes the first line", async () => {
  const garbage = () => ({ stdout: "panic: oh no\nmore\n" });
  const { runtime } = scriptedPodman({ ps: garbage, create: garbage });
  for (const call of [() => runtime.states({}), () => runtime.create(SPEC), () => runtime.remove([NAME])]) {
    assertStringIncludes((await assertCode("runtime_failed", call)).message, "panic: oh no");
  }
});

Deno.test("states() is tried again while the database is locked", async () => {
  let tries = 0;
  const { runtime } = scriptedPodman({
    ps: () => ++tries < 4 ? complaint("database is locked") : { stdout: listedJson({ name: NAME }) },
  });
  assertEquals((await runtime.states({})).size, 1);
  assertEquals(tries, 4);
});

Deno.test("states() gives up on a database that stays locked", async () => {
  const { runtime, calls } = scriptedPodman({ ps: () => complaint("database is locked") });
  await assertCode("runtime_failed", () => runtime.states({}));
  assertEquals(calls().length, 4);
});

Deno.test("what changes something is never tried again by itself", async () => {
  const locked = () => complaint("database is locked");
  const { runtime, calls } = scriptedPodman({ create: locked, start: locked });
  await assertCode("runtime_failed", () => runtime.create(SPEC));
  await assertCode("runtime_failed", () => runtime.start(NAME));
  assertEquals(calls().map(([verb]) => verb), ["create", "start"]);
});

Deno.test("a failure is not taken for absence", async () => {
  const { runtime } = scriptedPodman({ ps: () => complaint("reading layer store: permission denied") });
  await assertCode("runtime_failed", () => runtime.states({ names: [NAME] }));
  await assertCode("runtime_failed", () => runtime.wait(NAME));
});

Deno.test("at most four calls are under way at once", async () => {
  let running = 0;
  let most = 0;
  const { runtime, host } = scriptedPodman({
    ps: async () => {
      most = Math.max(most, ++running);
      await host.clock.sleep(10);
      running -= 1;
      return { stdout: "[]" };
    },
  });
  await Promise.all(Array.from({ length: 12 }, () => runtime.states({})));
  assertEquals(most, 4);
});

Deno.test("events() ends with what podman said when it ends by itself", async () => {
  const { runtime } = scriptedPodman({ events: () => complaint("no event logger") });
  const events = runtime.events({}, { signal: new AbortController().signal });
  const error = await assertCode("runtime_failed", async () => {
    for await (const _ of events);
  });
  assertStringIncludes(error.message, "no event logger");
});

const INFO = { stdout: '{"host":{"security":{"rootless":true}}}' };

for (
  const [words, version, info, works, detail] of [
    ["a good one", '{"Client":{"Version":"5.4.2"}}', INFO, true, "podman 5.4.2, rootless"],
    ["the oldest good one", '{"Client":{"Version":"4.3.1"}}', INFO, true, "podman 4.3.1, rootless"],
    ["one that is too old", '{"Client":{"Version":"4.2.0"}}', INFO, false, "too old"],
    [
      "an old engine behind a new client",
      '{"Client":{"Version":"5.4.2"},"Server":{"Version":"3.4.4"}}',
      INFO,
      false,
      "3.4.4 is too old",
    ],
    [
      "one whose storage is broken",
      '{"Client":{"Version":"4.9.3"}}',
      complaint("mounting overlay: permission denied"),
      false,
      "mounting overlay",
    ],
    ["garbage", "??", INFO, false, '"??"'],
  ] as const
) {
  Deno.test(`probe() of ${words} never throws`, async () => {
    const { context } = scriptedPodman({ version: () => ({ stdout: version }), info: () => info });
    const report = await probePodman(context);
    assertEquals(report.works, works);
    assertStringIncludes(report.detail, detail);
  });
}

Deno.test("probe() of a machine without podman says so", async () => {
  const context = { host: newMemoryHost(), root: ROOT, stateDir: "/tmp/core", setting: () => undefined };
  assertEquals(await probePodman(context), {
    works: false,
    version: null,
    detail: "podman is not installed",
  });
});

Deno.test("create() by a podman that is too old blames its age, by a newer one the flag", async () => {
  for (const [version, code] of [["4.2.0", "runtime_unavailable"], ["4.3.1", "invalid_value"]] as const) {
    const { runtime } = scriptedPodman({
      create: () => complaint("unknown flag: --nope"),
      version: () => ({ stdout: `{"Client":{"Version":"${version}"}}` }),
    });
    const error = await assertCode(code, () => runtime.create(SPEC));
    assertEquals(error.message.includes("podman 4.2.0 is too old"), version === "4.2.0", error.message);
  }
});

// stop and remove

Deno.test("stop() kills what does not end in time, and is content when it is gone then", async () => {
  const { runtime, calls } = scriptedPodman({
    stop: () => ({ durationMs: Infinity }),
    kill: () => ({}),
    ps: () => ({
      stdout: listedJson({ name: NAME, State: "exited", StartedAt: 5, ExitedAt: 9, Exited: true }),
    }),
  });
  await runtime.stop(NAME, { graceMs: 1500 });
  assertEquals(calls().map((args) => args.slice(0, 3)), [
    ["stop", "--time", "2"],
    ["kill", "--signal", "KILL"],
    ["ps", "--all", "--no-trunc"],
  ]);
});

Deno.test("stop() is runtime_timeout when the container outlives even that", async () => {
  const { runtime } = scriptedPodman({
    stop: () => ({ durationMs: Infinity }),
    kill: () => ({}),
    ps: () => ({ stdout: listedJson({ name: NAME, State: "stopping", StartedAt: 5 }) }),
  });
  const error = await assertCode("runtime_timeout", () => runtime.stop(NAME, { graceMs: 0 }));
  assert(error.hint !== null);
});

Deno.test("stop() of a paused container lets it run on to its end", async () => {
  let isPaused = true;
  const { runtime, calls } = scriptedPodman({
    stop: () => isPaused ? complaint("it is running or paused, refusing: container state improper") : {},
    unpause: () => {
      isPaused = false;
      return {};
    },
  });
  await runtime.stop(NAME, { graceMs: 0 });
  assertEquals(calls().map(([verb]) => verb), ["stop", "unpause", "stop"]);
});

Deno.test("remove() never names an absent container: podman 4.3 would remove none at all", async () => {
  const { runtime, calls } = scriptedPodman({
    ps: () => ({ stdout: listedJson({ name: "a" }, { name: "b", Labels: { "carrel.root": "/other" } }) }),
    rm: () => ({ stdout: "a\n" }),
  });
  assertEquals(await runtime.remove(["a", "b", "c"]), [
    { name: "a", removed: true, error: null },
    { name: "b", removed: true, error: null },
    { name: "c", removed: true, error: null },
  ]);
  assertEquals(calls()[1], ["rm", "--force", "--ignore", "--time", "0", "--volumes", "id-of-a"]);
});

Deno.test("remove() tries again and says why one is still there", async () => {
  const { runtime, calls } = scriptedPodman({
    ps: () => ({ stdout: listedJson({ name: "a" }) }),
    rm: () => ({
      code: 1,
      stdout: "b\n",
      stderr: "Error: cannot remove id-of-a: it could not be stopped\nError: something else\n",
    }),
  });
  assertEquals(await runtime.remove(["a", "b"]), [
    { name: "a", removed: false, error: "cannot remove id-of-a: it could not be stopped" },
    { name: "b", removed: true, error: null },
  ]);
  assertEquals(calls().filter(([verb]) => verb === "rm").length, 2);
});

// wait

Deno.test("wait() does not believe podman about a container that never ran", async () => {
  let looks = 0;
  const ran = { State: "exited", StartedAt: 5, ExitedAt: 9, Exited: true, ExitCode: 3 };
  const { runtime, calls } = scriptedPodman({
    ps: () => ({ stdout: listedJson({ name: NAME, ...(++looks < 3 ? {} : ran) }) }),
    wait: () => ({ stdout: "0\n" }),
  });
  assertEquals((await runtime.wait(NAME)).code, 3);
  assert(!calls().some(([verb]) => verb === "wait"));
});

Deno.test("wait() reports the end that it waited for when the container runs again already", async () => {
  let startedAt = 5;
  const { runtime } = scriptedPodman({
    ps: () => ({ stdout: listedJson({ name: NAME, State: "running", StartedAt: startedAt }) }),
    wait: () => {
      startedAt = 7;
      return { stdout: "4\n" };
    },
  });
  assertEquals(await runtime.wait(NAME), { code: 4, reason: "exited", finishedAtMicros: null });
});

Deno.test("wait() of a container that is removed meanwhile is container_absent", async () => {
  let isThere = true;
  const { runtime } = scriptedPodman({
    ps: () => ({ stdout: isThere ? listedJson({ name: NAME, State: "running", StartedAt: 5 }) : "[]" }),
    wait: () => {
      isThere = false;
      return noSuchContainer(NAME);
    },
  });
  await assertCode("container_absent", () => runtime.wait(NAME));
});
