/** A record that names a runtime that there is none of: nobody can tell whether the task runs. @module */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { look, newWorld, placesOf, runTask, type World } from "../support/world.ts";
import type { TaskRef } from "../../core/query/find_task.ts";

/** A task that was launched on a runtime of another name. */
async function runElsewhere(): Promise<World & { readonly ref: TaskRef }> {
  const world = await newWorld();
  const ref = await runTask(world.carrel);
  const { bookkeeping } = placesOf(ref);
  const text = await world.host.files.readText(bookkeeping);
  world.host.files.put(bookkeeping, text.replace("runtime: fake", "runtime: fakf"));
  return { ...world, ref };
}

Deno.test("a task on an unknown runtime is unknown, and every verb that asks it fails as of a runtime", async () => {
  const { carrel, ref } = await runElsewhere();
  const { tasks } = await loadTasks(carrel, ref.project);
  assertEquals(tasks.map(({ meta }) => [meta.status, meta.container_state]), [["unknown", null]]);
  for (const verb of [look, stopTask, startTask, deleteTask]) {
    const error = await assertRejects(() => verb(carrel, ref), AppError);
    assertEquals([error.code, error.exit], ["runtime_unavailable", 9], verb.name);
    assertStringIncludes(error.message, "fakf");
    assertStringIncludes(error.hint ?? "", "one of: fake");
  }
});

Deno.test("a task on an unknown runtime can be purged: its container may be left, and that is said", async () => {
  const { carrel, host, ref } = await runElsewhere();
  const { warnings, incomplete } = await deleteTask(carrel, ref, { purge: true });
  assertEquals([warnings.length, incomplete], [1, true]);
  assertStringIncludes(warnings[0] ?? "", "may still be there: there is no runtime fakf");
  const { dir, bookkeeping } = placesOf(ref);
  for (const path of [dir, bookkeeping]) assertEquals(await host.files.info(path), null, path);
});
