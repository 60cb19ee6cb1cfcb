/**
 * What the simulated runtime promises beyond the laws of all runtimes.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import { type MemoryHost, newMemoryHost } from "../../../core/host/memory_host.ts";
import type { Runtime } from "../../../core/port/runtime.ts";
import { fakePlugin } from "../../../plugins/fake.ts";
import { newTestSpec } from "../../support/test_spec.ts";

const SPEC = newTestSpec("demo-run-q7m2x", "/bench");

function newHost(): MemoryHost {
  const host = newMemoryHost({ sleep: "manual" });
  for (const name of ["workspace", "logs"]) host.files.putDir(`/bench/${name}`);
  return host;
}

function open(host: MemoryHost, script?: unknown): Promise<Runtime> {
  return fakePlugin.open({ host, root: "/srv", stateDir: "/srv/core", setting: () => script });
}

async function stateOf(runtime: Runtime): Promise<string | undefined> {
  return (await runtime.states({})).get(SPEC.name)?.state;
}

Deno.test("FakeRuntime keeps its containers from one opening to the next, with the script of their creation", async () => {
  const host = newHost();
  await (await open(host, { exit_code: 9 })).create(SPEC);
  await (await open(host)).start(SPEC.name);
  const later = await open(host);
  assertEquals((await later.wait(SPEC.name)).code, 9);
  assertEquals((await host.files.info("/srv/core/fake-runtime.json"))?.mode, 0o600);
});

Deno.test("FakeRuntime runs a container until the scripted time is over on the host's clock", async () => {
  const host = newHost();
  const runtime = await open(host, { duration_ms: 5000 });
  await runtime.create(SPEC);
  await runtime.start(SPEC.name);
  await host.clock.advance(4999);
  assertEquals(await stateOf(runtime), "running");
  await host.clock.advance(1);
  assertEquals(await stateOf(runtime), "exited");
});

Deno.test("FakeRuntime reports damage of its file and never an empty list", async () => {
  const host = newHost();
  const runtime = await open(host);
  await runtime.create(SPEC);
  for (const damaged of ["", "{", '{"version": 1}', '{"version": 2, "containers": []}']) {
    host.files.put("/srv/core/fake-runtime.json", damaged);
    for (
      const call of [() => runtime.states({}), () => runtime.create(SPEC), () => runtime.remove([SPEC.name])]
    ) {
      assertEquals((await assertRejects(call, AppError)).code, "record_damaged");
    }
    assertEquals(await host.files.readText("/srv/core/fake-runtime.json"), damaged);
  }
});

Deno.test("FakeRuntime fails where it is told to", async () => {
  const calls: Record<string, (runtime: Runtime) => Promise<unknown>> = {
    create: (runtime) => runtime.create({ ...SPEC, name: "another" }),
    start: (runtime) => runtime.start(SPEC.name),
    stop: (runtime) => runtime.stop(SPEC.name, { graceMs: 0 }),
    states: (runtime) => runtime.states({}),
    wait: (runtime) => runtime.wait(SPEC.name),
    logs: (runtime) => Array.fromAsync(runtime.logs(SPEC.name)),
    exec: (runtime) => runtime.exec(SPEC.name, ["true"], { onOutput: () => {} }),
  };
  for (const [method, call] of Object.entries(calls)) {
    const host = newHost();
    const sound = await open(host, { duration_ms: 1000 });
    await sound.create(SPEC);
    await sound.start(SPEC.name);
    const broken = await open(host, { fail_on: method });
    const error = await assertRejects(() => call(broken), AppError, `simulated failure of ${method}`);
    assertEquals(error.code, "runtime_failed");
    assertEquals(await stateOf(sound), "running");
  }
});

Deno.test("FakeRuntime reports a failing removal per container and keeps it", async () => {
  const host = newHost();
  await (await open(host)).create(SPEC);
  const broken = await open(host, { fail_on: ["remove"] });
  assertEquals(await broken.remove([SPEC.name]), [
    { name: SPEC.name, removed: false, error: "simulated failure of remove" },
  ]);
  assertEquals(await stateOf(broken), "created");
});

Deno.test("FakeRuntime writes scripted files into the workspace and replaces those of an earlier run", async () => {
  const host = newHost();
  const runtime = await open(host, { files: { "deep/er/a.txt": "A", "b.txt": "B" } });
  await runtime.create(SPEC);
  for (let run = 0; run < 2; run++) await runtime.start(SPEC.name);
  assertEquals(await host.files.readText("/bench/workspace/deep/er/a.txt"), "A");
  assertEquals(await host.files.readText("/bench/workspace/b.txt"), "B");
});

Deno.test("FakeRuntime follows no link out of the workspace", async () => {
  const host = newHost();
  host.files.putDir("/outside");
  host.files.put("/outside/b.txt", "untouched");
  host.files.symlink("/outside", "/bench/workspace/deep");
  host.files.symlink("/outside/b.txt", "/bench/workspace/b.txt");
  const runtime = await open(host, { files: { "b.txt": "B", "deep/a.txt": "A" } });
  await runtime.create(SPEC);
  assertEquals((await assertRejects(() => runtime.start(SPEC.name), AppError)).code, "permission_denied");
  assertEquals(await host.files.readText("/outside/b.txt"), "untouched");
  assertEquals((await host.files.list("/outside")).map(({ name }) => name), ["b.txt"]);
});

Deno.test("fakePlugin says that it is simulated", async () => {
  const report = await fakePlugin.probe({
    host: newHost(),
    root: "/",
    stateDir: "/",
    setting: () => undefined,
  });
  assertEquals([report.works, report.detail.includes("simulated")], [true, true]);
});
