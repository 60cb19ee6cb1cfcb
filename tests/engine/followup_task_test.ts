import { assertEquals, assertRejects } from "@std/assert";
import { followupTask } from "../../core/engine/followup_task.ts";
import { observeTask } from "../../core/engine/observe_tasks.ts";
import { AppError } from "../../core/error.ts";
import {
  dataOf,
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newRecorder,
  newTask,
  newWorld,
  placesOf,
  runTask,
  treeAt,
} from "../support/world.ts";

Deno.test("followupTask() keeps every old prompt, blank line, rule, blank line behind each", async () => {
  const { plugin, calls } = newRecorder();
  const { carrel, host } = await newWorld({ plugins: [plugin] });
  const ref = await runTask(carrel, { command: ["agent"], prompt: "first" });
  await followupTask(carrel, ref, "second\nline");
  assertEquals((await followupTask(carrel, ref, "third")).changed, true);
  const files = treeAt(host, `${placesOf(ref).dir}/agent-config`);
  assertEquals(files, {
    "prompt.txt": "third",
    "prompt-history.txt": "first\n\n---\n\nsecond\nline\n\n---\n\n",
  });
  const name = `demo-run-${ref.id}`;
  assertEquals(calls, [`create ${name}`, `start ${name}`, `start ${name}`, `start ${name}`]);
});

Deno.test("followupTask() of a task that had no prompt has no history to write", async () => {
  const { carrel, host } = await newWorld();
  const ref = await runTask(carrel, { command: ["agent"] });
  await followupTask(carrel, ref, "do it");
  assertEquals(treeAt(host, `${placesOf(ref).dir}/agent-config`), { "prompt.txt": "do it" });
});

Deno.test("followupTask() starts a run of its own, with an end of its own", async () => {
  const { carrel, host } = await newWorld({
    projects: { demo: fakeProject({ exit_code: 7, duration_ms: 1000 }) },
  });
  const ref = await runTask(carrel);
  await host.clock.advance(2000);
  assertEquals((await observeTask(carrel, ref)).meta.exit_code, 7);
  await followupTask(carrel, ref, "again");
  assertEquals([(await look(carrel, ref)).status, (await look(carrel, ref)).exit_code], ["running", null]);
  await host.clock.advance(2000);
  assertEquals((await look(carrel, ref)).status, "failed");
});

Deno.test("a run has its own end although its record could not be written at first", async () => {
  const { carrel, host, open } = await newWorld({
    projects: { demo: fakeProject({ exit_code: 7, duration_ms: 1000 }) },
  });
  const ref = await runTask(carrel);
  await host.clock.advance(2000);
  assertEquals((await observeTask(carrel, ref)).meta.exit_code, 7);
  const { bookkeeping } = placesOf(ref);
  let writes = 0;
  const rename = async (from: string, to: string) => {
    // The one before the start says that there was an old run, the next that it is over.
    if (to === bookkeeping && ++writes === 2) throw new AppError("storage_failed", "input/output error");
    await host.files.rename(from, to);
  };
  await followupTask(await open({ host: { ...host, files: { ...host.files, rename } } }), ref, "again");
  assertEquals([writes > 2, (await look(carrel, ref)).status], [true, "running"]);
  await host.clock.advance(2000);
  const { status, exit_code } = await look(carrel, ref);
  assertEquals([status, exit_code], ["failed", 7]);
});

Deno.test("followupTask() never follows a link that the task put in the place of its prompt", async () => {
  const { carrel, host } = await newWorld();
  const ref = await runTask(carrel, { command: ["agent"], prompt: "first" });
  const agentDir = `${placesOf(ref).dir}/agent-config`;
  host.files.put("/etc/shadow", "secret\n");
  host.files.symlink("/etc/shadow", `${agentDir}/prompt.txt`);
  host.files.symlink("/etc/passwd", `${agentDir}/prompt-history.txt`);
  await followupTask(carrel, ref, "second");
  assertEquals(treeAt(host, agentDir)["prompt.txt"], "second");
  assertEquals(await host.files.readText("/etc/shadow"), "secret\n");
  assertEquals(await host.files.info("/etc/passwd"), null);
});

Deno.test("followupTask() refuses what it cannot continue, and changes nothing", async () => {
  const { carrel, host, configure } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const never = await newTask(carrel);
  const idle = await runTask(carrel, {});
  const running = await runTask(carrel);
  const gone = await runTask(carrel);
  const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
  await runtime.remove([`demo-run-${gone.id}`]);
  const before = dataOf(host);
  const expected = [[never, "never_ran"], [idle, "wrong_state"], [running, "wrong_state"], [
    gone,
    "container_absent",
  ]];
  for (const [ref, code] of expected as [typeof never, string][]) {
    const error = await assertRejects(() => followupTask(carrel, ref, "x"), AppError);
    assertEquals([error.code, error.exit], [code, 5]);
  }
  const failing = await configure("demo", fakeProject({ ...ENDLESS, fail_on: "states" }));
  assertEquals((await assertRejects(() => followupTask(failing, running, "x"), AppError)).exit, 9);
  await configure("demo", fakeProject(ENDLESS));
  assertEquals(dataOf(host), before);
});
