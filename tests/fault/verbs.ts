/**
 * The writing verbs, each with what "all or nothing" means for it, in the words of the contract.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Carrel } from "../../core/carrel.ts";
import { clearCache } from "../../core/engine/clear_cache.ts";
import { createTask } from "../../core/engine/create_task.ts";
import { deleteProject } from "../../core/engine/delete_project.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { followupTask } from "../../core/engine/followup_task.ts";
import { listLeftovers } from "../../core/engine/list_leftovers.ts";
import { newProject } from "../../core/engine/new_project.ts";
import { renameTask } from "../../core/engine/rename_task.ts";
import { runNewTask } from "../../core/engine/run_task.ts";
import { restartTask, startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { isAppError } from "../../core/error.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { listArchives } from "../../core/query/archives.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { TRACKED, trackedText } from "../support/git_tool.ts";
import { DEMO, look, placesOf, projectFile, ROOT, treeAt } from "../support/world.ts";
import { DOCTOR_VERB } from "./doctor_verb.ts";
import { ESCALATION_VERB } from "./escalation_verb.ts";
import { STATE_PRUNE_VERB } from "./state_prune_verb.ts";
import { type Beginning, COMMITS, NAME, type Scene, type SceneOptions, type Whereabouts } from "./scene.ts";
import {
  checkCache,
  checkDelete,
  checkNewRun,
  checkRestore,
  checkRestoreBeside,
  checkRuns,
  deleteIfThere,
  type Outcome,
  PACK,
  pruneAll,
  pruneLeftovers,
  putLeftovers,
  restoreFirst,
  RUN,
} from "./verb_laws.ts";

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
  STATE_PRUNE_VERB,
  DOCTOR_VERB,
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
    name: "storage prune",
    beginning: "stopped",
    run: async (carrel, { world, ref }) => {
      putLeftovers(world.host, ref);
      await world.host.clock.advance(25 * 3_600_000);
      await pruneLeftovers(carrel, world);
    },
    // What is left behind is all there or gone, or a part that the next one removes; the task is as it was.
    check: async (carrel, { world, ref }, outcome, where) => {
      assertEquals(where, "live");
      assertEquals((await look(carrel, ref)).status, "stopped");
      if (outcome === "done") assertEquals(await listLeftovers(carrel, []), []);
      assertEquals(treeAt(world.host, `${ROOT}/sandbox/clone-cache`)["demo/.git/HEAD"], "kept");
    },
    again: async (carrel, { world }) => {
      await pruneLeftovers(carrel, world);
      assertEquals(await listLeftovers(carrel, []), []);
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
