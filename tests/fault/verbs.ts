/**
 * The writing verbs, each with what "all or nothing" means for it, in the words of the contract.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Carrel } from "../../core/carrel.ts";
import { cacheStatus } from "../../core/api/clone_cache.ts";
import { chooseArchives } from "../../core/engine/choose_archives.ts";
import { pruneArchives } from "../../core/engine/prune_archives.ts";
import { clearCache } from "../../core/engine/clear_cache.ts";
import { createTask } from "../../core/engine/create_task.ts";
import { deleteProject } from "../../core/engine/delete_project.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { followupTask } from "../../core/engine/followup_task.ts";
import { newProject } from "../../core/engine/new_project.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { runExistingTask, runNewTask } from "../../core/engine/run_task.ts";
import { restartTask, startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { AppError, isAppError } from "../../core/error.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { findArchive, listArchives } from "../../core/query/archives.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { seedWorkspaceFromCloneCache } from "../../core/storage/seed_workspace_from_clone_cache.ts";
import { TRACKED, trackedText } from "../support/git_tool.ts";
import { DEMO, look, placesOf, projectFile, ROOT, treeAt } from "../support/world.ts";
import { ESCALATION_VERB } from "./escalation_verb.ts";
import { type Beginning, COMMITS, NAME, type Scene, type SceneOptions, type Whereabouts } from "./scene.ts";

/** What happened to the verb; `full`: it failed on a disk that is full still, which nothing can be written to. */
export type Outcome = "done" | "failed" | "full" | "died";

/** A verb and its laws. */
export interface Verb extends SceneOptions {
  readonly name: string;
  readonly beginning: Beginning;
  /** It is meant to free the disk. */
  readonly mayLose?: boolean;
  run(carrel: Carrel, scene: Scene): Promise<unknown>;
  /** Checks what must hold right after it, beyond what holds on every disk. */
  check(carrel: Carrel, scene: Scene, outcome: Outcome, where: Whereabouts): Promise<void>;
  /** The same verb once more, without faults; default: `run`. */
  again?(carrel: Carrel, scene: Scene, where: Whereabouts): Promise<unknown>;
}

const OTHER = parseProjectId("other");

/** Where the simulated git keeps a clone's objects. */
const PACK = ".git/objects/pack/1.pack";

const RUN = { command: ["work"], env: { KEY: "value" }, prompt: "do it" };

