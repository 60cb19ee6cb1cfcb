/** Tests of what verbs believe: records that are wrong, marks that are left over, trees that are missing. @module */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { followTask } from "../../core/engine/follow_task.ts";
import { followupTask } from "../../core/engine/followup_task.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { waitForTask } from "../../core/engine/wait_for_task.ts";
import { AppError } from "../../core/error.ts";
import type { RuntimeContext } from "../../core/port/plugin.ts";
import { fakePlugin } from "../../plugins/fake.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  fakeWith,
  look,
  newTask,
  newWorld,
  onlyArchive,
  placesOf,
  runTask,
  type World,
} from "../support/world.ts";

const endless = { projects: { demo: fakeProject(ENDLESS) } };

/** Changes a line of a task's bookkeeping, as an editor or a copied root does. */
async function edit({ host }: World, ref: TaskRef, from: RegExp, to: string): Promise<void> {
  const { bookkeeping } = placesOf(ref);
  const text = await host.files.readText(bookkeeping);
  host.files.put(bookkeeping, text.replace(from, to), 0o600);
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, AppError)).code;
}

Deno.test("a workspace line that names something else makes no verb touch it", async () => {
  for (const other of ["/precious", "/precious/$ID", "relative/path"]) {
    const world = await newWorld();
    const { carrel, host } = world;
    const ref = await newTask(carrel);
    host.files.put("/precious/letter", "dear");
    await edit(world, ref, /workspace: .*/, `workspace: ${other.replace("$ID", ref.id)}`);
    await deleteTask(carrel, ref);
    assertEquals(await host.files.readText("/precious/letter"), "dear", other);
    assertEquals((await onlyArchive(carrel)).record.task_id, ref.id);
  }
});

Deno.test("a copied root deletes its own task, not the one it was copied from", async () => {
  const world = await newWorld();
  const { carrel, host } = world;
  const ref = await newTask(carrel);
  const original = `/old/place/sandbox-live/tasks/demo/${ref.id}`;
  host.files.put(`${original}/workspace-dangerous/work`, "original");
  await edit(world, ref, /workspace: .*/, `workspace: ${original}`);
  await deleteTask(carrel, ref, { purge: true });
  assertEquals(await host.files.readText(`${original}/workspace-dangerous/work`), "original");
  assertEquals(await host.files.info(placesOf(ref).dir), null);
});

Deno.test("a start does not invent a directory that is missing", async () => {
  const world = await newWorld(endless);
  const { carrel, host } = world;
  const ref = await runTask(carrel);
  await stopTask(carrel, ref);
  await host.files.rename(placesOf(ref).dir, "/elsewhere");
  assertEquals(await codeOf(() => startTask(carrel, ref)), "wrong_state");
  assertEquals(await host.files.info(placesOf(ref).dir), null);
});

Deno.test("deleting a task whose directory is missing says so", async () => {
  const { carrel, host, notices } = await newWorld();
  const ref = await newTask(carrel);
  await host.files.rename(placesOf(ref).dir, "/elsewhere");
  await deleteTask(carrel, ref);
  assertStringIncludes(notices.map(({ text }) => text).join("\n"), "missing");
});

Deno.test("an interrupted deletion is to be finished, not started upon", async () => {
  const world = await newWorld(endless);
  const { carrel } = world;
  const ref = await runTask(carrel);
  await stopTask(carrel, ref);
  await edit(world, ref, /$/, "deleting: true\n");
  for (const verb of [() => startTask(carrel, ref), () => renameTask(carrel, ref, "other")]) {
    const error = await assertRejects(verb, AppError);
    assertEquals(error.code, "wrong_state");
    assertStringIncludes(error.hint ?? "", "task delete");
  }
  await deleteTask(carrel, ref);
  assertEquals((await onlyArchive(carrel)).record.task_id, ref.id);
});

Deno.test("directories that the task made in place of carrel's files are in nobody's way", async () => {
  const upstream = "git: {upstream_url: 'https://example.org/app.git'}\n";
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject({}, upstream) } });
  const ref = await runTask(carrel, { command: ["work"], prompt: "first" });
  const agentDir = `${placesOf(ref).dir}/agent-config`;
  for (const name of ["prompt.txt", "init.sh"]) await host.files.removeFile(`${agentDir}/${name}`);
  for (const name of ["prompt.txt", "init.sh", ".ready", "prompt-history.txt"]) {
    host.files.put(`${agentDir}/${name}/inside`, "x");
  }
  await followupTask(carrel, ref, "second");
  assertEquals(await host.files.readText(`${agentDir}/prompt.txt`), "second");
  assertStringIncludes(await host.files.readText(`${agentDir}/init.sh`), "#!/bin/sh");
});

Deno.test("a task that is deleted while it is followed ends as stopped", async () => {
  const { carrel } = await newWorld({ projects: { demo: fakeProject({ ...ENDLESS, stdout: "hi\n" }) } });
  const ref = await runTask(carrel);
  let deletion: Promise<unknown> | null = null;
  const onChunk = () => {
    deletion ??= deleteTask(carrel, ref);
    return Promise.resolve();
  };
  const end = await followTask(carrel, ref, onChunk, new AbortController().signal);
  await deletion;
  assertEquals(end.exit_reason, "stopped");
});

Deno.test("a container that is paused, or that nobody can judge, has not ended", async () => {
  for (const state of ["paused", "damaged"]) {
    const plugin = fakeWith((inner) => ({
      states: async (query) => {
        const states = await inner.states(query);
        return new Map([...states].map(([name, status]) => [name, { ...status, state, exit: null }]));
      },
    }));
    const { carrel } = await newWorld({ ...endless, plugins: [plugin] });
    const ref = await runTask(carrel);
    assertEquals(await codeOf(() => waitForTask(carrel, ref, "exited", { timeoutMs: 500 })), "wait_timeout");
    if (state === "paused") assertEquals(await codeOf(() => startTask(carrel, ref)), "wrong_state");
  }
});

Deno.test("a run whose start was recorded by nobody is running all the same", async () => {
  const world = await newWorld(endless);
  const ref = await runTask(world.carrel);
  await edit(world, ref, /^ready_at: .*\n/m, "");
  assertEquals((await look(world.carrel, ref)).status, "running");
});

Deno.test("a full disk does not keep a task from being stopped", async () => {
  const world = await newWorld(endless);
  const ref = await runTask(world.carrel);
  const { files } = world.host;
  const full = () => Promise.reject(new AppError("disk_full", "no space left on device"));
  // The engine's own files lie on another disk.
  const engine = {
    ...fakePlugin,
    open: (context: RuntimeContext) => fakePlugin.open({ ...context, host: world.host }),
  };
  const host = { ...world.host, files: { ...files, create: full } };
  const carrel = await world.open({ host, plugins: [engine] });
  await stopTask(carrel, ref);
  const { runtime } = await world.carrel.openRuntime("fake", await world.carrel.config(DEMO));
  assertEquals((await runtime.states({})).get(`demo-run-${ref.id}`)?.state, "exited");
  assertStringIncludes(world.notices.map(({ text }) => text).join("\n"), "disk is full");
});
