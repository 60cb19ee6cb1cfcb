/**
 * Bookkeeping that reads well, and of which only the beginning is left.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { TaskRef } from "../../../core/query/find_task.ts";
import { DEMO, look, newTask, placesOf } from "../../support/world.ts";
import { loadTasks } from "../../../core/query/load_tasks.ts";
import { checkAdopted, type Scene, type Spoil } from "./spoilable.ts";

/** Leaves of a task's bookkeeping what comes before a text in it. */
async function cutBookkeeping({ world: { host } }: Scene, ref: TaskRef, before: string): Promise<void> {
  const { bookkeeping } = placesOf(ref);
  const text = await host.files.readText(bookkeeping);
  const end = text.indexOf(before);
  assert(end > 0, text);
  host.files.put(bookkeeping, text.slice(0, end));
}

/** What only operations on record can tell of the stopped task is there again. */
async function checkRemembered({ world, stopped }: Scene): Promise<void> {
  const { mode, name, labels, created_at } = await look(await world.open(), stopped);
  const expected = ["run", "stopped", { team: "web" }, true];
  assertEquals([mode, name, labels, created_at !== null], expected);
  const text = world.host.files.snapshot()[placesOf(stopped).bookkeeping] ?? "";
  assert(text.includes("command:\n- work\n"), text);
}

/** A trouble for each place of the cut. */
export const CUT_OFF_SPOILS: readonly Spoil[] = [
  {
    name: "bookkeeping that reads well, cut off within the directory's name",
    spoil: (scene) => cutBookkeeping(scene, scene.running, "/tasks/demo"),
    finds: [["bookkeeping_damaged", true]],
    check: (scene) => checkAdopted(scene, scene.running, ["run", "running", "fake"]),
  },
  {
    name: "bookkeeping that reads well, cut off between two entries",
    spoil: (scene) => cutBookkeeping(scene, scene.stopped, "labels:"),
    finds: [["bookkeeping_damaged", true]],
    check: checkRemembered,
  },
  {
    name: "bookkeeping that reads well, cut off before anything tells when the task was made",
    spoil: (scene) => cutBookkeeping(scene, scene.stopped, "created_at:"),
    finds: [["bookkeeping_damaged", true]],
    check: checkRemembered,
  },
  {
    name: "bookkeeping that reads well, cut off within the command",
    spoil: (scene) => cutBookkeeping(scene, scene.stopped, "rk\n"),
    finds: [["bookkeeping_damaged", true]],
    check: checkRemembered,
  },
  {
    name: "bookkeeping that reads well, cut off within the last label",
    spoil: async (scene) => {
      const ref = await newTask(scene.world.carrel, { name: "labelled", labels: { team: "web" } });
      await cutBookkeeping(scene, ref, "b\n");
    },
    finds: [["bookkeeping_damaged", true]],
    check: async ({ world }) => {
      const { tasks } = await loadTasks(await world.open(), DEMO);
      assertEquals(tasks.find(({ meta }) => meta.name === "labelled")?.meta.labels, { team: "web" });
    },
  },
];
