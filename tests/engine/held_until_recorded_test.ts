import { assertEquals, assertRejects } from "@std/assert";
import type { Carrel } from "../../core/carrel.ts";
import { createTask } from "../../core/engine/create_task.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError, isAppError } from "../../core/error.ts";
import { listUnfinished } from "../../core/query/operations.ts";
import { StorageBundle } from "../../core/state/storage_bundle.ts";
import { DEMO, ENDLESS, fakeProject, newWorld, onlyArchive, runTask, type World } from "../support/world.ts";

/** A carrel, and the operations that somebody else could take for a dead process's while they end. */
async function watchEnds({ open, state, host }: World): Promise<{ carrel: Carrel; ends: string[] }> {
  const ends: string[] = [];
  const note = async () => {
    for (const { verb, project, task } of await listUnfinished(state)) {
      if (project === null || task === null) continue;
      try {
        await using _lock = await host.files.lock(carrel.paths.taskLock(project, task), { timeoutMs: 0 });
        ends.push(`${verb} is free`);
      } catch (error) {
        if (!isAppError(error, "lock_timeout")) throw error;
        ends.push(`${verb} is held`);
      }
    }
  };
  const lifecycle = new Proxy(state.lifecycle, {
    get(store, name) {
      const member: unknown = Reflect.get(store, name, store);
      if (typeof member !== "function") return member;
      return async (...args: unknown[]) => {
        if (name === "transitionIf" && ["CLOSED", "ABORTED"].includes(String(args[2]))) await note();
        return await member.apply(store, args);
      };
    },
  });
  const watched = new StorageBundle({ ...state, lifecycle });
  const carrel = await open({ openState: () => Promise.resolve(watched) });
  return { carrel, ends };
}

Deno.test("a task is held until its operation's end is recorded, so that nobody settles what lives", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { carrel, ends } = await watchEnds(world);
  await createTask(carrel, DEMO);
  const ref = await runTask(carrel);
  await renameTask(carrel, ref, "other");
  await stopTask(carrel, ref);
  await startTask(carrel, ref);
  await deleteTask(carrel, ref);
  await restoreArchive(carrel, await onlyArchive(carrel));
  assertEquals(ends, [
    "task new is held",
    "task run is held",
    "task rename is held",
    "task stop is held",
    "task start is held",
    "task delete is held",
    "archive restore is held",
  ]);
});

Deno.test("a task is held until its operation's failure is recorded", async () => {
  const world = await newWorld({ projects: { demo: fakeProject({ ...ENDLESS, fail_on: "stop" }) } });
  const ref = await runTask(world.carrel);
  const { carrel, ends } = await watchEnds(world);
  await assertRejects(() => stopTask(carrel, ref), AppError);
  assertEquals(ends, ["task stop is held"]);
  await renameTask(carrel, ref, "free-again");
});