/** All writing verbs. */
export const VERBS: readonly Verb[] = [
  {
    name: "task new",
    beginning: "none",
    run: (carrel) => createTask(carrel, DEMO, { name: "fresh", labels: { team: "web" } }),
    // A failed one leaves nothing; one that died, at most a task that can be used or deleted.
    check: async (carrel, { world }, outcome) => {
      const { tasks } = await loadTasks(carrel, DEMO);
      assertEquals(tasks.length <= 1, true);
      for (const { meta } of tasks) assertEquals([meta.name, meta.status], ["fresh", "created"]);
      if (outcome === "done") assertEquals(tasks.length, 1);
      if (outcome !== "failed") return;
      assertEquals(tasks, []);
      assertEquals(treeAt(world.host, `${ROOT}/sandbox-live/tasks/demo`), {});
    },
  },
  {
    name: "task run",
    beginning: "none",
    run: (carrel) => runNewTask(carrel, DEMO, { ...RUN, name: "fresh" }),
    check: (carrel, _scene, outcome) => checkNewRun(carrel, outcome),
  },
  {
    name: "task run --mode web",
    beginning: "none",
    run: (carrel) => runNewTask(carrel, DEMO, { mode: "web", name: "fresh" }),
    check: (carrel, _scene, outcome) => checkNewRun(carrel, outcome),
  },
  {
    name: "task run, from a cache",
    beginning: "none",
    upstream: "cached",
    run: (carrel) => runNewTask(carrel, DEMO, { ...RUN, name: "fresh" }),
    check: async (carrel, scene, outcome) => {
      await checkNewRun(carrel, outcome);
      for (const { meta, stored } of (await loadTasks(carrel, DEMO)).tasks) {
        const tree = treeAt(scene.world.host, `${stored.taskDir}/workspace-dangerous`);
        // Whole and on record, or not at all; and it is still to be prepared.
        const expected = meta.base_commit === null ? undefined : trackedText(COMMITS[0]);
        assertEquals([tree[TRACKED], tree[PACK]], [expected, expected]);
        assert(".new-task-marker" in tree);
      }
    },
  },
  {
    name: "cache sync, for the first time",
    beginning: "none",
    upstream: "uncached",
    run: (carrel) => syncCloneCache(carrel, DEMO),
    check: (carrel, scene, outcome) =>
      checkCache(carrel, scene, outcome === "done" ? [COMMITS[1]] : [null, COMMITS[1]]),
  },
  {
    name: "cache sync",
    beginning: "none",
    upstream: "cached",
    run: (carrel) => syncCloneCache(carrel, DEMO),
    check: (carrel, scene, outcome) => checkCache(carrel, scene, outcome === "done" ? [COMMITS[1]] : COMMITS),
  },
  {
    name: "cache clear",
    beginning: "none",
    upstream: "cached",
    run: (carrel) => clearCache(carrel, DEMO),
    check: (carrel, scene, outcome) =>
      checkCache(carrel, scene, outcome === "done" ? [null] : [null, COMMITS[0]]),
  },
  {
    name: "task rename",
    beginning: "running",
    run: (carrel, { ref }) => renameTask(carrel, ref, "another"),
    check: async (carrel, { ref }, outcome) => {
      const { name, status } = await look(carrel, ref);
      assertEquals(status, "running");
      assertEquals(outcome === "done" ? name === "another" : [NAME, "another"].includes(name), true);
    },
    again: (carrel, { ref }) => renameTask(carrel, ref, NAME),
  },
  {
    name: "task stop",
    beginning: "running",
    run: (carrel, { ref }) => stopTask(carrel, ref),
    // Running or stopped; never failed because of the code of the container that carrel stopped.
    check: (carrel, scene, outcome) =>
      checkRuns(carrel, scene, outcome === "done" ? ["stopped"] : ["running", "stopped"]),
  },
  {
    name: "task start",
    beginning: "stopped",
    run: (carrel, { ref }) => startTask(carrel, ref),
    check: (carrel, scene, outcome) =>
      checkRuns(carrel, scene, outcome === "done" ? ["running"] : ["running", "stopped"]),
  },
  {
    name: "task restart",
    beginning: "running",
    run: (carrel, { ref }) => restartTask(carrel, ref),
    check: (carrel, scene, outcome) =>
      checkRuns(carrel, scene, outcome === "done" ? ["running"] : ["running", "stopped"]),
  },
  {
    name: "task restart --recreate",
    beginning: "stopped",
    run: (carrel, { ref }) => restartTask(carrel, ref, { recreate: true }),
    check: (carrel, scene, outcome) =>
      // Between the old container and the new one there is none.
      checkRuns(carrel, scene, outcome === "done" ? ["running"] : ["running", "stopped", "not found"]),
    again: (carrel, { ref }) => startTask(carrel, ref),
  },
  {
    name: "task followup",
    beginning: "ended",
    run: (carrel, { ref }) => followupTask(carrel, ref, "second prompt"),
    // The old prompt is the prompt still, or in the history; the old exit code stands until it starts.
    check: async (carrel, { world, ref }, outcome) => {
      const tree = treeAt(world.host, `${placesOf(ref).dir}/agent-config`);
      const prompt = tree["prompt.txt"] ?? "";
      const history = tree["prompt-history.txt"] ?? "";
      assert(prompt === "first prompt" || history.includes("first prompt\n\n---\n\n"), "no prompt is lost");
      if (outcome === "done") {
        assertEquals([prompt, history], ["second prompt", "first prompt\n\n---\n\n"]);
      }
      const { status, exit_code } = await look(carrel, ref);
      assertEquals(status === "stopped" ? exit_code === null : exit_code === 7, true, status);
    },
    again: (carrel, { ref }) => followupTask(carrel, ref, "third prompt"),
  },
  ESCALATION_VERB,
  {
    name: "task delete",
    beginning: "running",
    run: (carrel, { ref }) => deleteTask(carrel, ref),
    check: checkDelete,
    again: deleteIfThere,
  },
  {
    name: "task delete, across file systems",
    beginning: "stopped",
    crossDevice: true,
    run: (carrel, { ref }) => deleteTask(carrel, ref),
    check: checkDelete,
    again: deleteIfThere,
  },
  {
    name: "task delete --purge",
    beginning: "running",
    mayLose: true,
    run: (carrel, { ref }) => deleteTask(carrel, ref, { purge: true }),
    // The task is listed, marked once anything may be gone, or nothing of it is left.
    check: async (carrel, { world, ref }, outcome, where) => {
      const { tasks } = await loadTasks(carrel, DEMO);
      if (where === "gone") assertEquals(tasks.every(({ meta }) => meta.deleting), true);
      // It may have had to leave the record, and said so.
      if (outcome !== "done" || tasks.length > 0) return;
      const left = Object.keys(world.host.files.snapshot()).filter((path) => path.includes(ref.id));
      assertEquals(left.filter((path) => !path.endsWith(".lock")), []);
    },
    again: async (carrel, { ref }) => {
      const { tasks } = await loadTasks(carrel, DEMO);
      if (tasks.length > 0) await deleteTask(carrel, ref, { purge: true });
      assertEquals((await listArchives(carrel, DEMO)).archives, []);
    },
  },
  {
    name: "archive restore",
    beginning: "archived",
    run: restoreFirst,
    check: checkRestore,
    again: (carrel, scene, where) => where === "archived" ? restoreFirst(carrel, scene) : Promise.resolve(),
  },
  {
    name: "archive restore, across file systems",
    beginning: "archived",
    crossDevice: true,
    run: restoreFirst,
    check: checkRestore,
    again: (carrel, scene, where) => where === "archived" ? restoreFirst(carrel, scene) : Promise.resolve(),
  },
  {
    name: "archive restore, beside a task of its id",
    beginning: "archived",
    taken: true,
    run: restoreFirst,
    check: checkRestoreBeside,
    again: async (carrel, scene) => {
      if ((await listArchives(carrel, DEMO)).archives.length > 0) await restoreFirst(carrel, scene);
      await checkRestoreBeside(carrel, scene, "done");
    },
  },
  {
    name: "archive restore, beside a task of its id and across file systems",
    beginning: "archived",
    taken: true,
    crossDevice: true,
    run: restoreFirst,
    check: checkRestoreBeside,
    again: async (carrel, scene) => {
      if ((await listArchives(carrel, DEMO)).archives.length > 0) await restoreFirst(carrel, scene);
      await checkRestoreBeside(carrel, scene, "done");
    },
  },
  {
    name: "archive prune",
    beginning: "archived",
    mayLose: true,
    run: pruneAll,
    // The archive is there and whole, or gone, and what is left of it is hidden.
    check: (_carrel, _scene, outcome, where) => {
      if (outcome === "done") assertEquals(where, "gone");
      return Promise.resolve();
    },
    again: async (carrel, { world }) => {
      await pruneAll(carrel);
      assertEquals(treeAt(world.host, `${ROOT}/archive/demo/tasks`), {});
    },
  },
  {
    name: "project new",
    beginning: "none",
    run: (carrel) => newProject(carrel, "other", { runtime: "fake" }),
    // There is no project, or there is the whole project.yml.
    check: (_carrel, { world }, outcome) => {
      const text = world.host.files.snapshot()[projectFile("other")];
      if (outcome === "failed") assertEquals(text, undefined);
      if (outcome === "done" || text !== undefined) {
        assertEquals(text, "project:\n  name: other\nrun:\n  runtime: fake\n");
      }
      return Promise.resolve();
    },
    again: async (carrel, { world }) => {
      if (await world.host.files.info(projectFile("other")) === null) await newProject(carrel, "other");
      await createTask(carrel, OTHER, { name: "first" });
    },
  },
  {
    name: "project delete --with-tasks",
    beginning: "stopped",
    run: (carrel) => deleteProject(carrel, DEMO, { withTasks: true }),
    // The project is there with its settings, or the settings are beside its archives.
    check: (_carrel, { world }, outcome, where) => {
      const paths = Object.keys(world.host.files.snapshot());
      const kept = paths.filter((path) =>
        /^\/srv\/carrel\/archive\/demo\/\d{8}T\d{12}Z_project\.yml$/.test(path)
      );
      const configured = paths.includes(projectFile("demo"));
      assertEquals(kept.length + (configured ? 1 : 0), 1, "the settings are in one place");
      if (!configured) assertEquals(where, "archived");
      if (outcome === "done") assertEquals([configured, where], [false, "archived"]);
      return Promise.resolve();
    },
    again: async (carrel) => {
      try {
        await deleteProject(carrel, DEMO, { withTasks: true });
      } catch (error) {
        if (!isAppError(error, "project_not_found")) throw error;
      }
      assertEquals((await loadTasks(carrel, null)).tasks, []);
    },
  },
];

