import { assertEquals, assertRejects } from "@std/assert";
import { startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { DEMO, fakeWith, look, newWorld, runTask } from "../support/world.ts";

/** A world whose runtime fails to start as often as `failures` says. */
async function newFailingWorld(
  failures: { left: number; code: "runtime_failed" | "start_failed" },
  max: number,
) {
  const plugin = fakeWith((inner) => ({
    start: async (name) => {
      if (failures.left-- > 0) throw new AppError(failures.code, "cannot start: planned to fail");
      return await inner.start(name);
    },
  }));
  const retries = `retries: {max: ${max}, backoff: 10}`;
  const project = `run: {runtime: fake, fake: {duration_ms: 1000000000}, ${retries}}\n`;
  return await newWorld({ plugins: [plugin], projects: { demo: project } });
}

Deno.test("a start that fails because of the runtime is tried again, after pauses that double", async () => {
  const world = await newFailingWorld({ left: 2, code: "runtime_failed" }, 3);
  const before = world.host.clock.monotonicMs();
  const ref = await runTask(world.carrel);
  assertEquals((await look(world.carrel, ref)).status, "running");
  assertEquals(Math.round((world.host.clock.monotonicMs() - before) / 1000), 30);
  assertEquals(world.notices.map(({ text }) => text), [
    "cannot start: planned to fail; trying again in 10 s (1 of 3)",
    "cannot start: planned to fail; trying again in 20 s (2 of 3)",
  ]);
  assertEquals(await world.state.intentRetry.getCount(`demo/${ref.id}`), 0);
});

Deno.test("tries are counted over commands: once they are used up each command has one", async () => {
  const failures = { left: 0, code: "runtime_failed" as const };
  const world = await newFailingWorld(failures, 1);
  const ref = await runTask(world.carrel);
  await stopTask(world.carrel, ref);
  failures.left = 3;
  const start = () => assertRejects(() => startTask(world.carrel, ref), AppError, "planned to fail");
  await start();
  assertEquals([failures.left, await world.state.intentRetry.getCount(`demo/${ref.id}`)], [1, 2]);
  await start();
  assertEquals([failures.left, await world.state.intentRetry.getCount(`demo/${ref.id}`)], [0, 3]);
  await startTask(world.carrel, ref);
  assertEquals(await world.state.intentRetry.getCount(`demo/${ref.id}`), 0);
});

Deno.test("what the runtime refuses is not tried again, nor anything without run.retries", async () => {
  const refused = { left: 5, code: "start_failed" as const };
  const { carrel } = await newFailingWorld(refused, 3);
  await assertRejects(() => runTask(carrel), AppError, "planned to fail");
  assertEquals(refused.left, 4);
  const failed = { left: 5, code: "runtime_failed" as const };
  const world = await newFailingWorld(failed, 0);
  await assertRejects(() => runTask(world.carrel, { command: ["x"] }, DEMO), AppError, "planned to fail");
  assertEquals(failed.left, 4);
});
