import { assertEquals, assertRejects } from "@std/assert";
import { renameTask } from "../../core/engine/rename_task.ts";
import { AppError } from "../../core/error.ts";
import {
  dataOf,
  ENDLESS,
  fakeProject,
  look,
  newTask,
  newWorld,
  placesOf,
  refOf,
  runTask,
} from "../support/world.ts";

Deno.test("renameTask() renames a running task and leaves its bookkeeping alone", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const before = await host.files.readText(placesOf(ref).bookkeeping);
  assertEquals((await renameTask(carrel, ref, "  New   Name ")).changed, true);
  const { name, status } = await look(carrel, ref);
  assertEquals([name, status], ["new-name", "running"]);
  assertEquals(await host.files.readText(placesOf(ref).bookkeeping), before);
});

Deno.test("renameTask() to the same name changes nothing", async () => {
  const { carrel, host } = await newWorld();
  const ref = await newTask(carrel, { name: "same" });
  const before = dataOf(host);
  assertEquals((await renameTask(carrel, ref, "Same")).changed, false);
  assertEquals(dataOf(host), before);
});

Deno.test("renameTask() refuses a bad name, an unknown task and a held lock", async () => {
  const { carrel, host } = await newWorld();
  const ref = await newTask(carrel, { name: "kept" });
  const code = async (run: () => Promise<unknown>) => (await assertRejects(run, AppError)).code;
  assertEquals(await code(() => renameTask(carrel, ref, "---")), "invalid_task_name");
  assertEquals(await code(() => renameTask(carrel, refOf("z9zzz"), "x")), "task_not_found");
  await using _lock = await host.files.lock(carrel.paths.taskLock(ref.project, ref.id), { timeoutMs: 0 });
  assertEquals(await code(() => renameTask(carrel, ref, "x")), "lock_timeout");
  assertEquals((await look(carrel, ref)).name, "kept");
});

Deno.test("renameTask() by two at once loses neither", async () => {
  const { carrel, open } = await newWorld();
  const ref = await newTask(carrel);
  const renames = ["a", "b"].map(async (name) => renameTask(await open(), ref, name));
  assertEquals((await Promise.all(renames)).map(({ changed }) => changed), [true, true]);
  assertEquals(["a", "b"].includes((await look(carrel, ref)).name), true);
});