/** One new task at most, and it never looks like one that ended. A task that is there can be started. */
async function checkNewRun(carrel: Carrel, outcome: Outcome): Promise<void> {
  const { tasks } = await loadTasks(carrel, DEMO);
  assertEquals(tasks.length <= 1, true);
  for (const { meta } of tasks) {
    assertEquals(meta.name, "fresh");
    const words = outcome === "done" ? ["running", "init"] : ["created", "stopped", "init", "running"];
    assertEquals(words.includes(meta.status), true, meta.status);
  }
  if (outcome === "done") assertEquals(tasks.length, 1);
  const [task] = tasks;
  if (task === undefined) return;
  const ref = { project: DEMO, id: task.stored.record.task_id };
  // Of a record that was half written nothing is left once somebody comes to it.
  const isWhole = task.stored.record.created_at !== null;
  if (!isWhole) return void await assertRejects(() => runExistingTask(carrel, ref, RUN), AppError, "no task");
  if (task.meta.mode === null) await runExistingTask(carrel, ref, RUN);
  else await startTask(carrel, ref);
  assertEquals(["running", "init"].includes((await look(carrel, ref)).status), true);
}

/** The cache is at one of these commits, whole (null: there is none), and what is seeded from it likewise. */
async function checkCache(
  carrel: Carrel,
  { world: { host } }: Scene,
  commits: readonly (string | null)[],
): Promise<void> {
  const { cached, commit, path, problem } = await cacheStatus(carrel, DEMO);
  assertEquals([problem, cached], [null, commit !== null]);
  assert(commits.includes(commit), `it is at ${commit}`);
  const workspace = "/tmp/seeded/workspace";
  host.files.putDir("/tmp/seeded");
  assertEquals(await seedWorkspaceFromCloneCache(carrel, workspace, DEMO), cached);
  if (commit === null) return;
  for (const dir of [path, workspace]) {
    const tree = treeAt(host, dir);
    assertEquals([tree[TRACKED], tree[PACK]], [trackedText(commit), trackedText(commit)], dir);
  }
}

