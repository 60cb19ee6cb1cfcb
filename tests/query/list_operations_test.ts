import { assertEquals, assertMatch } from "@std/assert";
import { createTask } from "../../core/engine/create_task.ts";
import { deleteProject } from "../../core/engine/delete_project.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { describeOperation } from "../../core/query/describe_operation.ts";
import { eachFlow, listOperations } from "../../core/query/list_operations.ts";
import type { OperationView } from "../../core/query/operation_view.ts";
import { StorageError } from "../../core/state/errors.ts";
import { formatStamp } from "../../core/state/stamp.ts";
import { interrupt } from "../support/interrupt.ts";
import { DEMO, ENDLESS, fakeProject, newTask, newWorld, ROOT, runTask } from "../support/world.ts";

const verbs = (operations: readonly OperationView[]) => operations.map(({ verb }) => verb);

Deno.test("listOperations() has the newest first, with who did what and how it ended", async () => {
  const { carrel, state, host } = await newWorld();
  const ref = await newTask(carrel, { name: "first" });
  await renameTask(carrel, ref, "first");
  const [rename, create] = await listOperations(state);
  const who = { user: "reader", host: "memory", pid: host.system.pid };
  const { op, began_at, ended_at, ...facts } = create ?? {};
  assertMatch(String(op), /^[0-9a-f-]{36}$/);
  assertMatch(`${began_at} ${ended_at}`, /^(2026-01-01T00:00:00\.\d{6}Z ?){2}$/);
  assertEquals(facts, {
    verb: "task new",
    project_id: "demo",
    task_id: ref.id,
    status: "CLOSED",
    changed: true,
    exit: 0,
    who,
    parent: null,
  });
  assertEquals([rename?.verb, rename?.changed, rename?.exit], ["task rename", false, 0]);
});

Deno.test("listOperations() tells how one failed", async () => {
  const { carrel, state } = await newWorld({ projects: { demo: fakeProject({ fail_on: "start" }) } });
  await runTask(carrel).catch(() => {});
  const [failed] = await listOperations(state);
  assertEquals([failed?.status, failed?.exit, failed?.changed], ["ABORTED", 9, null]);
});

Deno.test("listOperations() shows what was interrupted as unfinished, and then as undone", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { carrel, state } = world;
  const ref = await runTask(carrel);
  await interrupt(world, { at: `lock ${ROOT}/core/fake-runtime.lock` }, (carrel) => stopTask(carrel, ref));
  const unfinished = { statuses: ["CREATED", "ACTIVE"] };
  const [left, ...others] = await listOperations(state, unfinished);
  assertEquals([left?.verb, left?.status, left?.ended_at, left?.exit], ["task stop", "ACTIVE", null, null]);
  assertEquals(others, []);
  await renameTask(carrel, ref, "other");
  assertEquals(await listOperations(state, unfinished), []);
  const undone = (await listOperations(state)).find(({ op }) => op === left?.op);
  assertEquals([undone?.status, undone?.exit, undone?.changed], ["ABORTED", null, false]);
});

Deno.test("listOperations() by place, status, time and number", async () => {
  const { carrel, state, host, configure } = await newWorld();
  const ref = await newTask(carrel);
  await createTask(await configure("other", fakeProject()), parseProjectId("other"));
  await host.clock.advance(3_600_000);
  const since = formatStamp(host.clock.nowMicros());
  await renameTask(carrel, ref, "other");
  assertEquals(verbs(await listOperations(state)), ["task rename", "task new", "task new"]);
  assertEquals(verbs(await listOperations(state, { project: "demo" })), ["task rename", "task new"]);
  assertEquals(verbs(await listOperations(state, { project: "demo", task: ref.id, limit: 1 })), [
    "task rename",
  ]);
  assertEquals(verbs(await listOperations(state, { project: "other" })), ["task new"]);
  assertEquals(verbs(await listOperations(state, { project: "other", task: ref.id })), []);
  assertEquals(verbs(await listOperations(state, { since })), ["task rename"]);
  assertEquals(verbs(await listOperations(state, { statuses: ["ABORTED"] })), []);
  assertEquals(verbs(await listOperations(state, { limit: 2 })), ["task rename", "task new"]);
});

Deno.test("listOperations() finds the task that a run came to on the way", async () => {
  const { carrel, state } = await newWorld();
  const ref = await runTask(carrel);
  const [run] = await listOperations(state, { project: "demo", task: ref.id });
  assertEquals([run?.verb, run?.task_id], ["task run", ref.id]);
});

