/**
 * What must hold right after a verb, whatever happened to it.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Carrel } from "../../core/carrel.ts";
import { cacheStatus } from "../../core/api/clone_cache.ts";
import { chooseArchives } from "../../core/engine/choose_archives.ts";
import { pruneArchives } from "../../core/engine/prune_archives.ts";
import { pruneStorage } from "../../core/engine/prune_storage.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { runExistingTask } from "../../core/engine/run_task.ts";
import { startTask } from "../../core/engine/start_task.ts";
import { AppError } from "../../core/error.ts";
import { findArchive, listArchives } from "../../core/query/archives.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import { seedWorkspaceFromCloneCache } from "../../core/storage/seed_workspace_from_clone_cache.ts";
import { TRACKED, trackedText } from "../support/git_tool.ts";
import { DEMO, look, placesOf, ROOT, treeAt, type World } from "../support/world.ts";
import { NAME, type Scene, type Whereabouts } from "./scene.ts";

/**
 * What happened to the verb; `incomplete`: it is done but for something that it names; `full`: it failed on a disk
 * that is full still, which nothing can be written to.
 */
export type Outcome = "done" | "incomplete" | "failed" | "full" | "died";

/** Where the simulated git keeps a clone's objects. */
export const PACK = ".git/objects/pack/1.pack";

export const RUN = { command: ["work"], env: { KEY: "value" }, prompt: "do it" };

/** One new task at most, and it never looks like one that ended. A task that is there can be started. */
export async function checkNewRun(carrel: Carrel, outcome: Outcome): Promise<void> {
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
export async function checkCache(
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

export async function checkRuns(carrel: Carrel, { ref }: Scene, words: readonly string[]): Promise<void> {
  const { status, exit_code, labels } = await look(carrel, ref);
  assertEquals(words.includes(status), true, `it is ${status}`);
  assertEquals([exit_code, labels], [null, { team: "web" }]);
}

/** The task is listed and whole, or it is in the archive and whole: never neither, never a part. */
export function checkDelete(
  _carrel: Carrel,
  { world, ref }: Scene,
  outcome: Outcome,
  where: Whereabouts,
): Promise<void> {
  const tree = world.host.files.snapshot();
  if (["done", "incomplete"].includes(outcome)) assertEquals(where, "archived");
  if (outcome === "failed") {
    assertEquals(where, "live", "nothing is moved by a deletion that failed");
    assertEquals(tree[placesOf(ref).bookkeeping]?.includes("deleting"), false, "the mark is taken back");
    const names = Object.keys(treeAt(world.host, placesOf(ref).dir));
    assert(names.includes("agent-config/agent.token"), "its agent can still prove its words");
    assertEquals(names.filter((name) => /^task\.json|^[^/]*_(meta\.yml|dossier\.json)$/.test(name)), []);
  }
  return Promise.resolve();
}

export async function deleteIfThere(carrel: Carrel, { world, ref }: Scene): Promise<void> {
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
export async function checkRestore(
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
export async function checkRestoreBeside(
  carrel: Carrel,
  { world, ref }: Scene,
  outcome: Outcome,
): Promise<void> {
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

export async function pruneAll(carrel: Carrel): Promise<void> {
  const { left } = await pruneArchives(carrel, await chooseArchives(carrel, DEMO, { keepLast: 0 }), {
    project: DEMO,
  });
  // As the command says it.
  if (left.length > 0) throw new AppError("partial", left.join("; "));
}

export async function restoreFirst(carrel: Carrel, { ref }: Scene): Promise<void> {
  await restoreArchive(carrel, await findArchive(carrel, [`demo/${ref.id}`]));
}

/** Puts what dead processes leave, one of each kind. */
export function putLeftovers({ files }: World["host"], ref: TaskRef): void {
  const hex = "0123456789abcdef";
  const caches = `${ROOT}/sandbox/clone-cache`;
  for (
    const path of [
      `${caches}/gone/.git/HEAD`,
      `${caches}/.demo.${hex}.tmp/part`,
      `${ROOT}/archive/demo/tasks/.pruned-20260101T000000000000Z_q7m2x.${hex}/task.json`,
      `${ROOT}/sandbox-live/tasks/demo/.${ref.id}.outgoing/part`,
      `${placesOf(ref).dir}/.workspace-dangerous.${hex}.tmp/part`,
      `${ROOT}/core/.fake-runtime.json.${hex}.tmp`,
    ]
  ) files.put(path, "x");
  files.put(`${caches}/demo/.git/HEAD`, "kept");
}

/** As the command does it. */
export async function pruneLeftovers(carrel: Carrel, world: World): Promise<void> {
  const { warnings } = await pruneStorage(carrel);
  for (const text of warnings) world.notices.push({ kind: "warning", text });
  if (warnings.length > 0) throw new AppError("partial", warnings.join("; "));
}
