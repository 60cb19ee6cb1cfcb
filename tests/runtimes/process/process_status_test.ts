/**
 * What records and living processes say together; damaged records; nobody else is signalled.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import { type MemoryHost, newMemoryHost } from "../../../core/host/memory_host.ts";
import type { ExitReport } from "../../../core/port/runtime.ts";
import type { ProcessIdentity } from "../../../core/port/host.ts";
import { type ProcessExit, processPaths, type ProcessRun } from "../../../runtimes/process/process_record.ts";
import { ProcessRuntime } from "../../../runtimes/process/process_runtime.ts";
import { readProcessStatus } from "../../../runtimes/process/process_status.ts";
import { newTestSpec } from "../../support/test_spec.ts";

const NAME = "demo-run-q7m2x";
const PATHS = processPaths(`/srv/core/process/${NAME}`);
const UNSEEN: ExitReport = { code: null, reason: "unknown", finishedAtMicros: null };

async function newContainer(): Promise<{ host: MemoryHost; runtime: ProcessRuntime }> {
  const host = newMemoryHost();
  const runtime = new ProcessRuntime(host, "/srv/core");
  await runtime.create(newTestSpec(NAME, "/bench"));
  return { host, runtime };
}

async function putRun(host: MemoryHost, run: Partial<ProcessRun>): Promise<void> {
  const none = { supervisor: null, child: null, started_at_micros: 50 };
  const record: ProcessRun = { version: 1, boot_id: await host.system.bootId(), ...none, ...run };
  host.files.put(PATHS.run, JSON.stringify(record));
}

function putExit(host: MemoryHost, startedAtMicros: number): void {
  const end = { code: 7, reason: "exited", finished_at_micros: 60 } as const;
  const record: ProcessExit = { version: 1, started_at_micros: startedAtMicros, ...end };
  host.files.put(PATHS.exit, JSON.stringify(record));
}

async function statusOf(host: MemoryHost) {
  const status = await readProcessStatus(host, NAME, PATHS);
  return [status?.state, status?.exit];
}

Deno.test("readProcessStatus() is running while the command or its supervisor lives", async () => {
  const { host } = await newContainer();
  const child = host.processes.start();
  const supervisor = host.processes.start();
  await putRun(host, { child, supervisor });
  host.processes.end(supervisor.pid);
  assertEquals(await statusOf(host), ["running", null]);
  await putRun(host, { child: null, supervisor: host.processes.start() });
  assertEquals(await statusOf(host), ["running", null]);
});

Deno.test("readProcessStatus() is an unknown end when both are gone without a report", async () => {
  const { host } = await newContainer();
  await putRun(host, {});
  assertEquals(await statusOf(host), ["exited", UNSEEN]);
});

Deno.test("readProcessStatus() does not mistake a reused pid for the command", async () => {
  const { host } = await newContainer();
  const stranger = host.processes.start();
  const child: ProcessIdentity = { pid: stranger.pid, startTicks: stranger.startTicks - 1 };
  await putRun(host, { child });
  assertEquals(await statusOf(host), ["exited", UNSEEN]);
});

Deno.test("readProcessStatus() takes no process of another boot for the command", async () => {
  const { host } = await newContainer();
  await putRun(host, { child: host.processes.start(), boot_id: "an earlier boot" });
  assertEquals(await statusOf(host), ["exited", UNSEEN]);
});

Deno.test("readProcessStatus() believes a report of the latest run only", async () => {
  const { host } = await newContainer();
  putExit(host, 50);
  await putRun(host, { started_at_micros: 50 });
  assertEquals(await statusOf(host), ["exited", { code: 7, reason: "exited", finishedAtMicros: 60 }]);
  await putRun(host, { started_at_micros: 70, child: host.processes.start() });
  assertEquals(await statusOf(host), ["running", null]);
});

Deno.test("ProcessRuntime.stop() signals nobody but the recorded command", async () => {
  const { host, runtime } = await newContainer();
  const stranger = host.processes.start();
  await putRun(host, {
    child: { pid: stranger.pid, startTicks: stranger.startTicks - 1 },
    supervisor: { pid: stranger.pid, startTicks: stranger.startTicks },
  });
  const stopping = runtime.stop(NAME, { graceMs: 0 });
  assertEquals((await assertRejects(() => stopping, AppError)).code, "runtime_timeout");
  assertEquals(host.processes.signals, []);
});

Deno.test("ProcessRuntime names a damaged container and still shows the others", async () => {
  for (const path of [PATHS.spec, PATHS.run, PATHS.exit]) {
    const { host, runtime } = await newContainer();
    await runtime.create(newTestSpec("demo-run-other", "/bench"));
    await putRun(host, {});
    host.files.put(path, '{"version": 1, ');
    const states = await runtime.states({ project: "demo" });
    assertEquals([...states.values()].map(({ name, state }) => [name, state]), [
      ["demo-run-other", "created"],
      [NAME, "damaged"],
    ]);
    const error = await assertRejects(() => runtime.start(NAME), AppError, path);
    assertEquals(error.code, "record_damaged");
  }
});

Deno.test("ProcessRuntime.remove() keeps a container when it cannot tell whether it runs", async () => {
  const { host, runtime } = await newContainer();
  host.files.put(PATHS.run, "{");
  assertEquals(await runtime.remove([NAME]), [{
    name: NAME,
    removed: false,
    error: `${PATHS.run} is damaged`,
  }]);
  await host.files.removeFile(PATHS.run);
  host.files.put(PATHS.spec, "{");
  assertEquals(await runtime.remove([NAME]), [{ name: NAME, removed: true, error: null }]);
  assertEquals(await host.files.info(PATHS.directory), null);
});

Deno.test("ProcessRuntime refuses names that are no file names", async () => {
  const { runtime } = await newContainer();
  for (const name of ["", "..", ".locks", "a/b", "../x"]) {
    const error = await assertRejects(() => runtime.create(newTestSpec(name, "/bench")), AppError);
    assertEquals(error.code, "invalid_value");
  }
});

Deno.test("ProcessRuntime.create() makes a container in the directory that a cut short create or removal left", async () => {
  const { host, runtime } = await newContainer();
  await host.files.removeFile(PATHS.spec);
  await putRun(host, {});
  assertEquals((await runtime.states({})).size, 0);
  await runtime.create(newTestSpec(NAME, "/bench"));
  assertEquals((await runtime.states({})).get(NAME)?.state, "created");
});

Deno.test("ProcessRuntime keeps values where only the user can read them", async () => {
  const { host } = await newContainer();
  for (const path of [PATHS.spec, PATHS.loginEnv]) assertEquals((await host.files.info(path))?.mode, 0o600);
  assertEquals((await host.files.info(PATHS.directory))?.mode, 0o700);
});