Deno.test("listOperations() leaves out the flows of others", async () => {
  const { carrel, state } = await newWorld();
  await newTask(carrel);
  await state.lifecycle.recordTransition("mine", null, "CREATED");
  await state.decisionAudit.record("mine", "PAID");
  assertEquals(verbs(await listOperations(state)), ["task new"]);
});

Deno.test("listOperations() tells when something was done that was recorded only later", async () => {
  const { carrel, state, host, open } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const at = formatStamp(host.clock.nowMicros()).slice(0, 19);
  const damaged = new StorageError("the file is damaged");
  const { id } = await stopTask(await open({ openState: () => Promise.reject(damaged) }), ref);
  await host.clock.advance(3_600_000);
  await renameTask(carrel, ref, "other");
  const stop = (await listOperations(state)).find(({ op }) => op === id);
  assertEquals([stop?.began_at?.slice(0, 19), stop?.ended_at?.slice(0, 19), stop?.exit], [at, at, 0]);
});

Deno.test("listOperations() puts what was recorded only later where it belongs, whatever the limit", async () => {
  const { carrel, state, host, open } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const damaged = new StorageError("the file is damaged");
  await host.clock.advance(1000);
  await stopTask(await open({ openState: () => Promise.reject(damaged) }), ref);
  await host.clock.advance(1000);
  await renameTask(carrel, ref, "other");
  await host.clock.advance(1000);
  await renameTask(carrel, ref, "another");
  const expected = ["task rename", "task rename", "task stop", "task run"];
  for (let limit = 1; limit <= 4; limit++) {
    assertEquals(verbs(await listOperations(state, { limit })), expected.slice(0, limit));
  }
  assertEquals(verbs(await listOperations(state)), expected);
});

Deno.test("eachFlow() reads page after page, none twice", async () => {
  const { state } = await newWorld();
  for (let flow = 0; flow < 450; flow++) await state.lifecycle.recordTransition(`f${flow}`, null, "CREATED");
  const flows = await Array.fromAsync(eachFlow(state), ({ dfid }) => dfid);
  assertEquals(flows, Array.from({ length: 450 }, (_, index) => `f${449 - index}`));
});

Deno.test("describeOperation() has arguments, steps, result and parts", async () => {
  const { carrel, state, host } = await newWorld();
  const [a, b] = [await newTask(carrel, { name: "a" }), await newTask(carrel, { name: "b" })];
  await deleteProject(carrel, DEMO, { withTasks: true });
  const deletion = (await listOperations(state)).find(({ verb }) => verb === "project delete");
  if (deletion === undefined) throw new TypeError("it was recorded");
  const shown = await describeOperation(host, state, deletion);
  assertEquals(shown.args, { with_tasks: true });
  assertEquals(shown.steps.map(({ action }) => action), [
    "delete task",
    "delete task",
    "archive configuration",
    "remove directories",
  ]);
  assertEquals(
    shown.parts.map(({ verb, task_id, parent }) => [verb, task_id, parent]).sort(),
    [
      ["task delete", a.id, deletion.op],
      ["task delete", b.id, deletion.op],
    ].sort(),
  );
  assertEquals([shown.error, shown.settled, shown.unfinished], [null, null, null]);
  const [part] = shown.parts;
  if (part === undefined) throw new TypeError("it has parts");
  assertEquals((await describeOperation(host, state, part)).parts, []);
});

Deno.test("describeOperation() tells where an interrupted one stands, and how it was settled", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { carrel, state, host } = world;
  const ref = await runTask(carrel);
  await interrupt(world, { at: `lock ${ROOT}/core/fake-runtime.lock` }, (carrel) => stopTask(carrel, ref));
  const describe = async () => {
    const [stop] = await listOperations(state, { project: "demo", statuses: ["ACTIVE", "ABORTED"] });
    if (stop === undefined) throw new TypeError("it was recorded");
    return await describeOperation(host, state, stop);
  };
  const { unfinished, settled, result } = await describe();
  assertEquals([unfinished?.process, unfinished?.step, unfinished?.attempts], ["gone", "stop container", 0]);
  assertEquals([settled, result], [null, null]);
  await renameTask(carrel, ref, "other");
  const after = await describe();
  assertEquals([after.unfinished, after.settled, after.result], [null, "undone", null]);
});
