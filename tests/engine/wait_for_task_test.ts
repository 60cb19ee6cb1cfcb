import { assertEquals, assertRejects } from "@std/assert";
import { awaitReady } from "../../core/engine/await_ready.ts";
import { deleteProject } from "../../core/engine/delete_project.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { waitForTask } from "../../core/engine/wait_for_task.ts";
import { AppError } from "../../core/error.ts";
import type { ContainerStatus } from "../../core/port/runtime.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  fakeWith,
  look,
  newTask,
  newWorld,
  placesOf,
  refOf,
  runTask,
  type World,
} from "../support/world.ts";

const UPSTREAM = "git: {upstream_url: https://example.org/a.git}\n";
const WEB = "run: {runtime: fake, fake: {duration_ms: 1e9}, web: {command: [serve]}}\n";

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, AppError)).code;
}

Deno.test("waitForTask() for exited returns when the task ends, with its exit code", async () => {
  const { carrel, host } = await newWorld({
    projects: { demo: fakeProject({ exit_code: 7, duration_ms: 60_000 }) },
  });
  const ref = await runTask(carrel);
  const begun = host.clock.peekMicros();
  const meta = await waitForTask(carrel, ref, "exited");
  assertEquals([meta?.status, meta?.exit_code], ["failed", 7]);
  assertEquals(host.clock.peekMicros() - begun >= 59_000_000, true);
});

Deno.test("waitForTask() for exited takes every way of not running, at once", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const [stopped, gone] = [await runTask(carrel), await runTask(carrel)];
  await stopTask(carrel, stopped);
  const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
  await runtime.remove([`demo-run-${gone.id}`]);
  const begun = host.clock.peekMicros();
  assertEquals((await waitForTask(carrel, stopped, "exited"))?.status, "stopped");
  assertEquals((await waitForTask(carrel, gone, "exited"))?.status, "not found");
  assertEquals(host.clock.peekMicros() - begun < 50_000, true);
});

Deno.test("waitForTask() gives up when the time is over, and looks once even without any", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const begun = host.clock.peekMicros();
  const error = await assertRejects(() => waitForTask(carrel, ref, "exited", { timeoutMs: 5000 }), AppError);
  assertEquals([error.code, error.exit], ["wait_timeout", 7]);
  const waited = (host.clock.peekMicros() - begun) / 1000;
  assertEquals(waited >= 5000 && waited < 5100, true, `${waited} ms`);
  assertEquals((await waitForTask(carrel, ref, { status: "running" }, { timeoutMs: 0 }))?.status, "running");
  assertEquals(await codeOf(() => waitForTask(carrel, ref, "exited", { timeoutMs: 0 })), "wait_timeout");
});

Deno.test("waitForTask() for deleted is satisfied by absence", async () => {
  const { carrel, host } = await newWorld();
  assertEquals(await waitForTask(carrel, refOf("z9zzz"), "deleted"), null);
  assertEquals(await waitForTask(carrel, refOf("z9zzz", "nobody"), "deleted"), null);
  const ref = await newTask(carrel);
  const waiting = waitForTask(carrel, ref, "deleted");
  await host.clock.sleep(300);
  await deleteTask(carrel, ref);
  assertEquals(await waiting, null);
});

Deno.test("waitForTask() for deleted is satisfied when the whole project goes", async () => {
  const { carrel, host, open } = await newWorld();
  const ref = await newTask(carrel);
  const waiting = waitForTask(await open(), ref, "deleted");
  await host.clock.sleep(300);
  await deleteProject(carrel, DEMO, { withTasks: true });
  assertEquals(await waiting, null);
});

Deno.test("waitForTask() for anything but absence fails when the task is gone", async () => {
  const { carrel } = await newWorld();
  assertEquals(await codeOf(() => waitForTask(carrel, refOf("z9zzz"), "exited")), "task_not_found");
});

Deno.test("waitForTask() for ready ends with the ready file, or with the port that answers", async () => {
  const init = await newWorld({ projects: { demo: fakeProject(ENDLESS, UPSTREAM) } });
  const ref = await runTask(init.carrel);
  const waiting = waitForTask(init.carrel, ref, "ready");
  await init.host.clock.sleep(300);
  init.host.files.put(`${placesOf(ref).dir}/agent-config/.ready`, "");
  assertEquals((await waiting)?.status, "running");

  const web = await newWorld({ projects: { demo: WEB } });
  const served = await runTask(web.carrel, { mode: "web" });
  assertEquals((await look(web.carrel, served)).status, "init");
  const ready = awaitReady(web.carrel, served);
  await web.host.clock.sleep(300);
  web.host.network.listening.add(18_700);
  await ready;
  web.host.network.listening.clear();
  const { status, ready_at } = await look(web.carrel, served);
  assertEquals([status, typeof ready_at], ["running", "string"]);
});

