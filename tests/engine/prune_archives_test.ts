import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { chooseArchives } from "../../core/engine/choose_archives.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { pruneArchives } from "../../core/engine/prune_archives.ts";
import type { ArchiveLimits } from "../../core/engine/select_archives.ts";
import { listArchives } from "../../core/query/archives.ts";
import type { Carrel } from "../../core/carrel.ts";
import { StorageError } from "../../core/state/errors.ts";
import { newStuckHost } from "../support/stuck_host.ts";
import { DEMO, newTask, newWorld, onlyArchive, ROOT, treeAt, type World } from "../support/world.ts";

const ARCHIVES = `${ROOT}/archive/demo/tasks`;
const DAY_MS = 86_400_000;

async function prune(carrel: Carrel, limits: ArchiveLimits) {
  return await pruneArchives(carrel, await chooseArchives(carrel, DEMO, limits), { project: DEMO });
}

/** A world with archives of so many tasks, named by letters, each a day after the one before. */
async function newArchives(count: number): Promise<World> {
  const world = await newWorld();
  for (const name of "abcdefgh".slice(0, count)) {
    await deleteTask(world.carrel, await newTask(world.carrel, { name }));
    await world.host.clock.advance(DAY_MS);
  }
  return world;
}

async function namesLeft({ carrel }: World): Promise<string> {
  const { archives } = await listArchives(carrel, DEMO);
  return archives.map(({ record }) => record.name).toSorted().join("");
}

Deno.test("pruneArchives() removes what is older, but none of the newest that are protected", async () => {
  const world = await newArchives(4);
  const result = await prune(world.carrel, { olderThanS: 1.5 * DAY_MS / 1000, keepLast: 2 });
  assertEquals([await namesLeft(world), result.archives.length, result.op.changed], ["cd", 2, true]);
  assert(result.archives.every(({ bytes }) => bytes > 0), "it says what was freed");
  const again = await prune(world.carrel, { olderThanS: 1.5 * DAY_MS / 1000, keepLast: 2 });
  assertEquals([again.archives, again.op.changed], [[], false]);
});

Deno.test("pruneArchives() keeps the newest that fit into a size, as they take it on the disk", async () => {
  const world = await newArchives(3);
  const { archives } = await chooseArchives(world.carrel, DEMO, { keepBytes: 0 });
  const [newest] = archives;
  assert(newest !== undefined && archives.length === 3);
  await prune(world.carrel, { keepBytes: newest.allocatedBytes });
  assertEquals(await namesLeft(world), "c");
});

Deno.test("pruneArchives() removes a damaged archive by the time in its name, and says so; what has none stays", async () => {
  const world = await newArchives(1);
  const { dir } = await onlyArchive(world.carrel);
  world.host.files.put(`${dir}/task.json`, "{");
  world.host.files.put(`${ARCHIVES}/notes/mine.txt`, "mine");
  const { archives, warnings } = await prune(world.carrel, { olderThanS: 1 });
  assertEquals([archives.length, warnings.length], [1, 2]);
  assertStringIncludes(warnings.join("\n"), `${ARCHIVES}/notes is no archive of a task, so it stays`);
  assertStringIncludes(warnings.join("\n"), `${dir} is damaged`);
  assertEquals(treeAt(world.host, ARCHIVES), { "notes/": "", "notes/mine.txt": "mine" });
});

Deno.test("pruneArchives() follows no link: not one among archives, not one in an archive", async () => {
  const world = await newArchives(1);
  const { dir, archiveId } = await onlyArchive(world.carrel);
  world.host.files.put("/home/precious/file", "precious");
  world.host.files.symlink("/home/precious", `${dir}/workspace-dangerous/out`);
  world.host.files.symlink("/home/precious", `${ARCHIVES}/${archiveId.replace(/_.*/, "_q7m2x_linked")}`);
  const { archives } = await prune(world.carrel, { keepLast: 0 });
  assertEquals(archives.map(({ archive_id }) => archive_id), [archiveId]);
  assertEquals(await world.host.files.readText("/home/precious/file"), "precious");
});

Deno.test("pruneArchives() works without the state store", async () => {
  const world = await newArchives(1);
  const damaged = new StorageError("the state store is damaged", { details: { reason: "damaged" } });
  const carrel = await world.open({ openState: () => Promise.reject(damaged) });
  const { op } = await prune(carrel, { keepLast: 0 });
  assertEquals(await namesLeft(world), "");
  await newTask(world.carrel);
  assertEquals(await world.state.lifecycle.getStatus(op.id), "CLOSED");
});

Deno.test("pruneArchives() names an archive whose task is locked, and removes the others", async () => {
  const world = await newArchives(2);
  const [newest] = (await listArchives(world.carrel, DEMO)).archives;
  assert(newest !== undefined);
  await using _lock = await world.host.files.lock(`${ROOT}/core/locks/demo/${newest.record.task_id}.lock`, {
    timeoutMs: 0,
  });
  const { left, archives } = await prune(world.carrel, { keepLast: 0 });
  assertEquals([await namesLeft(world), archives.length, left.length], ["b", 1, 1]);
  assertStringIncludes(left[0] ?? "", `archive demo/${newest.archiveId} was not pruned`);
});

Deno.test("pruneArchives() frees nothing, and says so, when what it takes out cannot be removed", async () => {
  const world = await newArchives(1);
  const { archiveId } = await onlyArchive(world.carrel);
  const stuck = await world.open({ host: newStuckHost(world.host) });
  const first = await prune(stuck, { keepLast: 0 });
  assertEquals([first.archives, first.warnings.length, first.left], [[], 1, first.warnings]);
  assertStringIncludes(
    first.left[0] ?? "",
    `archive demo/${archiveId} is taken out of the archive, but still takes disk: rm failed: rm: busy`,
  );
  const second = await prune(stuck, { keepLast: 0 });
  assertEquals([second.archives, second.left.length, second.left], [[], 1, second.warnings]);
  assertStringIncludes(second.left[0] ?? "", `/.pruned-${archiveId}`);
  const third = await prune(world.carrel, { keepLast: 0 });
  assertEquals([third.left, treeAt(world.host, ARCHIVES)], [[], {}]);
});
