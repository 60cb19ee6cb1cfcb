import { assertEquals, assertRejects } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { followupTask } from "../../core/engine/followup_task.ts";
import { runExistingTask, runNewTask } from "../../core/engine/run_task.ts";
import { restartTask, startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { HostDied, newFaultyHost } from "../support/faulty_host.ts";
import {
  CONFIG,
  DEMO,
  ENDLESS,
  fakeProject,
  fakeWith,
  newTask,
  newWorld,
  runTask,
} from "../support/world.ts";
import type { World, WorldOptions } from "../support/world.ts";

/** A world whose config.yml has these limits; the project asks for `resources`. */
async function newLimitedWorld(
  limits: string,
  resources = "{}",
  { script = ENDLESS, ...more }: WorldOptions & { readonly script?: Record<string, unknown> } = {},
): Promise<World> {
  const project = `run: {runtime: fake, fake: ${JSON.stringify(script)}, resources: ${resources}}\n`;
  return await newWorld({
    projects: { demo: project },
    files: { [`${CONFIG}/config.yml`]: `limits: ${limits}\n` },
    ...more,
  });
}

async function failureOf(call: () => Promise<unknown>): Promise<AppError> {
  return await assertRejects(call, AppError);
}

async function heldBy({ state }: World): Promise<string[]> {
  return (await state.resourceLock.listLocks()).map(({ dfid, resource_id, amount }) =>
    `${dfid} ${resource_id} ${amount}`
  );
}

Deno.test("a task takes a slot where slots are limited, and what it asks for", async () => {
  const world = await newLimitedWorld("{slots: 4, memory: 8g}", "{memory: 2g}");
  const ref = await runTask(world.carrel);
  assertEquals(await heldBy(world), [`demo/${ref.id} memory ${2 * 2 ** 30}`, `demo/${ref.id} slots 1`]);
});

Deno.test("without limits nothing is held", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  await runTask(world.carrel);
  assertEquals(await heldBy(world), []);
});

Deno.test("a run beyond the limit is exit 12, says what is free, and makes nothing", async () => {
  const world = await newLimitedWorld("{slots: 1}");
  await runTask(world.carrel);
  const error = await failureOf(() => runTask(world.carrel));
  assertEquals([error.code, error.exit, error.retryable], ["insufficient_capacity", 12, true]);
  assertEquals(error.message, "1 of slots are needed, and 0 of 1 are free");
  assertEquals((await loadTasks(world.carrel, DEMO)).tasks.length, 1);
  const planned = await failureOf(() => runNewTask(world.carrel, DEMO, { command: ["x"] }, { dryRun: true }));
  assertEquals(planned.code, "insufficient_capacity");
});

Deno.test("a dry run takes nothing, and asks nothing of a store that is not there", async () => {
  const world = await newLimitedWorld("{slots: 1}");
  await runNewTask(world.carrel, DEMO, { command: ["x"] }, { dryRun: true });
  assertEquals(await heldBy(world), []);
});

Deno.test("asking for more than there is can never be granted, waiting or not", async () => {
  const { carrel } = await newLimitedWorld("{gpu: 1}", "{gpu: 2}");
  for (const waitMs of [0, Infinity]) {
    const error = await failureOf(() => runNewTask(carrel, DEMO, { command: ["x"], waitMs }));
    assertEquals([error.code, error.hint], ["insufficient_capacity", "raise the limit, or ask for less"]);
  }
});

Deno.test("a resource without a limit is a mistake in the configuration", async () => {
  const { carrel } = await newLimitedWorld("{slots: 1}", "{gpu: 1}");
  const error = await failureOf(() => runTask(carrel));
  assertEquals([error.code, error.exit], ["config_missing", 5]);
});

Deno.test("what a task holds ends with its container: stopped, ended or deleted", async () => {
  for (const end of [stopTask, deleteTask]) {
    const world = await newLimitedWorld("{slots: 1}");
    await end(world.carrel, await runTask(world.carrel));
    await runTask(world.carrel);
    assertEquals((await heldBy(world)).length, 1);
  }
  const world = await newLimitedWorld("{slots: 1}", "{}", { script: { duration_ms: 1000 } });
  await runTask(world.carrel);
  await failureOf(() => runTask(world.carrel));
  await world.host.clock.sleep(2000);
  await runTask(world.carrel);
});

