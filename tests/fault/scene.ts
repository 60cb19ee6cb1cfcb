/**
 * What a writing verb is tried on: a machine with one task that has everything that could be lost.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Carrel } from "../../core/carrel.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { listArchives } from "../../core/query/archives.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { loadTasks, type TaskListing } from "../../core/query/load_tasks.ts";
import { putUpstream } from "../support/git_tool.ts";
import {
  DEMO,
  ENDLESS,
  newAgent,
  newWorld,
  placesOf,
  ROOT,
  runTask,
  treeAt,
  type World,
} from "../support/world.ts";

/** How the task of a scene is found by the verb. */
export type Beginning = "running" | "ended" | "stopped" | "archived" | "none";

/** A machine before a verb. */
export interface Scene {
  readonly world: World;
  /** The task; in a scene without one it names nobody. */
  readonly ref: TaskRef;
}

/** The name of the task of every scene. */
export const NAME = "precious";

/** Where a scene's project can come from. */
const UPSTREAM = "/srv/app.git";

/** What its upstream has been at, and is at. */
export const COMMITS = ["1".repeat(40), "2".repeat(40)] as const;

/** Files of the task that no verb may lose, below its directory. */
const PRECIOUS = {
  "workspace-dangerous/deep/work.txt": "a day's work\n",
  "agent-config/session.txt": "where we were\n",
  "logs/container.log": "2026-01-01T00:00:00.000Z stdout F said\n",
};

const SCRIPTS = {
  running: ENDLESS,
  stopped: ENDLESS,
  archived: ENDLESS,
  none: ENDLESS,
  ended: { exit_code: 7 },
};

/** What else a scene can have. */
export interface SceneOptions {
  /** Live tree and archive lie on different file systems. */
  readonly crossDevice?: boolean;
  /** Another task, which is as precious, has got the id of the archived one. */
  readonly taken?: boolean;
  /** The project comes from {@linkcode UPSTREAM}; `cached`: there is a cache of it, which is behind. */
  readonly upstream?: "cached" | "uncached";
  /** A file of an archive that the verb itself has damaged; its check says whether it is still to be. */
  readonly spoilt?: string;
}

/** Makes a scene. */
export async function newScene(beginning: Beginning, options: SceneOptions = {}): Promise<Scene> {
  const world = await newWorld({ projects: { demo: projectText(beginning, options) } });
  const { host, carrel } = world;
  if (options.crossDevice === true) host.files.setDevice(`${ROOT}/archive`, 2);
  putUpstream(host, UPSTREAM, COMMITS[0]);
  await newAgent(carrel);
  const ref = await runTask(carrel, {
    name: NAME,
    command: ["work"],
    env: { KEY: "value" },
    prompt: "first prompt",
    labels: { team: "web" },
  });
  for (const [path, text] of Object.entries(PRECIOUS)) host.files.put(`${placesOf(ref).dir}/${path}`, text);
  if (beginning === "stopped") await stopTask(carrel, ref);
  if (beginning === "archived") await deleteTask(carrel, ref);
  if (beginning === "none") await deleteTask(carrel, ref, { purge: true });
  if (options.taken === true) putTwin(world, ref);
  if (options.upstream === "cached") await syncCloneCache(carrel, DEMO);
  putUpstream(host, UPSTREAM, COMMITS[1]);
  return { world, ref };
}

/** Puts a task that never ran, by hand. */
function putTwin({ host }: World, ref: TaskRef): void {
  const { dir, bookkeeping, dossier } = placesOf(ref);
  host.files.put(bookkeeping, `mode:\nworkspace: ${dir}\n`);
  host.files.put(dossier, JSON.stringify({ project: DEMO, task: ref.id, name: NAME }));
  for (const [path, text] of Object.entries(PRECIOUS)) host.files.put(`${dir}/${path}`, text);
}

/** The project of a scene: it has modes with a port, and an agent. */
function projectText(beginning: Beginning, { upstream }: SceneOptions): string {
  const run = { runtime: "fake", agent: "codex", fake: SCRIPTS[beginning], web: { command: ["serve"] } };
  const git = upstream === undefined ? "" : `git: {upstream_url: ${UPSTREAM}}\n`;
  return `run: ${JSON.stringify(run)}\n${git}`;
}

/** Where a task's directory is. `both` can only be while the same whole tree stands in both places. */
export type Whereabouts = "live" | "archived" | "both" | "gone";

/**
 * Checks what must hold on every disk, whatever happened: everything can be listed, nothing is damaged, and
 * each place that claims to have the task has all of it.
 */
export async function checkReadable(
  carrel: Carrel,
  { world, ref }: Scene,
  { spoilt }: Pick<SceneOptions, "spoilt">,
): Promise<Whereabouts> {
  const listing = await checkListing(carrel);
  const { archives, damaged } = await listArchives(carrel, null);
  const unforeseen = damaged.filter(({ details }) => spoilt === undefined || details.file !== spoilt);
  assertEquals(unforeseen, [], "no archive is damaged");
  const task = listing.tasks.find(({ meta }) => meta.task_id === ref.id);
  const archived = archives.filter(({ record }) => record.task_id === ref.id);
  const dir = placesOf(ref).dir;
  const isLive = await world.host.files.info(dir) !== null;
  if (isLive && task !== undefined) checkPrecious(world, dir);
  for (const archive of archived) {
    checkPrecious(world, archive.dir);
    assertEquals(archive.record.name, NAME, "the archive says whose it is");
  }
  if (isLive && task === undefined) assert(archived.length > 0, "no directory is forgotten");
  if (archived.length === 0) return isLive && task !== undefined ? "live" : "gone";
  return isLive && task !== undefined ? "both" : "archived";
}

/** Checks that all tasks can be listed, and that each has its name. */
export async function checkListing(carrel: Carrel): Promise<TaskListing> {
  const listing = await loadTasks(carrel, null);
  assertEquals([...listing.damaged, ...listing.runtimeFailures], [], "every record can be read");
  return listing;
}

function checkPrecious({ host }: World, dir: string): void {
  const tree = treeAt(host, dir);
  for (const [path, text] of Object.entries(PRECIOUS)) {
    assert(tree[path]?.startsWith(text), `${path} is in ${dir}`);
  }
}

/**
 * Checks that no task is stuck: each that is listed can be deleted, and then nobody is listed, and no
 * container is left but one that a deletion complained of.
 */
export async function checkNothingIsStuck(carrel: Carrel, incomplete: boolean): Promise<void> {
  for (const { meta, stored } of (await loadTasks(carrel, null)).tasks) {
    const ref = { project: stored.project.id, id: stored.record.task_id };
    const result = await deleteTask(carrel, ref);
    assertEquals(
      [result.warnings, result.incomplete],
      [[], false],
      `${meta.name} is deleted without complaint`,
    );
  }
  assertEquals((await loadTasks(carrel, null)).tasks, []);
  const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
  const left = await runtime.states({});
  assert(left.size === 0 || incomplete, "no container is left");
}

/** Checks that nothing of an interrupted write is left unsaid; a killed process cannot promise that. */
export function checkNoTemporaryFiles({ world }: Scene): void {
  const left = Object.keys(world.host.files.snapshot())
    .filter((path) => /\.tmp\/?$|\/\.[^/]*\.(incoming|outgoing|old)\//.test(path))
    .filter((path) => !world.notices.some(({ text }) => path.startsWith(text.split(" ")[0] ?? "")));
  assertEquals(left, [], "a failed verb leaves no temporary file that it does not name");
}