async function checkRuns(carrel: Carrel, { ref }: Scene, words: readonly string[]): Promise<void> {
  const { status, exit_code, labels } = await look(carrel, ref);
  assertEquals(words.includes(status), true, `it is ${status}`);
  assertEquals([exit_code, labels], [null, { team: "web" }]);
}

/** The task is listed and whole, or it is in the archive and whole: never neither, never a part. */
function checkDelete(
  _carrel: Carrel,
  { world, ref }: Scene,
  outcome: Outcome,
  where: Whereabouts,
): Promise<void> {
  const tree = world.host.files.snapshot();
  if (outcome === "done") assertEquals(where, "archived");
  if (outcome === "failed") {
    assertEquals(where, "live", "nothing is moved by a deletion that failed");
    assertEquals(tree[placesOf(ref).bookkeeping]?.includes("deleting"), false, "the mark is taken back");
    const names = Object.keys(treeAt(world.host, placesOf(ref).dir));
    assert(names.includes("agent-config/agent.token"), "its agent can still prove its words");
    assertEquals(names.filter((name) => /^task\.json|^[^/]*_(meta\.yml|dossier\.json)$/.test(name)), []);
  }
  return Promise.resolve();
}

async function deleteIfThere(carrel: Carrel, { world, ref }: Scene): Promise<void> {
  const { tasks } = await loadTasks(carrel, DEMO);
  if (tasks.length > 0) await deleteTask(carrel, ref);
  const { archives } = await listArchives(carrel, DEMO);
  // Who dies between the copy and the removal of the original leaves both whole, and archives again.
  const crossed = await world.host.files.info(`${ROOT}/archive`);
  assert(
    archives.length === 1 || (crossed?.device === 2 && archives.length === 2),
    "nothing is archived twice",
  );
  const { env, dossier, bookkeeping, dir } = placesOf(ref);
  for (const path of [env, dossier, bookkeeping, dir]) {
    assertEquals(await world.host.files.info(path), null, path);
  }
}

