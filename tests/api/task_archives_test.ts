import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  ArchivedTask,
  listArchivedTasks,
  taskArchiveList,
  taskArchiveLogs,
  taskDelete,
  taskNew,
} from "../../core/mod.ts";
import { openDemo, runTask } from "./demo_world.ts";

const ARCHIVES = "/r/archive/demo/tasks";
const OLD = "20260901T120000000000Z_k3v8h";
const NEW = "20260914T101530004211Z_q7m2x_prune-old-branches";

Deno.test("ArchivedTask() has the reference's fields in its order", () => {
  const task = new ArchivedTask("/dir", "20260914T101530004211Z", "q7m2x", "name", "run", 7);
  assertEquals({ ...task }, {
    archive_dir: "/dir",
    archived_at: "20260914T101530004211Z",
    task_id: "q7m2x",
    name: "name",
    mode: "run",
    exit_code: 7,
  });
});

Deno.test("listArchivedTasks() is newest first, and has what the record said", async () => {
  const { carrel, host } = await openDemo();
  host.files.put(`${ARCHIVES}/${OLD}/task.json`, "{}");
  host.files.put(`${ARCHIVES}/${NEW}/task.json`, `{"name":"prune-old-branches","mode":"run","exit_code":0}`);
  const archived = await listArchivedTasks(carrel, "demo");
  assertEquals(archived, [
    new ArchivedTask(`${ARCHIVES}/${NEW}`, "20260914T101530004211Z", "q7m2x", "prune-old-branches", "run", 0),
    new ArchivedTask(`${ARCHIVES}/${OLD}`, "20260901T120000000000Z", "k3v8h", "", null, null),
  ]);
  for (const task of archived) assertInstanceOf(task, ArchivedTask);
});

Deno.test("listArchivedTasks() names what it cannot read", async () => {
  const { carrel, host, notices } = await openDemo();
  host.files.put(`${ARCHIVES}/${OLD}/task.json`, "{");
  host.files.put(`${ARCHIVES}/${NEW}/task.json`, "{}");
  assertEquals((await listArchivedTasks(carrel, "demo")).map(({ task_id }) => task_id), ["q7m2x"]);
  assertEquals(notices.map(({ kind, text }) => [kind, text.includes(`${OLD}/task.json`)]), [[
    "warning",
    true,
  ]]);
});

Deno.test("listArchivedTasks() finds what taskDelete() left", async () => {
  const world = await openDemo({ fake: { exit_code: 7 } });
  const id = await runTask(world, { name: "Fix login", command: ["false"] });
  await taskDelete(world.carrel, "demo", id);
  const [task] = await listArchivedTasks(world.carrel, "demo");
  assertEquals([task?.task_id, task?.name, task?.mode, task?.exit_code], [id, "fix-login", "run", 7]);
});

Deno.test("taskArchiveList() says what there is", async () => {
  const { carrel, host } = await openDemo();
  assertEquals(await taskArchiveList(carrel, "demo"), "No archived tasks");
  host.files.put(`${ARCHIVES}/${OLD}/task.json`, `{"name":"a\\u001b[31m"}`);
  host.files.put(`${ARCHIVES}/${NEW}/task.json`, `{"name":"prune-old-branches","mode":"run","exit_code":0}`);
  assertEquals(
    await taskArchiveList(carrel, "demo"),
    "20260914T101530004211Z #q7m2x prune-old-branches [mode=run; exit=0]\n" +
      "20260901T120000000000Z #k3v8h a\\x1b[31m",
  );
});

Deno.test("taskArchiveLogs() finds the newest archive of that beginning that has a log", async () => {
  const { carrel, host } = await openDemo();
  host.files.put(`${ARCHIVES}/${OLD}/logs/container.log`, "old");
  host.files.put(`${ARCHIVES}/${OLD}/task.json`, "damaged");
  host.files.put(`${ARCHIVES}/${NEW}/logs/container.log`, "new");
  host.files.put(`${ARCHIVES}/20261001T000000000000Z_v4hd9/task.json`, "{}");
  assertEquals(await taskArchiveLogs(carrel, "demo", "2026"), `${ARCHIVES}/${NEW}/logs/container.log`);
  assertEquals(await taskArchiveLogs(carrel, "demo", OLD), `${ARCHIVES}/${OLD}/logs/container.log`);
  assertEquals(await taskArchiveLogs(carrel, "demo", "20261001"), null);
  assertEquals(await taskArchiveLogs(carrel, "demo", "../"), null);
});

Deno.test("taskArchiveLogs() of a task that never ran is null", async () => {
  const { carrel } = await openDemo();
  await taskDelete(carrel, "demo", await taskNew(carrel, "demo"));
  assertEquals(await taskArchiveLogs(carrel, "demo", ""), null);
});
