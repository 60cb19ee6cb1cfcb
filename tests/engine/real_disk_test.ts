/** Deletion and restore on a real disk: nothing of a workspace changes, and a full disk loses nothing. @module */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import type { Carrel } from "../../core/carrel.ts";
import { createTask } from "../../core/engine/create_task.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { pruneArchives } from "../../core/engine/prune_archives.ts";
import { chooseArchives } from "../../core/engine/choose_archives.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { runNewTask } from "../../core/engine/run_task.ts";
import { workspaceDir } from "../../core/meta/paths.ts";
import { findArchive, listArchives } from "../../core/query/archives.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { DEMO, newRealCarrel } from "../support/real_carrel.ts";
import { attemptWithRoom, mayMount, mountTmpfs } from "../support/small_disk.ts";
import { describeMess, makeMess } from "../support/workspace_mess.ts";

const PROJECT = "run: {runtime: fake}\n";
async function newTask(carrel: Carrel): Promise<TaskRef> {
  const { ref } = await createTask(carrel, DEMO);
  assert(ref !== null);
  return ref;
}

for (const across of [false, true]) {
  const where = across ? "across file systems" : "on one file system";
  Deno.test({
    name: `whatever mess a workspace is in, deletion and restore change no bit of it, ${where}`,
    ignore: !mayMount,
    async fn() {
      for (const seed of [1, 2, 3]) {
        await using real = await newRealCarrel();
        const tasks = join(real.place.dir, "tasks");
        await using _tmpfs = across ? await mountTmpfs(tasks, "64M") : null;
        const project = across ? `${PROJECT}tasks: {root: ${JSON.stringify(tasks)}}\n` : PROJECT;
        await using carrel = await real.open({ project });
        const ref = await newTask(carrel);
        const live = workspaceDir(join(across ? tasks : carrel.paths.liveTasksRoot(DEMO), ref.id));
        await makeMess(live, seed);
        const before = await describeMess(live);
        await deleteTask(carrel, ref);
        const archive = await findArchive(carrel, ["demo", ref.id]);
        assertEquals(await describeMess(workspaceDir(archive.dir)), before, `archived, seed ${seed}`);
        await restoreArchive(carrel, archive);
        assertEquals(await describeMess(live), before, `restored, seed ${seed}`);
        await Deno.writeTextFile(join(live, "tracked 1"), "changed");
        assertNotEquals(await describeMess(live), before, "a change would have been seen");
        await deleteTask(carrel, ref);
        await pruneArchives(carrel, await chooseArchives(carrel, DEMO, { keepLast: 0 }), { project: DEMO });
        assertEquals([...Deno.readDirSync(carrel.paths.archiveDir(DEMO))], []);
      }
    },
  });
}

Deno.test({
  name: "on a real disk that is full, every verb works or is exit 10, and nothing is lost",
  ignore: !mayMount,
  async fn() {
    await using real = await newRealCarrel();
    await using _tmpfs = await mountTmpfs(join(real.place.dir, "root"), "4M");
    const open = () => real.open({ project: PROJECT });
    const ref = await (async () => {
      await using carrel = await open();
      return await newTask(carrel);
    })();
    const taskDir = join(real.carrel.paths.liveTasksRoot(DEMO), ref.id);
    await Deno.writeTextFile(join(workspaceDir(taskDir), "work.txt"), "precious");
    const verbs: ((carrel: Carrel) => Promise<unknown>)[] = [
      (carrel) => createTask(carrel, DEMO),
      (carrel) => runNewTask(carrel, DEMO, { command: ["work"] }),
      (carrel) => deleteTask(carrel, ref),
      async (carrel) => await restoreArchive(carrel, await findArchive(carrel, ["demo", ref.id])),
    ];
    let failures = 0;
    // A page is 4 KiB; a verb takes some dozens.
    for (let pages = 0; pages <= 48; pages += pages < 12 ? 1 : 6) {
      for (const verb of verbs) {
        const isDone = await attemptWithRoom(open, verb, real.carrel.paths.root, 4096 * pages);
        if (!isDone) {
          failures++;
          await using carrel = await open();
          await checkPrecious(carrel, ref);
          // With room again it goes through.
          const { tasks } = await loadTasks(carrel, DEMO);
          const isLive = tasks.some(({ meta }) => meta.task_id === ref.id);
          if ((verb === verbs[2] && isLive) || (verb === verbs[3] && !isLive)) await verb(carrel);
        }
        await using carrel = await open();
        await checkPrecious(carrel, ref);
      }
      await using carrel = await open();
      for (const { meta, stored } of (await loadTasks(carrel, DEMO)).tasks) {
        if (meta.task_id === ref.id) continue;
        await deleteTask(carrel, { project: DEMO, id: stored.record.task_id }, { purge: true });
      }
    }
    assert(failures > 10, `${failures} failures`);
  },
});

/** The task is here or in the archive, and whole. */
async function checkPrecious(carrel: Carrel, ref: TaskRef): Promise<void> {
  const { tasks, damaged } = await loadTasks(carrel, DEMO);
  const { archives, damaged: damagedArchives } = await listArchives(carrel, DEMO);
  assertEquals([...damaged, ...damagedArchives], []);
  const dirs = [
    ...tasks.flatMap(({ meta, stored }) => meta.task_id === ref.id ? [stored.taskDir] : []),
    ...archives.flatMap(({ record, dir }) => record.task_id === ref.id ? [dir] : []),
  ];
  const texts = await Promise.all(
    dirs.map((dir) => Deno.readTextFile(join(workspaceDir(dir), "work.txt")).catch(() => null)),
  );
  assert(texts.includes("precious"), "the work is there");
}