/** The archive is there and whole, or the task is live and whole. */
async function checkRestore(
  carrel: Carrel,
  { ref }: Scene,
  outcome: Outcome,
  where: Whereabouts,
): Promise<void> {
  if (outcome === "done") assertEquals(where, "live");
  else assertEquals(where === "gone", false);
  if (where === "archived" && outcome === "failed") {
    assertEquals((await loadTasks(carrel, DEMO)).tasks, [], "no record without its task");
  }
  if (where === "live") assertEquals((await look(carrel, ref)).name, NAME);
}

/** Beside the task that has its id there is the restored one, or its archive; after a death its record too. */
async function checkRestoreBeside(carrel: Carrel, { world, ref }: Scene, outcome: Outcome): Promise<void> {
  const { tasks } = await loadTasks(carrel, DEMO);
  const others = tasks.filter(({ meta }) => meta.task_id !== ref.id);
  assertEquals([tasks.length - others.length, others.length <= 1], [1, true]);
  const { archives } = await listArchives(carrel, DEMO);
  if (outcome === "done") assertEquals([others.length, archives.length], [1, 0]);
  if (outcome === "failed" && archives.length > 0) assertEquals(others, [], "no record without its task");
  for (const { meta, stored } of others) {
    const { bookkeeping, dir } = placesOf({ project: DEMO, id: stored.record.task_id });
    if (archives.length === 0) {
      assert("workspace-dangerous/deep/work.txt" in treeAt(world.host, stored.taskDir));
    }
    const text = world.host.files.snapshot()[bookkeeping] ?? "";
    assert(text.includes(`restored_from: ${ref.id}\n`) && text.includes(`workspace: ${dir}\n`), meta.name);
  }
}

async function pruneAll(carrel: Carrel): Promise<void> {
  const { left } = await pruneArchives(carrel, await chooseArchives(carrel, DEMO, { keepLast: 0 }), {
    project: DEMO,
  });
  // As the command says it.
  if (left.length > 0) throw new AppError("partial", left.join("; "));
}

async function restoreFirst(carrel: Carrel, { ref }: Scene): Promise<void> {
  await restoreArchive(carrel, await findArchive(carrel, [`demo/${ref.id}`]));
}
