import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { compensateOperation } from "../../core/engine/compensate_operation.ts";
import { newProject } from "../../core/engine/new_project.ts";
import { pruneStorage } from "../../core/engine/prune_storage.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { describeOperation } from "../../core/query/describe_operation.ts";
import { type JudgedOperation, judgeUnfinished } from "../../core/query/judge_unfinished.ts";
import { listOperations } from "../../core/query/list_operations.ts";
import { interrupt } from "../support/interrupt.ts";
import {
  ENDLESS,
  fakeProject,
  fakeWith,
  look,
  newWorld,
  ROOT,
  runTask,
  type World,
} from "../support/world.ts";

/** A running task whose stop was interrupted. */
async function newScene(plugins?: Parameters<typeof newWorld>[0]): Promise<{
  readonly world: World;
  readonly ref: TaskRef;
  readonly left: JudgedOperation;
}> {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) }, ...plugins });
  const ref = await runTask(world.carrel);
  await interrupt(world, { at: `lock ${ROOT}/core/fake-runtime.lock` }, (carrel) => stopTask(carrel, ref));
  const [left] = await judgeUnfinished(world.host, world.state);
  if (left === undefined) throw new TypeError("something is left");
  return { world, ref, left };
}

Deno.test("compensateOperation() settles an interrupted operation, once", async () => {
  const { world, ref, left } = await newScene();
  assertEquals([left.verdict, left.verb, left.step], ["gone", "task stop", "stop container"]);
  const { settled, op } = await compensateOperation(world.carrel, left);
  assertEquals([settled, op.changed], ["undone", true]);
  assertEquals(await world.state.lifecycle.getStatus(left.op), "ABORTED");
  assertEquals(await judgeUnfinished(world.host, world.state), []);
  assertEquals((await look(world.carrel, ref)).status, "running");
  const again = await compensateOperation(world.carrel, left);
  assertEquals([again.settled, again.op.changed], [null, false]);
});

Deno.test("compensateOperation() claims of no verb that it was undone when nobody can tell", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { state, host } = world;
  const path = `${ROOT}/archive/demo/tasks/.pruned-20260101T000000000000Z_q7m2x.0123456789abcdef`;
  host.files.put(`${path}/task.json`, "{}");
  await interrupt(world, { at: "run rm", leaving: "all" }, (carrel) => pruneStorage(carrel));
  assertEquals(await host.files.info(path), null);
  const [left] = await judgeUnfinished(host, state);
  assert(left !== undefined);
  const { settled } = await compensateOperation(world.carrel, left);
  const [operation] = (await listOperations(state)).filter(({ op }) => op === left.op);
  assert(operation !== undefined);
  const shown = await describeOperation(host, state, operation);
  assertEquals([settled, shown.settled, shown.status, shown.changed], [
    "abandoned",
    "abandoned",
    "ABORTED",
    null,
  ]);
  assertMatch(
    world.notices.at(-1)?.text ?? "",
    /interrupted; what it had done stands, doing it again completes it$/,
  );
});

Deno.test("compensateOperation() in a dry run changes nothing", async () => {
  const { world, left } = await newScene();
  const { op } = await compensateOperation(world.carrel, left, { dryRun: true });
  assertEquals([op.changed, world.notices], [true, []]);
  assertEquals((await judgeUnfinished(world.host, world.state)).length, 1);
});

Deno.test("compensateOperation() refuses while its process is alive, also in a dry run", async () => {
  const { world, ref, left } = await newScene();
  const death = { at: "create /srv/carrel/core/projects/demo" };
  await compensateOperation(world.carrel, left);
  await interrupt(world, death, (carrel) => renameTask(carrel, ref, "other"), { lives: true });
  const [busy] = await judgeUnfinished(world.host, world.state);
  if (busy === undefined) throw new TypeError("the rename has not ended");
  assertEquals(busy.verdict, "alive");
  for (const dryRun of [true, false]) {
    const error = await assertRejects(() => compensateOperation(world.carrel, busy, { dryRun }), AppError);
    assertEquals([error.code, error.exit], ["wrong_state", 5]);
  }
  assertEquals((await judgeUnfinished(world.host, world.state)).length, 1);
});

Deno.test("compensateOperation() settles what cannot be judged from here", async () => {
  const { world, left } = await newScene();
  const distant = { ...world.host, system: { ...world.host.system, hostname: "distant" } };
  const carrel = await world.open({ host: distant });
  assertEquals((await judgeUnfinished(distant, world.state)).map(({ verdict }) => verdict), ["unknown"]);
  assertEquals((await compensateOperation(carrel, left)).settled, "undone");
});

Deno.test("compensateOperation() waits for the lock of the task no longer than it may", async () => {
  const { world, ref, left } = await newScene();
  await using _lock = await world.host.files.lock(world.carrel.paths.taskLock(ref.project, ref.id), {
    timeoutMs: 0,
  });
  const error = await assertRejects(() => compensateOperation(world.carrel, left), AppError);
  assertEquals(error.code, "lock_timeout");
  assertEquals((await judgeUnfinished(world.host, world.state)).map(({ op }) => op), [left.op]);
});

Deno.test("compensateOperation() that fails leaves it for the next, with what went wrong", async () => {
  let answers = true;
  const silent = fakeWith((inner) => ({
    states: async (query) => {
      if (!answers) throw new AppError("runtime_unavailable", "no answer");
      return await inner.states(query);
    },
  }));
  const { world, left } = await newScene({ plugins: [silent], projects: { demo: fakeProject(ENDLESS) } });
  answers = false;
  const error = await assertRejects(() => compensateOperation(world.carrel, left), AppError);
  assertEquals([error.code, error.exit], ["runtime_unavailable", 9]);
  const [still] = await judgeUnfinished(world.host, world.state);
  assertEquals([still?.op, still?.attempts, still?.last_outcome], [left.op, 1, "REVERT failed: no answer"]);
  answers = true;
  assertEquals((await compensateOperation(world.carrel, left)).settled, "undone");
});

Deno.test("an operation of a project is settled under the lock of projects", async () => {
  const { world } = await newScene();
  await interrupt(
    world,
    { at: "create /etc/carrel-test/projects/other" },
    (carrel) => newProject(carrel, "other"),
  );
  const left = (await judgeUnfinished(world.host, world.state)).find(({ verb }) => verb === "project new");
  if (left === undefined) throw new TypeError("the project was not made");
  {
    await using _lock = await world.host.files.lock(world.carrel.paths.projectsLock, { timeoutMs: 0 });
    const error = await assertRejects(() => compensateOperation(world.carrel, left), AppError);
    assertEquals(error.code, "lock_timeout");
  }
  assertEquals((await compensateOperation(world.carrel, left)).settled, "undone");
});
