import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { readBeginning } from "../../core/query/operations.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { StorageError } from "../../core/state/errors.ts";
import { newFullDiskHost } from "../fault/full_disk_host.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newWorld,
  placesOf,
  ROOT,
  runTask,
  type World,
} from "../support/world.ts";

const JOURNAL = `${ROOT}/core/journal.ndjson`;

/** A carrel on the world's machine whose state store cannot be opened. */
function withoutStore(world: World) {
  const damaged = new StorageError("the state store is damaged", { details: { reason: "damaged" } });
  return world.open({ openState: () => Promise.reject(damaged) });
}

async function newRunningTask() {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  return { world, ref: await runTask(world.carrel) };
}

Deno.test("a stop and a purge work without the store, warn, and are recorded by the next healthy operation", async () => {
  const { world, ref } = await newRunningTask();
  const other = await runTask(world.carrel);
  const stopped = await stopTask(await withoutStore(world), ref);
  assertEquals((await look(world.carrel, ref)).status, "stopped");
  const purged = await deleteTask(await withoutStore(world), ref, { purge: true });
  assertEquals((await loadTasks(world.carrel, DEMO)).tasks.length, 1);
  const warnings = world.notices.filter(({ kind }) => kind === "warning").map(({ text }) => text);
  assertEquals(warnings.length, 2);
  assertStringIncludes(warnings[0] ?? "", `the state store is damaged; this is recorded in ${JOURNAL}`);
  assertEquals(await world.state.lifecycle.getStatus(stopped.id), null);

  await renameTask(world.carrel, other, "healthy");
  assertEquals(await world.host.files.info(JOURNAL), null);
  for (const [op, verb] of [[stopped.id, "task stop"], [purged.op.id, "task delete"]] as const) {
    assertEquals(await world.state.lifecycle.getStatus(op), "CLOSED");
    const events = await world.state.decisionAudit.eventsForDfid(op);
    assertEquals([readBeginning(events)?.verb, readBeginning(events)?.task], [verb, ref.id]);
  }
});

Deno.test("what fails without the store is journaled as failed", async () => {
  const { world, ref } = await newRunningTask();
  const failing = await world.configure("demo", fakeProject({ fail_on: "states" }));
  const damaged = { ...failing, state: () => Promise.reject(new StorageError("damaged")) };
  const error = await assertRejects(() => stopTask(damaged, ref), AppError);
  assertEquals(error.exit, 9);
  await renameTask(world.carrel, ref, "healthy");
  const [flow] = await world.state.lifecycle.listFlows({ statuses: ["ABORTED"] });
  assert(flow !== undefined);
  const events = await world.state.decisionAudit.eventsForDfid(flow.dfid);
  assertEquals(events.map(({ event }) => event), ["operation.begun", "operation.ended"]);
});

Deno.test("any other change is refused without the store, and changes nothing", async () => {
  const { world, ref } = await newRunningTask();
  const before = await world.host.files.readText(placesOf(ref).dossier);
  const error = await assertRejects(
    async () => await renameTask(await withoutStore(world), ref, "x"),
    AppError,
  );
  assertEquals(error.exit, 10);
  assertEquals(await world.host.files.readText(placesOf(ref).dossier), before);
});

Deno.test("a line of the journal that was not written to its end is passed over", async () => {
  const { world, ref } = await newRunningTask();
  const { id } = await stopTask(await withoutStore(world), ref);
  const text = await world.host.files.readText(JOURNAL);
  world.host.files.put(JOURNAL, `${text.slice(0, 40)}\n${text}${text.slice(0, 20)}`);
  await renameTask(world.carrel, ref, "healthy");
  assertEquals(await world.state.lifecycle.getStatus(id), "CLOSED");
});

Deno.test("a purge on a full disk has the space of the reserve", async () => {
  const { world, ref } = await newRunningTask();
  // The simulated engine keeps its containers in a file of its own.
  await stopTask(world.carrel, ref);
  const reserve = `${ROOT}/core/reserve`;
  assertEquals((await world.host.files.info(reserve))?.sizeBytes, 65_536);
  let left = 0;
  const full = newFullDiskHost(world.host, 1);
  // Space is where the reserve was, and only there.
  const files = {
    ...full.files,
    removeFile: async (path: string) => {
      const removed = await full.files.removeFile(path);
      if (path === reserve && removed) left = 8;
      return removed;
    },
    create: (...args: Parameters<typeof full.files.create>) =>
      left-- > 0 ? world.host.files.create(...args) : full.files.create(...args),
    append: (...args: Parameters<typeof full.files.append>) =>
      left-- > 0 ? world.host.files.append(...args) : full.files.append(...args),
  };
  const store = new StorageError("no space left on the disk", { code: "disk_full" });
  const carrel = await world.open({ host: { ...full, files }, openState: () => Promise.reject(store) });
  await deleteTask(carrel, ref, { purge: true });
  assertEquals(await world.host.files.info(placesOf(ref).dir), null);
  assertEquals(await world.host.files.info(reserve), null);
  await runTask(world.carrel);
  assertEquals((await world.host.files.info(reserve))?.sizeBytes, 65_536);
});
