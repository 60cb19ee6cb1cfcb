import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { newFaultyHost } from "../support/faulty_host.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  fakeWith,
  look,
  newRecorder,
  newTask,
  newWorld,
  placesOf,
  runTask,
} from "../support/world.ts";

function endless(more: string): string {
  return `run: {runtime: fake, fake: {duration_ms: 1e9}${more}}\n`;
}

/** The grace that a stop gives under this project.yml, milliseconds. */
async function graceUnder(project: string, timeoutS: number | null = null): Promise<string | undefined> {
  const { plugin, calls } = newRecorder();
  const { carrel, configure } = await newWorld({ projects: { demo: endless("") }, plugins: [plugin] });
  const ref = await runTask(carrel);
  await stopTask(await configure("demo", project), ref, { timeoutS });
  return calls.at(-1)?.split(" ").at(-1);
}

Deno.test("stopTask() gives the time of the flag, else of run.shutdown_timeout, else ten seconds", async () => {
  assertEquals(await graceUnder(endless("")), "10000");
  assertEquals(await graceUnder(endless(", shutdown_timeout: 45")), "45000");
  assertEquals(await graceUnder(endless(", shutdown_timeout: 2m")), "120000");
  assertEquals(await graceUnder(endless(", shutdown_timeout: 45"), 3), "3000");
  assertEquals(await graceUnder(endless(", shutdown_timeout: 45"), 0), "0");
});

Deno.test("stopTask() stops although the configuration is wrong, with the default grace if that is what is wrong", async () => {
  assertEquals(await graceUnder(endless(", shutdown_timeout: soon")), "10000");
  assertEquals(await graceUnder(endless(", shutdown_timeout: 45, memroy: 1g")), "45000");
  assertEquals(await graceUnder(endless(", memory: lots, shutdown_timeout: 45")), "45000");
});

Deno.test("stopTask() records that carrel did it, and when", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: endless("") } });
  const ref = await runTask(carrel);
  await host.clock.advance(5000);
  assertEquals((await stopTask(carrel, ref)).changed, true);
  const { status, stopped_at, exit_reason, container_state } = await look(carrel, ref);
  assertEquals([status, exit_reason, container_state], ["stopped", "stopped", "exited"]);
  assertStringIncludes(stopped_at ?? "", "2026-01-01T00:00:05.");
});

Deno.test("stopTask() of a stopped task is success and changes nothing", async () => {
  const { carrel, host, open } = await newWorld({ projects: { demo: endless("") } });
  const ref = await runTask(carrel);
  await stopTask(carrel, ref);
  const before = host.files.snapshot();
  const counting = newFaultyHost(host);
  assertEquals((await stopTask(await open({ host: counting }), ref)).changed, false);
  assertEquals([counting.trace.length, host.files.snapshot()], [1, before]);
});

Deno.test("stopTask() of a task whose container is gone is success", async () => {
  const { carrel } = await newWorld({ projects: { demo: endless("") } });
  const ref = await runTask(carrel);
  const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
  await runtime.remove([`demo-run-${ref.id}`]);
  assertEquals((await stopTask(carrel, ref)).changed, false);
});

Deno.test("stopTask() leaves a task that never ran as it is", async () => {
  const { carrel } = await newWorld();
  const ref = await newTask(carrel);
  assertEquals((await stopTask(carrel, ref)).changed, false);
  assertEquals((await look(carrel, ref)).status, "created");
});

Deno.test("stopTask() that the runtime fails leaves a running task", async () => {
  const { carrel, configure, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const before = await host.files.readText(placesOf(ref).bookkeeping);
  const failing = await configure("demo", fakeProject({ ...ENDLESS, fail_on: "stop" }));
  const error = await assertRejects(() => stopTask(failing, ref), AppError);
  assertEquals(error.code, "runtime_failed");
  assertEquals((await look(carrel, ref)).status, "running");
  assertEquals(await host.files.readText(placesOf(ref).bookkeeping), before);
});

Deno.test("stopTask() whose outcome nobody knows never makes the task look failed", async () => {
  const hanging = fakeWith((inner) => ({
    stop: async (name, options) => {
      await inner.stop(name, options);
      throw new AppError("runtime_timeout", "no answer");
    },
  }));
  const { carrel } = await newWorld({ plugins: [hanging], projects: { demo: endless("") } });
  const ref = await runTask(carrel);
  await assertRejects(() => stopTask(carrel, ref), AppError, "no answer");
  const { status, exit_code } = await look(carrel, ref);
  assertEquals([status, exit_code], ["stopped", null]);
});

Deno.test("stopTask() as a dry run stops nothing", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: endless("") } });
  const ref = await runTask(carrel);
  const before = host.files.snapshot();
  const answer = await (await stopTask(carrel, ref, {}, { dryRun: true })).answer(() => ({}));
  assertEquals(answer, {
    dry_run: true,
    changed: true,
    plan: [{ action: "stop container", target: `demo-run-${ref.id}` }],
  });
  assertEquals(host.files.snapshot(), before);
});
