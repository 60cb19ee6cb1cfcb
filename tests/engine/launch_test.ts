import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { followExitStatus, followTask } from "../../core/engine/follow_task.ts";
import { runExistingTask } from "../../core/engine/run_task.ts";
import { restartTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { endFacts } from "../../core/query/live_states.ts";
import type { Carrel } from "../../core/carrel.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { HostDied, newFaultyHost } from "../support/faulty_host.ts";
import { newTestSpec } from "../support/test_spec.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newRecorder,
  newTask,
  newWorld,
  placesOf,
  runTask,
  type World,
} from "../support/world.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

function withUpstream(script: Record<string, unknown>, url = "https://example.org/app.git"): string {
  return fakeProject(script, `git: {upstream_url: "${url}", default_branch: trunk}\n`);
}

function follow(carrel: Carrel, ref: TaskRef) {
  return followTask(carrel, ref, () => Promise.resolve(), new AbortController().signal);
}

Deno.test("with git.upstream_url the init script stands before the command", async () => {
  const { plugin, specs } = newRecorder();
  const { carrel, host } = await newWorld({ projects: { demo: withUpstream(ENDLESS) }, plugins: [plugin] });
  const ref = await runTask(carrel);
  const [spec] = specs;
  assertEquals(spec?.prelude, ["/bin/sh", "/home/dev/.terok/init.sh"]);
  assertEquals([spec?.env.CODE_REPO, spec?.env.CARREL_UPSTREAM, spec?.env.GIT_BRANCH], [
    "https://example.org/app.git",
    "https://example.org/app.git",
    "trunk",
  ]);
  const script = await host.files.readText(`${placesOf(ref).dir}/agent-config/init.sh`);
  assertEquals(script.startsWith("#!/bin/sh\n"), true);
  assertStringIncludes(script, 'exec "$@"');
});

Deno.test("a local upstream is mounted read-only at /upstream", async () => {
  const { plugin, specs } = newRecorder();
  const project = withUpstream(ENDLESS, "/home/reader/app");
  const { carrel, host } = await newWorld({ projects: { demo: project }, plugins: [plugin] });
  const before = host.files.snapshot();
  assertEquals((await assertRejects(() => runTask(carrel), AppError)).code, "wrong_state");
  assertEquals(host.files.snapshot(), before);
  host.files.putDir("/home/reader/app");
  await runTask(carrel);
  assertEquals(specs[0]?.env.CARREL_UPSTREAM, "/upstream");
  assertEquals(specs[0]?.mounts.find(({ target }) => target === "/upstream"), {
    source: "/home/reader/app",
    target: "/upstream",
    readOnly: true,
    relabel: "shared",
    own: false,
  });
});

Deno.test("a task with init is ready when its container says so, and the next mutation keeps the time", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: withUpstream(ENDLESS) } });
  const ref = await runTask(carrel);
  assertEquals((await look(carrel, ref)).status, "init");
  const { dir } = placesOf(ref);
  host.files.put(`${dir}/agent-config/.base`, `${COMMIT}\n`);
  host.files.put(`${dir}/agent-config/.ready`, "");
  const readyMs = Math.floor(host.clock.peekMicros() / 1000);
  const seen = await look(carrel, ref);
  assertEquals([seen.status, seen.ready_at], ["running", null]);
  await host.clock.advance(60_000);
  await stopTask(carrel, ref);
  const { ready_at, base_commit } = await look(carrel, ref);
  assertEquals(Date.parse(ready_at ?? ""), readyMs);
  assertEquals(base_commit, COMMIT);
  // Once stored it stays, although the next start begins with init again.
  await restartTask(carrel, ref);
  assertEquals((await look(carrel, ref)).ready_at, ready_at);
  assertEquals(await host.files.info(`${dir}/agent-config/.ready`), null);
});

Deno.test("what a task writes as its base commit is not believed unless it is one", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: withUpstream(ENDLESS) } });
  const ref = await runTask(carrel);
  const { dir } = placesOf(ref);
  host.files.put(`${dir}/agent-config/.base`, "--output=/etc/passwd\n");
  host.files.put(`${dir}/agent-config/.ready`, "");
  await stopTask(carrel, ref);
  assertEquals((await look(carrel, ref)).base_commit, null);
});

Deno.test("a container that ends while the new-task marker is there has failed in init", async () => {
  const { carrel } = await newWorld({ projects: { demo: withUpstream({ exit_code: 125 }) } });
  const ref = await runTask(carrel);
  const error = await assertRejects(() => follow(carrel, ref), AppError);
  assertEquals([error.code, error.exit], ["init_failed", 125]);
  assertEquals((await look(carrel, ref)).status, "failed");
});

Deno.test("a container that ends without the marker has ended as its command did", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: withUpstream({ exit_code: 3 }) } });
  const ref = await runTask(carrel);
  await host.files.removeFile(`${placesOf(ref).dir}/workspace-dangerous/.new-task-marker`);
  assertEquals(await follow(carrel, ref), { exit_code: 3, exit_reason: "exited" });
});

