/** Whose a container is that was made under another root. @module */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { openProject } from "../../core/query/open_project.ts";
import { ownContainer } from "../../core/query/own_container.ts";
import { readStoredTask } from "../../core/query/stored_task.ts";
import { ENDLESS, fakeProject, newWorld, runTask } from "../support/world.ts";

const OLD = "/old/root";

/** A task that runs in a container of another root, as a runtime that many roots share tells it. */
async function newMoved(more = "") {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS, more) } });
  const { carrel } = world;
  const ref = await runTask(carrel);
  const ask = async (labels: Record<string, string> = {}) => {
    const task = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
    const opened = await carrel.openRuntime("fake", task.project.config);
    const status = (await opened.runtime.states({})).get(`demo-run-${ref.id}`);
    assert(status !== undefined);
    const moved = { ...status, labels: { ...status.labels, ...labels }, otherRoot: OLD };
    return await ownContainer(carrel, opened, task, moved);
  };
  return { ...world, ref, ask };
}

Deno.test("the container of a root that was moved is known by the operation of its last start", async () => {
  const { ask } = await newMoved();
  assertEquals((await ask())?.isMoved, true);
});

Deno.test("the container of a root that was moved is known by the history, once it was started again", async () => {
  const { carrel, ref, ask } = await newMoved();
  await stopTask(carrel, ref);
  await startTask(carrel, ref);
  const { record } = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
  const own = await ask();
  assertEquals(own?.isMoved, true);
  assert(own?.status.labels["carrel.op"] !== record.op);
});

Deno.test("a container is another root's where that has a record of the task", async () => {
  const { host, ref, ask } = await newMoved();
  host.files.put(`${OLD}/core/projects/demo/tasks/${ref.id}_meta.yml`, "mode: run\n");
  assertEquals(await ask(), null);
});

Deno.test("a container that only has the task's name is not the task's", async () => {
  const { ask } = await newMoved();
  assertEquals(await ask({ "carrel.task": "k0000" }), null);
  assertEquals(await ask({ "carrel.project": "other" }), null);
});

Deno.test("without a proof nobody can tell whose the container is", async () => {
  const { carrel, ask } = await newMoved();
  // One that is on record, but as an operation of another task.
  const other = await runTask(carrel);
  const { record } = await readStoredTask(carrel, await openProject(carrel, other.project), other.id);
  for (const op of ["", "0190a5e4-0000-7000-8000-000000000000", record.op ?? ""]) {
    const error = await assertRejects(() => ask({ "carrel.op": op }), AppError);
    assertEquals(error.code, "conflict");
    assertStringIncludes(error.message, OLD);
  }
});

Deno.test("the root of a container on another machine cannot be looked at", async () => {
  const { ask } = await newMoved("runtime: {podman: {connection: far}}\n");
  assertEquals((await assertRejects(() => ask(), AppError)).code, "conflict");
});
