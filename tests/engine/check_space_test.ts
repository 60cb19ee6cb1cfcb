import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createTask } from "../../core/engine/create_task.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { runExistingTask, runNewTask } from "../../core/engine/run_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { AppError } from "../../core/error.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { measureStorage } from "../../core/storage/measure_storage.ts";
import { putUpstream } from "../support/git_tool.ts";
import { dataOf, DEMO, fakeProject, newTask, newWorld, placesOf } from "../support/world.ts";

const RUN = { command: ["work"] };

Deno.test("below storage.min_free no task is made or run, which says what could go; others can be ended", async () => {
  const world = await newWorld({ projects: { demo: fakeProject({}, "storage: {min_free: 1G}\n") } });
  const { carrel, host } = world;
  const ref = await newTask(carrel);
  await deleteTask(carrel, await newTask(carrel, { name: "gone" }));
  host.files.setFreeBytes(2 ** 29);
  const before = dataOf(host);
  const attempts = [
    () => createTask(carrel, DEMO),
    () => createTask(carrel, DEMO, {}, { dryRun: true }),
    () => runNewTask(carrel, DEMO, RUN),
    () => runExistingTask(carrel, ref, RUN),
  ];
  for (const attempt of attempts) {
    const error = await assertRejects(attempt, AppError);
    assertEquals([error.code, error.exit], ["disk_full", 10]);
    assertMatch(error.message, /^512 MiB are free at .*, less than storage\.min_free$/);
    assertMatch(error.hint ?? "", /^archives take .* which `carrel archive prune` frees/);
  }
  assertEquals(dataOf(host), before);
  await stopTask(carrel, ref);
  await deleteTask(carrel, ref);
});

Deno.test("storage.min_free counts on the file system of the tasks and on that of the records", async () => {
  const text = fakeProject({}, "storage: {min_free: 1G}\ntasks: {root: /big/tasks}\n");
  const { carrel, host } = await newWorld({ projects: { demo: text } });
  host.files.setDevice("/big", 2);
  host.files.putDir("/big");
  await createTask(carrel, DEMO);
  for (const device of [1, 2]) {
    host.files.setFreeBytes(0, device);
    await assertRejects(
      () => createTask(carrel, DEMO),
      AppError,
      device === 1 ? "/srv/carrel" : "/big/tasks",
    );
    host.files.setFreeBytes(2 ** 30, device);
  }
  await createTask(carrel, DEMO);
});

Deno.test("of two runs at once that would seed past storage.project_budget one is refused", async () => {
  for (const kind of ["new", "made before"]) {
    const settings = (budget: string) => `git: {upstream_url: /srv/app.git}\n${budget}`;
    const world = await newWorld({ projects: { demo: fakeProject({}, settings("")) } });
    const { carrel, host } = world;
    putUpstream(host, "/srv/app.git", "1".repeat(40));
    await syncCloneCache(carrel, DEMO);
    const refs = kind === "new" ? [null, null] : [await newTask(carrel), await newTask(carrel)];
    const { usage } = await measureStorage(carrel, DEMO);
    // One more file than there is now.
    const budget = `storage: {project_budget: ${usage.total_allocated_bytes + 1}}\n`;
    const bounded = () => world.configure("demo", fakeProject({}, settings(budget)));
    const results = await Promise.allSettled(refs.map(async (ref) => {
      const one = await bounded();
      return ref === null ? await runNewTask(one, DEMO, RUN) : await runExistingTask(one, ref, RUN);
    }));
    const failures = results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
    assertEquals(failures.map(({ code, exit }) => [code, exit]), [["insufficient_capacity", 12]], kind);
    const { tasks } = await loadTasks(carrel, DEMO);
    assertEquals(tasks.map(({ meta }) => meta.mode).sort(), kind === "new" ? ["run"] : [null, "run"]);
  }
});

Deno.test("over storage.project_budget no task is made or run; archives count, and other projects do not", async () => {
  const { carrel, host, configure } = await newWorld({
    projects: { demo: fakeProject(), other: fakeProject() },
  });
  const ref = await newTask(carrel);
  host.files.put(`${placesOf(ref).dir}/workspace-dangerous/big`, new Uint8Array(100_000));
  const bounded = await configure("demo", fakeProject({}, "storage: {project_budget: 50000}\n"));
  for (const attempt of [() => createTask(bounded, DEMO), () => runExistingTask(bounded, ref, RUN)]) {
    const error = await assertRejects(attempt, AppError);
    assertEquals([error.code, error.exit], ["insufficient_capacity", 12]);
  }
  await deleteTask(bounded, ref);
  await assertRejects(() => createTask(bounded, DEMO), AppError, "project demo takes");
  await createTask(await configure("demo", fakeProject({}, "storage: {project_budget: 1M}\n")), DEMO);
});
