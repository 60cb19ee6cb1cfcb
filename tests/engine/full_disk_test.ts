/** A real disk that is full, at every step of the verbs that fill and free it. @module */
import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import type { Carrel } from "../../core/carrel.ts";
import { chooseArchives } from "../../core/engine/choose_archives.ts";
import { createTask } from "../../core/engine/create_task.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { pruneArchives } from "../../core/engine/prune_archives.ts";
import { pruneStorage } from "../../core/engine/prune_storage.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { runNewTask } from "../../core/engine/run_task.ts";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { workspaceDir } from "../../core/meta/paths.ts";
import { findArchive, listArchives } from "../../core/query/archives.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { describeCache } from "../../core/storage/describe_cache.ts";
import { measureStorage } from "../../core/storage/measure_storage.ts";
import { seedWorkspaceFromCloneCache } from "../../core/storage/seed_workspace_from_clone_cache.ts";
import { DEMO, newRealCarrel, type RealCarrel } from "../support/real_carrel.ts";
import { attemptWithRoom, mayMount, mountTmpfs } from "../support/small_disk.ts";

/** Registers a test that needs to mount. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !mayMount, fn });
}

/** Amounts of room, in bytes, from none to more than enough; a page is 4 KiB. */
function* rooms(pagesMax: number, step: number): Generator<number> {
  for (let pages = 0; pages <= pagesMax; pages += pages < 8 ? 1 : step) yield 4096 * pages;
}

async function newTask(
  carrel: Carrel,
  text: string,
): Promise<{ readonly ref: TaskRef; readonly file: string }> {
  const { ref } = await createTask(carrel, DEMO);
  assert(ref !== null);
  const [task] = (await loadTasks(carrel, DEMO)).tasks.filter(({ meta }) => meta.task_id === ref.id);
  const file = join(workspaceDir(task?.stored.taskDir ?? ""), "work.txt");
  await Deno.writeTextFile(file, text);
  return { ref, file };
}

/** What lies in a directory and is hidden: none of it means anything whole. */
async function hiddenIn(dir: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(dir), ({ name }) => name).catch(() => []);
  return names.filter((name) => name.startsWith(".") && name !== ".new-task-marker");
}

test("on a full disk a cache is synced whole or stays as it was, and so is what is seeded from it", async () => {
  await using real = await newRealCarrel();
  const { place, cache } = real;
  const { root } = real.carrel.paths;
  await place.commit({ big: "x".repeat(150_000), [`dir/b`]: "two\n" }, "two");
  await using _tmpfs = await mountTmpfs(root, "6M");
  await real.carrel.state();
  const look = (carrel: Carrel) => describeCache(carrel, DEMO, place.upstream);
  let failures = 0;
  let known: string | null = null;
  for (const room of rooms(240, 24)) {
    const isDone = await attemptWithRoom(
      () => real.open(),
      (carrel) => syncCloneCache(carrel, DEMO),
      root,
      room,
    );
    await using carrel = await real.open();
    const { commit, problem, cached } = await look(carrel);
    assertEquals([problem, cached], [null, commit !== null], `room for ${room}`);
    assertEquals(await hiddenIn(dirname(cache)), [], `room for ${room}`);
    if (!isDone) failures++;
    if (!isDone) assertEquals(commit, known);
    else assertEquals(commit, await place.git(["rev-parse", "HEAD"]));
    if (commit !== null) assertEquals(await place.git(["fsck", "--strict"], cache), "");
    known = commit;
    if (isDone) await place.commit({ [`change ${room}`]: `${room}\n` });
  }
  assert(failures > 4 && known !== null, `${failures} failures`);
  await using carrel = await real.open();
  let unseeded = 0;
  for (const room of rooms(240, 24)) {
    const workspace = join(root, "seeds", `${room}`, "workspace");
    await Deno.mkdir(dirname(workspace), { recursive: true });
    let isSeeded: boolean | null = null;
    const seed = async (carrel: Carrel) => {
      isSeeded = await seedWorkspaceFromCloneCache(carrel, workspace, DEMO);
    };
    await attemptWithRoom(() => real.open(), seed, root, room);
    if (isSeeded === true) {
      assertEquals(await place.git(["status", "--porcelain"], workspace), "");
      assertEquals(await place.git(["fsck", "--strict"], workspace), "");
    } else {
      unseeded++;
      assertEquals(await Array.fromAsync(Deno.readDir(dirname(workspace))), [], `room for ${room}`);
    }
    await Deno.remove(join(root, "seeds"), { recursive: true });
  }
  assert(unseeded > 4, `${unseeded} were not seeded`);
  assertEquals((await look(carrel)).commit, known);
});

test("on a full disk a run whose seed has no room goes on without, or is exit 10", async () => {
  await using real = await newRealCarrel();
  const { root } = real.carrel.paths;
  await real.place.commit({ big: "x".repeat(150_000) });
  await using _tmpfs = await mountTmpfs(root, "6M");
  {
    await using carrel = await real.open();
    await syncCloneCache(carrel, DEMO);
  }
  const run = (carrel: Carrel) => runNewTask(carrel, DEMO, { command: ["work"] });
  const outcomes = new Set<string>();
  for (const room of rooms(240, 16)) {
    const isDone = await attemptWithRoom(() => real.open(), run, root, room);
    await using carrel = await real.open();
    const { tasks, damaged } = await loadTasks(carrel, DEMO);
    assertEquals(damaged, []);
    if (isDone) assertEquals(tasks.length, 1);
    for (const { meta, stored } of tasks) {
      const names = await Array.fromAsync(Deno.readDir(workspaceDir(stored.taskDir)), ({ name }) => name);
      const isSeeded = names.includes("big");
      // Whole and on record, or not at all.
      assertEquals(
        [names.includes(".git"), meta.base_commit !== null],
        [isSeeded, isSeeded],
        `room for ${room}`,
      );
      if (isDone) outcomes.add(isSeeded ? "seeded" : "without");
      await deleteTask(carrel, { project: DEMO, id: stored.record.task_id }, { purge: true });
    }
    if (!isDone) outcomes.add("refused");
  }
  assertEquals([...outcomes].sort(), ["refused", "seeded", "without"]);
});