Deno.test("start, restart and followup take it anew, and are refused without", async () => {
  const world = await newLimitedWorld("{slots: 1}");
  const { carrel } = world;
  const first = await runTask(carrel);
  await restartTask(carrel, first);
  await stopTask(carrel, first);
  const second = await runTask(carrel);
  for (
    const verb of [
      () => startTask(carrel, first),
      () => restartTask(carrel, first),
      () => followupTask(carrel, first, "more"),
    ]
  ) {
    assertEquals((await failureOf(verb)).code, "insufficient_capacity");
  }
  await stopTask(carrel, second);
  await startTask(carrel, first);
  assertEquals(await heldBy(world), [`demo/${first.id} slots 1`]);
});

Deno.test("who waits gets it when it is free, and who waits in vain is exit 7", async () => {
  const world = await newLimitedWorld("{slots: 1}", "{}", { script: { duration_ms: 5000 } });
  await runTask(world.carrel);
  const inVain = await failureOf(() => runNewTask(world.carrel, DEMO, { command: ["x"], waitMs: 1000 }));
  assertEquals([inVain.code, inVain.exit], ["wait_timeout", 7]);
  const { ref } = await runNewTask(world.carrel, DEMO, { command: ["x"], waitMs: Infinity });
  assertEquals(await heldBy(world), [`demo/${ref?.id} slots 1`]);
});

Deno.test("a runtime that does not answer is no sign that a task has let go", async () => {
  let fails = false;
  const plugin = fakeWith((inner) => ({
    states: async (query) => {
      if (fails && query.names?.length === 1) throw new AppError("runtime_timeout", "no answer");
      return await inner.states(query);
    },
  }));
  const { carrel } = await newLimitedWorld("{slots: 1}", "{}", { plugins: [plugin] });
  await stopTask(carrel, await runTask(carrel));
  fails = true;
  assertEquals((await failureOf(() => runTask(carrel))).code, "insufficient_capacity");
  fails = false;
  await runTask(carrel);
});

Deno.test("a launch that is under way holds what it took; when its process dies, others get it", async () => {
  const world = await newLimitedWorld("{slots: 1}");
  const { carrel, host, open } = world;
  const ref = await newTask(carrel);
  const { pid } = host.processes.start();
  const dying = newFaultyHost({ ...host, system: { ...host.system, pid } }, { at: 8, with: "death" });
  const launcher = await open({ host: dying });
  await assertRejects(() => runExistingTask(launcher, ref, { command: ["x"] }), HostDied);
  assertEquals(await heldBy(world), [`demo/${ref.id} slots 1`]);
  // Its process is not known to be gone: it may be about to start.
  assertEquals((await failureOf(() => runTask(carrel))).code, "insufficient_capacity");
  host.processes.end(pid);
  const other = await runTask(carrel);
  assertEquals(await heldBy(world), [`demo/${other.id} slots 1`]);
});

Deno.test("a launch that fails before its container is made holds nothing", async () => {
  const fail = () => Promise.reject(new AppError("runtime_unavailable", "cannot connect"));
  const plugin = fakeWith(() => ({ create: fail, states: fail, remove: fail }));
  const world = await newLimitedWorld("{slots: 1}", "{}", { plugins: [plugin] });
  for (const attempt of ["first", "second"]) {
    assertEquals([attempt, (await failureOf(() => runTask(world.carrel))).exit], [attempt, 9]);
    assertEquals(await heldBy(world), []);
  }
});

Deno.test("a deleted task holds nothing, even if its container cannot be removed", async () => {
  const remove = () => Promise.reject(new AppError("runtime_unavailable", "cannot connect"));
  const world = await newLimitedWorld("{slots: 1}", "{}", { plugins: [fakeWith(() => ({ remove }))] });
  const { incomplete } = await deleteTask(world.carrel, await runTask(world.carrel));
  assertEquals([incomplete, await heldBy(world)], [true, []]);
});

Deno.test("what is held for a task that is gone counts for nothing, whatever its runtime says", async () => {
  const states = () => Promise.reject(new AppError("runtime_unavailable", "cannot connect"));
  const world = await newLimitedWorld("{slots: 1}", "{}", { plugins: [fakeWith(() => ({ states }))] });
  const { hostname } = world.host.system;
  const owner = {
    kind: "container",
    host: hostname,
    runtime: "fake",
    project: "demo",
    name: "demo-run-q7m2x",
  };
  const held = { owner: JSON.stringify(owner) };
  await world.state.resourceLock.acquireWithin("demo/q7m2x", { slots: 1 }, { slots: 1 }, held);
  const ref = await runTask(world.carrel);
  assertEquals(await heldBy(world), [`demo/${ref.id} slots 1`]);
});
