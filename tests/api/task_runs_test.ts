/** Tests of starting tasks through the library. @module */
import { assertEquals, assertRejects } from "@std/assert";
import {
  archiveRestore,
  projectNew,
  taskFollowup,
  taskRestart,
  taskRun,
  taskStart,
} from "../../core/api/task_runs.ts";
import { taskDelete, taskNew, taskStop } from "../../core/api/task_lifecycle.ts";
import { getTaskMeta } from "../../core/api/task_queries.ts";
import { AppError } from "../../core/error.ts";
import { LASTING, openDemo } from "./demo_world.ts";

Deno.test("projectNew() makes a project.yml that tasks run by", async () => {
  const { carrel, host } = await openDemo();
  const file = await projectNew(carrel, "other", { runtime: "fake", description: "second" });
  assertEquals(
    await host.files.readText(file),
    "project:\n  name: other\n  description: second\nrun:\n  runtime: fake\n",
  );
  const id = await taskRun(carrel, "other", { command: ["true"] });
  assertEquals((await getTaskMeta(carrel, "other", id)).status, "completed");
});

Deno.test("taskRun() answers the id of a task that is started", async () => {
  const { carrel } = await openDemo({ fake: LASTING });
  const id = await taskRun(carrel, "demo", { name: "Fix it", command: ["true"], labels: { team: "web" } });
  const meta = await getTaskMeta(carrel, "demo", id);
  assertEquals([meta.status, meta.name, meta.labels], ["running", "fix-it", { team: "web" }]);
});

Deno.test("taskStart() launches a task once, and then starts its container again", async () => {
  const { carrel } = await openDemo({ fake: LASTING });
  const id = await taskNew(carrel, "demo");
  assertEquals((await assertRejects(() => taskStart(carrel, "demo", id), AppError)).code, "never_ran");
  await taskStart(carrel, "demo", id, { command: ["true"] });
  const again = await assertRejects(() => taskStart(carrel, "demo", id, { command: ["true"] }), AppError);
  assertEquals(again.code, "already_ran");
  await taskStop(carrel, "demo", id);
  assertEquals((await getTaskMeta(carrel, "demo", id)).status, "stopped");
  await taskStart(carrel, "demo", id);
  assertEquals((await getTaskMeta(carrel, "demo", id)).status, "running");
  await taskRestart(carrel, "demo", id, { recreate: true });
  assertEquals((await getTaskMeta(carrel, "demo", id)).status, "running");
});

Deno.test("taskFollowup() leaves the new prompt and keeps the old one", async () => {
  const { carrel, host } = await openDemo();
  const id = await taskRun(carrel, "demo", { command: ["true"], prompt: "first" });
  await taskFollowup(carrel, "demo", id, "second");
  const agentConfig = `${(await getTaskMeta(carrel, "demo", id)).workspace}/agent-config`;
  assertEquals(await host.files.readText(`${agentConfig}/prompt.txt`), "second");
  assertEquals(await host.files.readText(`${agentConfig}/prompt-history.txt`), "first\n\n---\n\n");
});

Deno.test("archiveRestore() brings a task back, into another project too", async () => {
  const { carrel } = await openDemo();
  await projectNew(carrel, "other", { runtime: "fake" });
  const id = await taskRun(carrel, "demo", { command: ["true"] });
  await taskDelete(carrel, "demo", id);
  assertEquals(await archiveRestore(carrel, "demo", id.slice(0, 3)), id);
  assertEquals((await getTaskMeta(carrel, "demo", id)).status, "completed");
  await taskDelete(carrel, "demo", id);
  assertEquals(await archiveRestore(carrel, "demo", id, { into: "other" }), id);
  assertEquals((await getTaskMeta(carrel, "other", id)).project_id, "other");
});