/** A world whose tasks and archives lie on two disks, of which one is small. */
async function newSplitWorld(small: "tasks" | "root") {
  const real = await newRealCarrel();
  const tasks = join(real.place.dir, "tasks");
  const dir = small === "tasks" ? tasks : real.carrel.paths.root;
  const mount = await mountTmpfs(dir, "4M");
  const project = `run: {runtime: fake}\ntasks: {root: ${JSON.stringify(tasks)}}\n`;
  const dispose = async () => {
    await mount[Symbol.asyncDispose]();
    await real[Symbol.asyncDispose]();
  };
  return { real, tasks, dir, open: () => real.open({ project }), [Symbol.asyncDispose]: dispose };
}

/** Checks that the task is in one place and whole. */
async function checkWhole(
  { real, tasks }: { readonly real: RealCarrel; readonly tasks: string },
  carrel: Carrel,
  ref: TaskRef,
  text: string,
): Promise<"live" | "archived"> {
  const { archives, damaged } = await listArchives(carrel, DEMO);
  const listed = (await loadTasks(carrel, DEMO)).tasks.filter(({ meta }) => meta.task_id === ref.id);
  assertEquals([damaged, listed.length + archives.length], [[], 1]);
  const dir = archives[0]?.dir ?? listed[0]?.stored.taskDir ?? "";
  assertEquals(await Deno.readTextFile(join(workspaceDir(dir), "work.txt")), text);
  assertEquals(listed.map(({ meta }) => meta.deleting), listed.map(() => false));
  assertEquals([...await hiddenIn(tasks), ...await hiddenIn(real.carrel.paths.archiveDir(DEMO))], []);
  return archives.length === 1 ? "archived" : "live";
}

test("a deletion onto a full disk, and a restore onto one, leave the task whole in one place", async () => {
  for (const small of ["root", "tasks"] as const) {
    await using world = await newSplitWorld(small);
    const text = "precious ".repeat(20_000);
    const { ref } = await (async () => {
      await using carrel = await world.open();
      return await newTask(carrel, text);
    })();
    const verbs = {
      live: (carrel: Carrel) => deleteTask(carrel, ref),
      archived: async (carrel: Carrel) =>
        await restoreArchive(carrel, await findArchive(carrel, ["demo", ref.id])),
    };
    let where: "live" | "archived" = small === "root" ? "live" : "archived";
    if (where === "archived") {
      await using carrel = await world.open();
      await verbs.live(carrel);
    }
    let failures = 0;
    for (const room of rooms(80, 6)) {
      const isDone = await attemptWithRoom(world.open, verbs[where], world.dir, room);
      await using carrel = await world.open();
      const now = await checkWhole(world, carrel, ref, text);
      assertEquals(now === where, !isDone, `${small}, room for ${room}`);
      if (!isDone) failures++;
      else await verbs[now](carrel);
      where = await checkWhole(world, carrel, ref, text);
    }
    assert(failures > 8, `${failures} failures, ${small}`);
  }
});

test("on a disk without any room both prunes free it, and usage is told", async () => {
  await using real = await newRealCarrel();
  const { root } = real.carrel.paths;
  await using _tmpfs = await mountTmpfs(root, "4M");
  const open = () => real.open({ project: "run: {runtime: fake}\n" });
  const hidden = ".pruned-20260101T000000000000Z_q7m2x.0123456789abcdef";
  {
    await using carrel = await open();
    const { ref } = await newTask(carrel, "x".repeat(500_000));
    await deleteTask(carrel, ref);
    await Deno.mkdir(join(carrel.paths.archiveDir(DEMO), hidden));
    await Deno.writeTextFile(join(carrel.paths.archiveDir(DEMO), hidden, "rest"), "x".repeat(300_000));
  }
  const measured: number[] = [];
  const verbs = [
    async (carrel: Carrel) => {
      const { usage, problems } = await measureStorage(carrel, DEMO);
      assertEquals(problems, []);
      measured.push(usage.total_bytes);
    },
    async (carrel: Carrel) => {
      const { removed, warnings } = await pruneStorage(carrel);
      assertEquals([removed.map(({ kind }) => kind), warnings], [["pruned archive"], []]);
    },
    async (carrel: Carrel) => {
      const choice = await chooseArchives(carrel, DEMO, { keepLast: 0 });
      const { archives, left } = await pruneArchives(carrel, choice, { project: DEMO });
      assertEquals([archives.length, left], [1, []]);
    },
  ];
  for (const verb of verbs) assert(await attemptWithRoom(open, verb, root, 0));
  assert((measured[0] ?? 0) >= 800_000, `${measured}`);
  assertEquals(await Array.fromAsync(Deno.readDir(real.carrel.paths.archiveDir(DEMO))), []);
});
