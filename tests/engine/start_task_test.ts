import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { restartTask, startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newRecorder,
  newTask,
  newWorld,
  placesOf,
  ROOT,
  runTask,
  type WorldOptions,
} from "../support/world.ts";

async function newStoppedTask(options: WorldOptions = {}) {
  const recorder = newRecorder();
  const world = await newWorld({
    projects: { demo: fakeProject(ENDLESS) },
    plugins: [recorder.plugin],
    ...options,
  });
  const ref = await runTask(world.carrel, {
    command: ["work"],
    env: { KEY: "exact\nvalue" },
    timeoutS: 3600,
  });
  await stopTask(world.carrel, ref);
  recorder.calls.length = 0;
  return { ...world, ...recorder, ref, name: `demo-run-${ref.id}` };
}

/** Makes the container vanish, as a reboot with a wiped engine does. */
async function loseContainer({ carrel, name }: Awaited<ReturnType<typeof newStoppedTask>>): Promise<void> {
  const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
  await runtime.remove([name]);
}

Deno.test("startTask() resumes the container that is there", async () => {
  const { carrel, calls, ref, name } = await newStoppedTask();
  assertEquals((await startTask(carrel, ref)).changed, true);
  assertEquals(calls, [`start ${name}`]);
  assertEquals((await look(carrel, ref)).status, "running");
});

Deno.test("startTask() leaves a running task alone", async () => {
  const { carrel, calls, ref } = await newStoppedTask();
  await startTask(carrel, ref);
  calls.length = 0;
  assertEquals([(await startTask(carrel, ref)).changed, calls], [false, []]);
});

Deno.test("startTask() makes a container that is gone again, from what is recorded", async () => {
  const stopped = await newStoppedTask();
  const { carrel, calls, specs, ref, name, configure } = stopped;
  await loseContainer(stopped);
  calls.length = 0;
  const later = await configure(
    "demo",
    "run: {runtime: fake, command: [other], image: other, timeout: 1h}\n",
  );
  await startTask(later, ref);
  assertEquals(calls, [`create ${name}`, `start ${name}`]);
  const [first, second] = specs;
  assertEquals([second?.command, second?.image, second?.timeoutS], [first?.command, "other", 3600]);
  assertEquals(second?.env.KEY, "exact\nvalue");
  assertEquals((await look(carrel, ref)).command, ["work"]);
});

Deno.test("a container is made again from the image of its first launch", async () => {
  const project = (image: string) => `run: {runtime: fake, image: "${image}", fake: {duration_ms: 100000}}\n`;
  const { configure, specs, ref } = await newStoppedTask({ projects: { demo: project("first") } });
  await restartTask(await configure("demo", project("second")), ref, { recreate: true });
  assertEquals(specs.map(({ image }) => image), ["first", "first"]);
});

Deno.test("a recreate that lacks a value names it and touches nothing", async () => {
  const { carrel, calls, host, ref, open } = await newStoppedTask();
  await startTask(carrel, ref);
  calls.length = 0;
  await host.files.removeFile(placesOf(ref).env);
  const error = await assertRejects(() => restartTask(carrel, ref, { recreate: true }), AppError);
  assertEquals([error.code, error.exit, error.details.name, calls], ["env_missing", 5, "KEY", []]);
  assertStringIncludes(error.message, "KEY");
  assertEquals((await look(carrel, ref)).status, "running");
  const given = await open({
    host: { ...host, env: { get: (name) => name === "KEY" ? "again" : undefined, all: () => ({}) } },
  });
  await restartTask(given, ref, { recreate: true });
  assertEquals(JSON.parse(await host.files.readText(placesOf(ref).env)), { KEY: "again" });
});

Deno.test("a damaged file of values is named, and nothing is guessed", async () => {
  const { carrel, host, ref } = await newStoppedTask();
  host.files.put(placesOf(ref).env, '{"KEY": 1}');
  const error = await assertRejects(() => restartTask(carrel, ref, { recreate: true }), AppError);
  assertEquals([error.code, error.details.file], ["record_damaged", placesOf(ref).env]);
});

Deno.test("restartTask() stops and starts the same container", async () => {
  const { carrel, calls, ref, name } = await newStoppedTask();
  await startTask(carrel, ref);
  calls.length = 0;
  await restartTask(carrel, ref);
  assertEquals(calls, [`stop ${name} 10000`, `start ${name}`]);
  assertEquals((await look(carrel, ref)).status, "running");
});

Deno.test("restartTask() with recreate makes a new container and keeps the workspace", async () => {
  const { carrel, calls, host, ref, name } = await newStoppedTask();
  host.files.put(`${placesOf(ref).dir}/workspace-dangerous/work.txt`, "kept\n");
  await restartTask(carrel, ref, { recreate: true });
  assertEquals(calls, [`remove ${name}`, `create ${name}`, `start ${name}`]);
  assertEquals(await host.files.readText(`${placesOf(ref).dir}/workspace-dangerous/work.txt`), "kept\n");
});

Deno.test("start and restart refuse a task that never ran", async () => {
  const { carrel } = await newWorld();
  const ref = await newTask(carrel);
  for (const verb of [startTask, restartTask]) {
    const error = await assertRejects(() => verb(carrel, ref), AppError);
    assertEquals([error.code, error.exit], ["never_ran", 5]);
    assertStringIncludes(error.hint ?? "", `carrel task run demo/${ref.id}`);
  }
});

Deno.test("a runtime that cannot answer is never taken for a container that is gone", async () => {
  const { configure, calls, ref } = await newStoppedTask();
  const failing = await configure("demo", fakeProject({ fail_on: "states" }));
  for (const verb of [startTask, restartTask]) {
    assertEquals((await assertRejects(() => verb(failing, ref), AppError)).exit, 9);
  }
  assertEquals(calls, []);
});

Deno.test("a dry run of a restart names its steps and changes nothing", async () => {
  const { carrel, host, ref } = await newStoppedTask();
  await startTask(carrel, ref);
  const before = host.files.snapshot();
  const answer = await (await restartTask(carrel, ref, { recreate: true }, { dryRun: true })).answer(
    () => ({}),
  );
  assertEquals("plan" in answer && answer.plan.map(({ action }) => action), [
    "stop container",
    "prepare",
    "create container",
    "start container",
  ]);
  assertEquals(host.files.snapshot(), before);
});

Deno.test("the shared directory of a project is made, and mounted into every task", async () => {
  const { plugin, specs } = newRecorder();
  const { carrel, host } = await newWorld({
    projects: { demo: fakeProject(ENDLESS, "shared_dir: true\n") },
    plugins: [plugin],
  });
  await runTask(carrel);
  const source = `${ROOT}/sandbox-live/tasks/demo/_shared`;
  assertEquals(specs[0]?.mounts.find(({ target }) => target === "/shared")?.source, source);
  assertEquals((await host.files.info(source))?.kind, "directory");
});
