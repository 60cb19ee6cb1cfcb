import { assert, assertEquals, assertRejects } from "@std/assert";
import { createTask } from "../../core/engine/create_task.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { newUuidV7 } from "../../core/identity/uuid.ts";
import { listUnfinished, objectOf } from "../../core/query/operations.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { HostDied, newFaultyHost } from "../support/faulty_host.ts";
import { newFaultyState } from "../support/faulty_state.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newTask,
  newWorld,
  placesOf,
  runTask,
  type World,
} from "../support/world.ts";

async function statesOf({ state }: World, op: string): Promise<string[]> {
  return (await state.lifecycle.getTransitions(op)).map(({ to_status }) => to_status);
}

Deno.test("perform() records who wants what, each step before it is done, and the end", async () => {
  const world = await newWorld();
  const { op, ref } = await createTask(world.carrel, DEMO, { name: "made", labels: { team: "web" } });
  assertEquals(await statesOf(world, op.id), ["CREATED", "ACTIVE", "CLOSED"]);
  const events = await world.state.decisionAudit.eventsForDfid(op.id);
  assertEquals(events.map(({ event, step_id }) => [event, step_id]), [
    ["operation.begun", "task new"],
    ["operation.step", "create task"],
    ["operation.ended", "task new"],
  ]);
  const [begun, , ended] = events.map(({ details }) => objectOf(details));
  const who = objectOf(begun?.["who"]);
  assertEquals([begun?.["verb"], begun?.["args"]], ["task new", { name: "made", labels: { team: "web" } }]);
  assertEquals([who["user"], who["host"], who["pid"]], ["reader", "memory", world.host.system.pid]);
  assertEquals([ended?.["changed"], ended?.["task"]], [true, ref?.id]);
  assertEquals(await listUnfinished(world.state), []);
});

Deno.test("perform() records why an operation failed", async () => {
  const world = await newWorld();
  const ref = await newTask(world.carrel);
  await using _lock = await world.host.files.lock(world.carrel.paths.taskLock(ref.project, ref.id), {
    timeoutMs: 0,
  });
  const error = await assertRejects(() => renameTask(world.carrel, ref, "x"), AppError);
  const op = String(error.details.op);
  assertEquals(await statesOf(world, op), ["CREATED", "ABORTED"]);
  const ended = (await world.state.decisionAudit.eventsForDfid(op)).at(-1);
  assertEquals(objectOf(objectOf(ended?.details)["error"])["code"], "lock_timeout");
});

Deno.test("no secret is recorded: neither the values of variables nor the prompt", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  await runTask(world.carrel, { command: ["work"], env: { KEY: "hush-value" }, prompt: "hush-prompt" });
  const recorded = JSON.stringify(await world.state.decisionAudit.allEventsChronological());
  assert(recorded.includes("KEY") && !recorded.includes("hush"), recorded);
});

Deno.test("a dry run records nothing", async () => {
  const world = await newWorld();
  await createTask(world.carrel, DEMO, {}, { dryRun: true });
  assertEquals((await world.state.decisionAudit.head()).seq, 0);
});

Deno.test("an operation that is asked for again by its id gives its recorded result", async () => {
  const { carrel } = await newWorld();
  const op = newUuidV7(carrel.host);
  const first = await createTask(carrel, DEMO, {}, { op });
  const again = await createTask(carrel, DEMO, {}, { op });
  assertEquals([again.ref, again.name, again.op.id, again.op.changed], [first.ref, first.name, op, true]);
  assertEquals([first.op.isRepeated, again.op.isRepeated], [false, true]);
  assertEquals((await loadTasks(carrel, DEMO)).tasks.length, 1);
});

/** Kills a deletion after its move into the archive; the world and the task. */
async function dieInDelete() {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(world.carrel, { name: "half", command: ["work"] });
  for (let at = 1;; at++) {
    const host = newFaultyHost(world.host, { at, with: "death" });
    const state = newFaultyState(world.state, host);
    const dying = await world.open({ host, openState: () => Promise.resolve(state) });
    await assertRejects(() => deleteTask(dying, ref), HostDied);
    world.notices.length = 0;
    if (await world.host.files.info(placesOf(ref).dir) === null) return { world, ref };
  }
}

Deno.test("who only reads leaves an unfinished operation as it is", async () => {
  const { world, ref } = await dieInDelete();
  const before = await listUnfinished(world.state);
  await look(world.carrel, ref);
  assertEquals(before.map(({ verb, task }) => [verb, task]), [["task delete", ref.id]]);
  assertEquals(await listUnfinished(world.state), before);
});

Deno.test("the next change of the task settles what a dead process left of it, once, and says so", async () => {
  const { world, ref } = await dieInDelete();
  const [left] = await listUnfinished(world.state);
  await assertRejects(() => renameTask(world.carrel, ref, "x"), AppError, "there is no task");
  assertEquals(await listUnfinished(world.state), []);
  assertEquals((await statesOf(world, left?.op ?? "")).at(-1), "CLOSED");
  const said = world.notices.filter(({ text }) => text.includes("was interrupted"));
  assertEquals(said.map(({ kind, text }) => [kind, text.replace(/operation [^)]*/, "operation ...")]), [
    ["notice", `task delete of demo/${ref.id} (operation ...) was interrupted; it is finished now`],
  ]);
});

Deno.test("changes of other tasks do not touch it", async () => {
  const { world } = await dieInDelete();
  await stopTask(world.carrel, await runTask(world.carrel));
  assertEquals((await listUnfinished(world.state)).length, 1);
});

Deno.test("what cannot be settled now is named, stays, and does not keep the task from being changed", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(world.carrel, { command: ["work"] });
  const host = newFaultyHost(world.host, { at: 3, with: "death" });
  const dying = await world.open({ host });
  await assertRejects(() => stopTask(dying, ref), HostDied);
  const failing = await world.configure("demo", fakeProject({ ...ENDLESS, fail_on: "states" }));
  await renameTask(failing, ref, "renamed");
  assertEquals((await listUnfinished(world.state)).length, 1);
  const [warning] = world.notices.filter(({ kind }) => kind === "warning");
  assert(warning?.text.includes("cannot be settled now"), warning?.text);
  const sound = await world.configure("demo", fakeProject(ENDLESS));
  await renameTask(sound, ref, "again");
  assertEquals(await listUnfinished(world.state), []);
});
