import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { observeTasks } from "../../core/engine/observe_tasks.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { loadTask, loadTasks } from "../../core/query/load_tasks.ts";
import type { RuntimePlugin } from "../../core/port/plugin.ts";
import { toTaskView } from "../../core/query/task_meta.ts";
import { fakePlugin } from "../../plugins/fake.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  fakeWith,
  look,
  newTask,
  newWorld,
  placesOf,
  runTask,
} from "../support/world.ts";

Deno.test("loadTasks() asks a runtime once for the states of all tasks of all projects", async () => {
  let calls = 0;
  const counting = fakeWith((inner) => ({
    states: (query) => {
      calls++;
      return inner.states(query);
    },
  }));
  const projects = { demo: fakeProject(ENDLESS), other: fakeProject(ENDLESS) };
  const { carrel, open } = await newWorld({ projects, plugins: [counting] });
  for (let count = 0; count < 3; count++) await runTask(carrel);
  await runTask(carrel, { command: ["work"] }, parseProjectId("other"));
  await newTask(carrel);
  calls = 0;
  const { tasks } = await loadTasks(await open(), null);
  assertEquals(tasks.map(({ meta }) => meta.status).sort(), [
    "created",
    "running",
    "running",
    "running",
    "running",
  ]);
  assertEquals(calls, 1);
});

Deno.test("loadTasks() asks each connection of a runtime for its own tasks", async () => {
  const asked: string[] = [];
  const remote: RuntimePlugin = {
    ...fakePlugin,
    open: async (context) => {
      const connection = String(context.setting("runtime.podman.connection"));
      return await fakeWith((inner) => ({
        states: (query) => {
          asked.push(`${connection}: ${query.project}`);
          return inner.states(query);
        },
      })).open(context);
    },
  };
  const projectAt = (connection: string) =>
    fakeProject(ENDLESS, `runtime: {podman: {connection: ${connection}}}\n`);
  const { carrel, open } = await newWorld({
    projects: { demo: projectAt("here"), other: projectAt("there") },
    plugins: [remote],
  });
  await runTask(carrel);
  await runTask(carrel, { command: ["work"] }, parseProjectId("other"));
  asked.length = 0;
  const { tasks } = await loadTasks(await open(), null);
  assertEquals(tasks.map(({ meta }) => meta.status), ["running", "running"]);
  assertEquals(asked.sort(), ["here: demo", "there: other"]);
});

Deno.test("loadTasks() asks no runtime for tasks that never ran", async () => {
  const broken = fakeWith(() => ({ states: () => Promise.reject(new AppError("runtime_failed", "no")) }));
  const { carrel } = await newWorld({ plugins: [broken] });
  await newTask(carrel);
  const { tasks, runtimeFailures } = await loadTasks(carrel, DEMO);
  assertEquals([tasks.map(({ meta }) => meta.status), runtimeFailures], [["created"], []]);
});

Deno.test("a runtime that fails makes tasks unknown, never absent", async () => {
  const { carrel, configure } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel);
  const failing = await configure("demo", fakeProject({ fail_on: "states" }));
  const { tasks, runtimeFailures, damaged } = await loadTasks(failing, DEMO);
  assertEquals(tasks.map(({ meta }) => [meta.status, meta.container_state]), [["unknown", null]]);
  assertEquals([runtimeFailures.map(({ exit }) => exit), damaged], [[9], []]);
  const error = await assertRejects(() => loadTask(failing, ref), AppError);
  assertEquals(error.exit, 9);
});

Deno.test("a container that is gone is not found, and its recorded exit code still counts", async () => {
  const { carrel, open } = await newWorld({ projects: { demo: fakeProject({ exit_code: 3 }) } });
  const [seen, unseen] = [await runTask(carrel), await runTask(carrel)];
  await observeTasks(carrel, DEMO);
  const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
  await runtime.remove([`demo-run-${seen.id}`, `demo-run-${unseen.id}`]);
  const later = await open();
  assertEquals((await look(later, seen)).status, "failed");
  const stopped = await runTask(carrel);
  await runtime.remove([`demo-run-${stopped.id}`]);
  assertEquals((await look(later, stopped)).status, "not found");
});

Deno.test("a damaged record is named, and the sound tasks are listed", async () => {
  const { carrel, host } = await newWorld();
  const [sound, dossier, bookkeeping] = [await newTask(carrel), await newTask(carrel), await newTask(carrel)];
  host.files.put(placesOf(dossier).dossier, '{"project": "de');
  host.files.put(placesOf(bookkeeping).bookkeeping, "mode: [cli\nweb_port:\n");
  const before = host.files.snapshot();
  const { tasks, damaged } = await loadTasks(carrel, DEMO);
  assertEquals(tasks.map(({ meta }) => meta.task_id), [sound.id]);
  assertEquals(
    damaged.map(({ code, details }) => [code, details.file]).sort(),
    [["record_damaged", placesOf(bookkeeping).bookkeeping], ["record_damaged", placesOf(dossier).dossier]]
      .sort(),
  );
  for (const error of damaged) assertStringIncludes(error.message, String(error.details.file));
  assertEquals(host.files.snapshot(), before);
});

Deno.test("an empty bookkeeping file is damage, not a task that forgot everything", async () => {
  const { carrel, host } = await newWorld();
  const ref = await newTask(carrel);
  host.files.put(placesOf(ref).bookkeeping, "");
  const error = await assertRejects(() => loadTask(carrel, ref), AppError);
  assertEquals(error.code, "record_damaged");
  assertEquals((await assertRejects(() => stopTask(carrel, ref), AppError)).code, "record_damaged");
  assertEquals(await host.files.readText(placesOf(ref).bookkeeping), "");
});

Deno.test("what an agent writes is shown, and what it writes wrongly says nothing", async () => {
  const { carrel, host } = await newWorld();
  const newStatusFile = async () => `${placesOf(await newTask(carrel)).dir}/agent-config/work-status.yml`;
  host.files.put(await newStatusFile(), "status: testing\nmessage: 3 of 5\n");
  host.files.put("/etc/secret", "status: stolen\n");
  host.files.symlink("/etc/secret", await newStatusFile());
  host.files.put(await newStatusFile(), `status: ${"x".repeat(70_000)}\n`);
  host.files.fifo(await newStatusFile());
  const { tasks } = await loadTasks(carrel, DEMO);
  const works = tasks.map(({ meta }) => [meta.work_status, meta.work_message]);
  assertEquals(works.filter(([status]) => status !== null), [["testing", "3 of 5"]]);
  assertEquals(works.length, 4);
});

Deno.test("toTaskView() has no token in it", async () => {
  const web = "run: {runtime: fake, fake: {duration_ms: 1e9}, web: {command: [serve], port: 80}}\n";
  const { carrel } = await newWorld({ projects: { demo: web } });
  const ref = await runTask(carrel, { mode: "web" });
  const meta = await look(carrel, ref);
  assertEquals(meta.web_token?.length, 43);
  assertEquals(JSON.stringify(toTaskView(meta)).includes(meta.web_token ?? ""), false);
});
