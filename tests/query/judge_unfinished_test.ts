import { assertEquals } from "@std/assert";
import { stopTask } from "../../core/engine/stop_task.ts";
import { judgeMarked, judgeUnfinished } from "../../core/query/judge_unfinished.ts";
import { interrupt, type InterruptOptions } from "../support/interrupt.ts";
import { ENDLESS, fakeProject, newWorld, ROOT, runTask } from "../support/world.ts";

const AT_STEP = `lock ${ROOT}/core/fake-runtime.lock`;

async function leave(death: string, options?: InterruptOptions) {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(world.carrel);
  const at = death.replace("{id}", ref.id);
  await interrupt(world, { at }, (carrel) => stopTask(carrel, ref), options);
  return { ...world, ref };
}

Deno.test("judgeUnfinished() says whether the process lives", async () => {
  for (
    const [options, verdict] of [
      [{}, "gone"],
      [{ lives: true }, "alive"],
      [{ hostname: "distant" }, "unknown"],
    ] as const
  ) {
    const { host, state, ref } = await leave(AT_STEP, options);
    const [left, ...others] = await judgeUnfinished(host, state);
    assertEquals([left?.verdict, left?.step, left?.task], [verdict, "stop container", ref.id]);
    assertEquals(others, []);
    assertEquals(await judgeMarked(host, state), left === undefined ? [] : [left]);
  }
});

Deno.test("judgeUnfinished() finds one that died before its first step, and has left nothing", async () => {
  const { host, state, ref } = await leave(`lock ${ROOT}/core/locks/demo/{id}.lock`);
  const [left, ...others] = await judgeUnfinished(host, state);
  assertEquals([left?.verdict, left?.step, left?.task, left?.attempts], ["gone", null, ref.id, 0]);
  assertEquals([others, await judgeMarked(host, state)], [[], []]);
});

Deno.test("judgeUnfinished() leaves out the flows of others", async () => {
  const { host, state } = await newWorld();
  await state.lifecycle.recordTransition("mine", null, "ACTIVE");
  await state.saga.markDirty("mine too", "charge", "{}");
  assertEquals(await judgeUnfinished(host, state), []);
});

Deno.test("an operation of which nobody knows the process is never taken for interrupted", async () => {
  const { host, state } = await newWorld();
  await state.saga.markDirty("0190", "stop", JSON.stringify({ verb: "task stop", process: null }));
  assertEquals((await judgeUnfinished(host, state)).map(({ verdict }) => verdict), ["unknown"]);
});