Deno.test("waitForTask() for ready does not wait for a task that has ended", async () => {
  const { carrel } = await newWorld({ projects: { demo: fakeProject({ exit_code: 125 }, UPSTREAM) } });
  const ref = await runTask(carrel);
  assertEquals(await codeOf(() => waitForTask(carrel, ref, "ready")), "wrong_state");
});

Deno.test("awaitReady() of a port that never answers is bounded", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: WEB } });
  const ref = await runTask(carrel, { mode: "web" });
  const begun = host.clock.peekMicros();
  assertEquals(await codeOf(() => awaitReady(carrel, ref)), "wait_timeout");
  assertEquals((host.clock.peekMicros() - begun) / 1e6 < 61, true);
});

Deno.test("waitForTask() fails when the runtime fails, rather than taking the task for ended", async () => {
  let looks = 0;
  const failing = fakeWith((inner) => ({
    states: (query): Promise<ReadonlyMap<string, ContainerStatus>> => {
      if (++looks > 3) return Promise.reject(new AppError("runtime_timeout", "no answer"));
      return inner.states(query);
    },
  }));
  const { carrel } = await newWorld({ projects: { demo: fakeProject(ENDLESS) }, plugins: [failing] });
  const ref = await runTask(carrel);
  assertEquals(await codeOf(() => waitForTask(carrel, ref, "exited")), "runtime_timeout");
});

Deno.test("waitForTask() ends with the reason of an abort", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const leave = new AbortController();
  const waiting = waitForTask(carrel, ref, "exited", { signal: leave.signal });
  const rejected = assertRejects(() => waiting, DOMException, "left");
  await host.clock.sleep(300);
  leave.abort(new DOMException("left"));
  await rejected;
});

/** A question of a task's agent. */
function ask({ host }: World, ref: TaskRef, text = "reason: may I?\n"): void {
  host.files.put(`${placesOf(ref).dir}/agent-config/escalation.yml`, text);
}

Deno.test("waitForTask() for needs-human returns when the task asks, also at once", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { carrel, host } = world;
  const ref = await runTask(carrel);
  const waiting = waitForTask(carrel, ref, "needs-human");
  await host.clock.sleep(300);
  ask(world, ref);
  assertEquals((await waiting)?.needs_human, true);
  assertEquals((await waitForTask(carrel, ref, "needs-human", { timeoutMs: 0 }))?.needs_human, true);
  // An ended task may have asked as the last thing it did.
  await stopTask(carrel, ref);
  assertEquals((await waitForTask(carrel, ref, "needs-human"))?.status, "stopped");
});

Deno.test("waitForTask() for anything else ends when the task needs a human, unless it is so already", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { carrel } = world;
  const ref = await runTask(carrel);
  ask(world, ref);
  for (const condition of ["exited", "deleted", { status: "stopped" }] as const) {
    const error = await assertRejects(() => waitForTask(carrel, ref, condition), AppError);
    assertEquals([error.code, error.exit], ["needs_human", 8]);
    assertEquals(error.message, `task demo/${ref.id} needs a human: may I?`);
  }
  assertEquals((await waitForTask(carrel, ref, "ready"))?.initialized, true);
  await stopTask(carrel, ref);
  assertEquals((await waitForTask(carrel, ref, "exited"))?.status, "stopped");
});

Deno.test("waitForTask() for needs-human gives up on a task that has ended, and names what is not heeded once", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { carrel, notices } = world;
  const ref = await runTask(carrel);
  ask(world, ref, "impact: HIGH\n");
  const wait = (timeoutMs?: number) => () =>
    waitForTask(carrel, ref, "needs-human", timeoutMs === undefined ? {} : { timeoutMs });
  assertEquals(await codeOf(wait(5000)), "wait_timeout");
  assertEquals(notices.map(({ text }) => text), [
    `escalation.yml of task demo/${ref.id} is not heeded: it gives no reason`,
  ]);
  await stopTask(carrel, ref);
  assertEquals(await codeOf(wait()), "wrong_state");
  assertEquals(await codeOf(wait(0)), "wrong_state");
});
