import { assertEquals, assertRejects } from "@std/assert";
import { followupTask } from "../../core/engine/followup_task.ts";
import { observeTask, observeTasks } from "../../core/engine/observe_tasks.ts";
import { restartTask, startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import type { MemoryHost } from "../../core/host/memory_host.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { HostDied, newFaultyHost } from "../support/faulty_host.ts";
import { DEMO, ENDLESS, fakeProject, fakeWith, look, newWorld, placesOf, runTask } from "../support/world.ts";

async function endKeys({ files }: MemoryHost, ref: TaskRef): Promise<string[]> {
  const text = await files.readText(placesOf(ref).bookkeeping);
  return text.split("\n").filter((line) => /^(exit_code|exit_reason|stopped_at)/.test(line));
}

Deno.test("the command that first sees a final exit code records it, and no later one writes again", async () => {
  const { carrel, host, open } = await newWorld({ projects: { demo: fakeProject({ exit_code: 7 }) } });
  const ref = await runTask(carrel);
  assertEquals(await endKeys(host, ref), ["exit_code:"]);
  const { meta } = await observeTask(carrel, ref);
  assertEquals([meta.status, meta.exit_code, meta.exit_reason], ["failed", 7, "exited"]);
  assertEquals(await endKeys(host, ref), ["exit_code: 7", "exit_reason: exited"]);
  const counted = newFaultyHost(host);
  await observeTasks(await open({ host: counted }), DEMO);
  assertEquals(counted.trace, []);
});

Deno.test("a recorded end outlives the container", async () => {
  const { carrel } = await newWorld({ projects: { demo: fakeProject({ exit_code: 0 }) } });
  const ref = await runTask(carrel);
  await observeTask(carrel, ref);
  const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
  await runtime.remove([`demo-run-${ref.id}`]);
  assertEquals((await look(carrel, ref)).status, "completed");
});

Deno.test("a stop leaves no exit code, whoever looks afterwards", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  await stopTask(carrel, ref);
  const { meta } = await observeTask(carrel, ref);
  assertEquals([meta.status, meta.exit_code, meta.exit_reason], ["stopped", null, "stopped"]);
  assertEquals((await endKeys(host, ref)).filter((line) => line.startsWith("exit_code")), ["exit_code:"]);
});

Deno.test("stopping a task that has ended by itself keeps its own end", async () => {
  const { carrel } = await newWorld({ projects: { demo: fakeProject({ exit_code: 5 }) } });
  const ref = await runTask(carrel);
  const op = await stopTask(carrel, ref);
  const { status, exit_code } = await look(carrel, ref);
  assertEquals([op.changed, status, exit_code], [false, "failed", 5]);
});

Deno.test("every start forgets the end of the run before", async () => {
  for (
    const again of [
      startTask,
      restartTask,
      (...[carrel, ref]: Parameters<typeof startTask>) => followupTask(carrel, ref, "more"),
    ]
  ) {
    const { carrel, host } = await newWorld({
      projects: { demo: fakeProject({ exit_code: 7, duration_ms: 1000 }) },
    });
    const ref = await runTask(carrel);
    await host.clock.advance(2000);
    await observeTask(carrel, ref);
    await again(carrel, ref);
    const { status, exit_code, exit_reason, stopped_at } = await look(carrel, ref);
    assertEquals([status, exit_code, exit_reason, stopped_at], ["running", null, null, null]);
    assertEquals(await endKeys(host, ref), ["exit_code:"]);
  }
});

Deno.test("a start that the runtime refuses leaves the old end as it was", async () => {
  const { carrel, host, configure } = await newWorld({ projects: { demo: fakeProject({ exit_code: 7 }) } });
  const ref = await runTask(carrel);
  await observeTask(carrel, ref);
  const before = await endKeys(host, ref);
  const failing = await configure("demo", fakeProject({ fail_on: "start" }));
  await assertRejects(() => startTask(failing, ref), AppError, "simulated failure of start");
  assertEquals((await endKeys(host, ref)).sort(), before.sort());
  assertEquals((await look(carrel, ref)).status, "failed");
});

Deno.test("a restart that fails after its stop leaves a stopped task, not a failed one", async () => {
  const { carrel, configure } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const failing = await configure("demo", fakeProject({ fail_on: "start" }));
  await assertRejects(() => restartTask(failing, ref), AppError, "simulated failure of start");
  const { meta } = await observeTask(carrel, ref);
  assertEquals([meta.status, meta.exit_code], ["stopped", null]);
});

Deno.test("a start whose outcome nobody knows is never given an end that is not its own", async () => {
  const lost = new AppError("runtime_timeout", "no answer");
  let answers = true;
  const hanging = fakeWith((inner) => ({
    start: async (name) => {
      await inner.start(name);
      if (!answers) throw lost;
    },
  }));
  const { carrel } = await newWorld({
    plugins: [hanging],
    projects: { demo: fakeProject({ exit_code: 7, duration_ms: 1000 }) },
  });
  const ref = await runTask(carrel);
  await carrel.host.clock.sleep(2000);
  assertEquals((await observeTask(carrel, ref)).meta.status, "failed");
  answers = false;
  // The call failed, but the container is seen to run: it is started.
  await startTask(carrel, ref);
  assertEquals((await observeTask(carrel, ref)).meta.status, "running");
  const { exit_code, stopped_at } = await look(carrel, ref);
  assertEquals([exit_code, stopped_at], [null, null]);
  await carrel.host.clock.sleep(2000);
  assertEquals((await observeTask(carrel, ref)).meta.exit_code, 7);
});

Deno.test("a start that dies never puts an old run's end on a new run", async () => {
  const { carrel, host, open } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  await stopTask(carrel, ref);
  const counting = newFaultyHost(host);
  await startTask(await open({ host: counting }), ref);
  for (let at = 1; at <= counting.calls; at++) {
    await stopTask(carrel, ref);
    const dying = await open({ host: newFaultyHost(host, { at, with: "death" }) });
    await assertRejects(() => startTask(dying, ref), HostDied);
    const { meta } = await observeTask(await open(), ref);
    assertEquals(meta.exit_code, null, counting.trace[at - 1]);
    assertEquals(
      ["stopped", "running"].includes(meta.status),
      true,
      `${meta.status}: ${counting.trace[at - 1]}`,
    );
    if (meta.status === "running") assertEquals((await look(carrel, ref)).stopped_at, null);
  }
});

Deno.test("an end is shown although it cannot be recorded", async () => {
  const { carrel, host, open } = await newWorld({ projects: { demo: fakeProject({ exit_code: 7 }) } });
  const ref = await runTask(carrel);
  const full = await open({ host: newFaultyHost(host, { at: 2, with: "disk_full" }) });
  assertEquals((await observeTask(full, ref)).meta.exit_code, 7);
  assertEquals(await endKeys(host, ref), ["exit_code:"]);
  await using _busy = await host.files.lock(carrel.paths.taskLock(ref.project, ref.id), { timeoutMs: 0 });
  assertEquals((await observeTask(carrel, ref)).meta.exit_code, 7);
});
