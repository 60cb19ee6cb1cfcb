import { assertEquals, assertRejects } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { AppError } from "../../core/error.ts";
import { listArchives } from "../../core/query/archives.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { newStuckHost } from "../support/stuck_host.ts";
import {
  DEMO,
  look,
  newTask,
  newWorld,
  onlyArchive,
  placesOf,
  ROOT,
  treeAt,
  type World,
} from "../support/world.ts";

const TASKS = `${ROOT}/sandbox-live/tasks/demo`;
const ARCHIVES = `${ROOT}/archive/demo/tasks`;

/** A world whose archive lies on another file system, with a task in it. */
async function newSplitWorld(): Promise<World & { ref: TaskRef }> {
  const world = await newWorld();
  world.host.files.setDevice(`${ROOT}/archive`, 2);
  const ref = await newTask(world.carrel, { name: "far" });
  world.host.files.put(`${placesOf(ref).dir}/workspace-dangerous/a/b.txt`, "precious\n", 0o640);
  return { ...world, ref };
}

/** The file tools that were called, without the paths' common beginning. */
function toolsOf({ host }: World): string[] {
  return host.processes.commands.map(({ argv }) => argv.join(" ").replaceAll(ROOT, ""));
}

Deno.test("across file systems a deletion copies, makes the copy durable, and then removes", async () => {
  const world = await newSplitWorld();
  const { carrel, host, ref } = world;
  const before = treeAt(host, placesOf(ref).dir);
  await deleteTask(carrel, ref);
  const { id } = ref;
  assertEquals(toolsOf(world), [
    `cp -a --reflink=auto -- /sandbox-live/tasks/demo/${id}/. /archive/demo/tasks/.${id}.incoming`,
    `sync -f -- /archive/demo/tasks/.${id}.incoming`,
    `rm -rf --one-file-system -- /sandbox-live/tasks/demo/.${id}.outgoing`,
  ]);
  const archive = await onlyArchive(carrel);
  const copy = treeAt(host, archive.dir);
  for (const [path, text] of Object.entries(before)) assertEquals(copy[path], text, path);
  assertEquals((await host.files.info(`${archive.dir}/workspace-dangerous/a/b.txt`))?.mode, 0o640);
  assertEquals(await host.files.list(TASKS), []);
});

Deno.test("across file systems a restore brings every byte back", async () => {
  const { carrel, host, ref } = await newSplitWorld();
  const { dir, bookkeeping } = placesOf(ref);
  const before = [treeAt(host, dir), await host.files.readText(bookkeeping)];
  await deleteTask(carrel, ref);
  await restoreArchive(carrel, await onlyArchive(carrel));
  assertEquals([treeAt(host, dir), await host.files.readText(bookkeeping)], before);
  assertEquals(await host.files.list(ARCHIVES), []);
});

Deno.test("a copy that fails half-way leaves the task whole and nothing in the archive", async () => {
  const { carrel, host, ref, open } = await newSplitWorld();
  const { dir } = placesOf(ref);
  const before = treeAt(host, dir);
  const full = {
    ...host,
    processes: {
      ...host.processes,
      run: async (spec: Parameters<typeof host.processes.run>[0]) => {
        if (spec.argv[0] !== "cp") return await host.processes.run(spec);
        await host.files.create(`${spec.argv.at(-1)}/task.json`, "{}", { mode: 0o600 });
        const stderr = new TextEncoder().encode("cp: error writing 'b.txt': No space left on device\n");
        return { code: 1, signal: null, stdout: new Uint8Array(), stderr, timedOut: false };
      },
    },
  };
  const error = await assertRejects(async () => await deleteTask(await open({ host: full }), ref), AppError);
  assertEquals([error.code, error.exit, error.retryable], ["archive_failed", 10, true]);
  assertEquals(error.cause instanceof AppError && error.cause.code, "disk_full");
  assertEquals([treeAt(host, dir), await host.files.list(ARCHIVES)], [before, []]);
  assertEquals((await look(carrel, ref)).status, "created");
  await deleteTask(carrel, ref);
  assertEquals((await onlyArchive(carrel)).record.name, "far");
});

Deno.test("what a dead copy left is no archive, and the next deletion replaces it", async () => {
  const { carrel, host, ref } = await newSplitWorld();
  host.files.put(`${ARCHIVES}/.${ref.id}.incoming/task.json`, '{"name": "half"}');
  host.files.put(`${TASKS}/.${ref.id}.outgoing/old.txt`, "");
  assertEquals((await listArchives(carrel, DEMO)).archives, []);
  await deleteTask(carrel, ref);
  assertEquals((await onlyArchive(carrel)).record.name, "far");
  assertEquals([(await host.files.list(ARCHIVES)).length, await host.files.list(TASKS)], [1, []]);
});

Deno.test("an original that cannot be removed is a warning: the task is archived", async () => {
  const { carrel, host, ref, open, notices } = await newSplitWorld();
  await deleteTask(await open({ host: newStuckHost(host) }), ref);
  assertEquals((await loadTasks(carrel, DEMO)).tasks, []);
  assertEquals((await onlyArchive(carrel)).record.name, "far");
  assertEquals(notices.map(({ text }) => text), [
    `${TASKS}/.${ref.id}.outgoing can be removed, but was not: rm failed: rm: busy`,
  ]);
});