Deno.test("without an upstream the marker means nothing to who follows", async () => {
  const { carrel } = await newWorld({ projects: { demo: fakeProject({ exit_code: 3, duration_ms: 5000 }) } });
  const end = await follow(carrel, await runTask(carrel));
  assertEquals([end, followExitStatus(end)], [{ exit_code: 3, exit_reason: "exited" }, 3]);
});

Deno.test("a task that was stopped while it is followed has ended as stopped, not as failed in init", async () => {
  const { carrel } = await newWorld({ projects: { demo: withUpstream(ENDLESS) } });
  const ref = await runTask(carrel);
  await stopTask(carrel, ref);
  const { exit_reason } = await follow(carrel, ref);
  assertEquals([exit_reason, (await look(carrel, ref)).exit_code], ["stopped", null]);
});

Deno.test("the end of a run whose time was up is 124 on every runtime", () => {
  for (const code of [null, 137, 143]) {
    assertEquals(endFacts({ code, reason: "timeout", finishedAtMicros: null }).exit_code, 124);
  }
  assertEquals(endFacts({ code: 137, reason: "oom", finishedAtMicros: null }).exit_code, 137);
  assertEquals(followExitStatus({ exit_code: 124, exit_reason: "timeout" }), 124);
});

/** Runs the task, and dies right after the container was made. */
async function dieAfterCreate({ host, open }: World, ref: TaskRef): Promise<void> {
  for (let at = 1;; at++) {
    const dying = await open({ host: newFaultyHost(host, { at, with: "death" }) });
    await assertRejects(() => runExistingTask(dying, ref, { command: ["old"] }), HostDied);
    const carrel = await open();
    const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
    if ((await runtime.states({})).size > 0) return;
  }
}

Deno.test("the container of a launch that died is replaced by the next launch", async () => {
  const { plugin, calls, specs } = newRecorder();
  const world = await newWorld({ plugins: [plugin], projects: { demo: fakeProject(ENDLESS) } });
  const { carrel, open } = world;
  const ref = await newTask(carrel);
  await dieAfterCreate(world, ref);
  assertEquals((await look(await open(), ref)).status, "created");
  calls.length = 0;
  await runExistingTask(await open(), ref, { command: ["new"] });
  const name = `demo-run-${ref.id}`;
  const every = ["cli", "web", "run", "toad"].map((mode) => `demo-${mode}-${ref.id}`);
  assertEquals(calls, [`remove ${every.join(" ")}`, `create ${name}`, `start ${name}`]);
  assertEquals([specs.at(-1)?.command, (await look(carrel, ref)).status], [["new"], "running"]);
});

Deno.test("the container of a launch that died goes with its task", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { carrel, open } = world;
  const ref = await newTask(carrel);
  await dieAfterCreate(world, ref);
  const { incomplete } = await deleteTask(await open(), ref);
  const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
  assertEquals([incomplete, (await runtime.states({})).size], [false, 0]);
});

Deno.test("a running container of that name is never taken for a leftover", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const { bookkeeping } = placesOf(ref);
  // The record has lost its memory of the launch.
  host.files.put(bookkeeping, (await host.files.readText(bookkeeping)).replace("mode: run", "mode:"));
  const error = await assertRejects(() => runExistingTask(carrel, ref, { command: ["x"] }), AppError);
  assertEquals(error.code, "wrong_state");
});

/** A task that never ran, whose launch found its name taken by a container without labels. */
async function newRefused(script: Record<string, unknown>, isRunning: boolean) {
  const world = await newWorld({ projects: { demo: fakeProject(script) } });
  const ref = await newTask(world.carrel);
  const name = `demo-run-${ref.id}`;
  const { runtime } = await world.carrel.openRuntime("fake", await world.carrel.config(DEMO));
  await runtime.create(newTestSpec(name, "/srv/elsewhere", { labels: {} }));
  if (isRunning) await runtime.start(name);
  const refused = await assertRejects(() => runExistingTask(world.carrel, ref, { command: ["x"] }), AppError);
  const isThere = async () => (await runtime.states({})).has(name);
  return { ...world, ref, name, refused, isThere };
}

for (const isRunning of [true, false]) {
  const words = isRunning ? "runs" : "does not run";
  Deno.test(`a container without labels that ${words} is no leftover of a task that never ran`, async () => {
    const { refused, carrel, ref, name, isThere } = await newRefused(ENDLESS, isRunning);
    assertEquals(refused.code, isRunning ? "wrong_state" : "already_exists");
    assertEquals(await isThere(), true);
    const { warnings, incomplete } = await deleteTask(carrel, ref, { purge: true });
    assertEquals([await isThere(), incomplete, warnings], [true, false, [
      `container ${name} has a name of this task's, but the task never ran: it was left alone`,
    ]]);
  });
}
