/** Tests of the seed as a part of a task's first launch. @module */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { clearCache } from "../../core/engine/clear_cache.ts";
import { diffTask } from "../../core/engine/diff_task.ts";
import { runExistingTask, runNewTask } from "../../core/engine/run_task.ts";
import { startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { syncCloneCache } from "../../core/engine/sync_cache.ts";
import { AppError } from "../../core/error.ts";
import type { Carrel } from "../../core/carrel.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { HostDied, newFaultyHost } from "../support/faulty_host.ts";
import { putUpstream, TRACKED, trackedText } from "../support/git_tool.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newRecorder,
  newTask,
  newWorld,
  placesOf,
  type Recorder,
  runTask,
  treeAt,
  type World,
} from "../support/world.ts";

const UPSTREAM = "/srv/app.git";
const COMMIT = "1".repeat(40);
const OTHER = "2".repeat(40);

function project(upstream = UPSTREAM): string {
  return fakeProject(ENDLESS, `git: {upstream_url: "${upstream}"}\n`);
}

/** A world with a synced cache, and a runtime that keeps what it was asked. */
async function newSeedWorld(): Promise<World & Recorder> {
  const recorder = newRecorder();
  const world = await newWorld({ projects: { demo: project() }, plugins: [recorder.plugin] });
  putUpstream(world.host, UPSTREAM, COMMIT);
  await syncCloneCache(world.carrel, DEMO);
  return { ...world, ...recorder };
}

function workspaceOf({ host }: World, ref: TaskRef): Record<string, string> {
  return treeAt(host, `${placesOf(ref).dir}/workspace-dangerous`);
}

function said({ notices }: World): string {
  return notices.map(({ text }) => text).join("\n");
}

async function run(carrel: Carrel, ref: TaskRef): Promise<void> {
  await runExistingTask(carrel, ref, { command: ["work"] });
}

Deno.test("a task's first run begins with a seeded workspace, and the record says which commit", async () => {
  const world = await newSeedWorld();
  const ref = await runTask(world.carrel);
  const tree = workspaceOf(world, ref);
  assertEquals([tree[TRACKED], ".new-task-marker" in tree], [trackedText(COMMIT), true]);
  assertEquals((await look(world.carrel, ref)).base_commit, COMMIT);
  assertEquals(world.specs[0]?.env.CARREL_SEED, COMMIT);
  assertEquals(said(world), "");
});

Deno.test("a seed is on the disk for good before it takes the workspace's place", async () => {
  const world = await newSeedWorld();
  const host = newFaultyHost(world.host);
  const { dir } = placesOf(await runTask(await world.open({ host })));
  const placed = host.trace.findIndex((call) => call.endsWith(`.tmp to ${dir}/workspace-dangerous`));
  const [, copy = ""] = /^rename (.*) to /.exec(host.trace[placed] ?? "") ?? [];
  const written = [`run git`, `run cp`].map((tool) =>
    host.trace.findLastIndex((call) => call.startsWith(tool) && call.includes(copy))
  );
  const flushed = host.trace.indexOf(`run sync -f -- ${copy}`);
  const marked = host.trace.lastIndexOf(`syncDir ${copy}`);
  assertEquals([...written.map((at) => at < flushed), flushed < marked, marked < placed], [
    true,
    true,
    true,
    true,
  ]);
  assertEquals(written.every((at) => at >= 0), true);
});

Deno.test("the origin of a seed is the address that its container knows", async () => {
  const world = await newSeedWorld();
  const [first] = [await runTask(world.carrel)];
  // The runtime fake mounts nothing, as the runtime process.
  assertMatch(workspaceOf(world, first)[".git/config"] ?? "", /url = \/srv\/app\.git\n/);
  const mounting = { ...world.plugin, needsImage: true };
  const later = await world.open({
    plugins: [mounting],
    flags: { "run.image": { value: "dev", flag: "--image" } },
  });
  const second = await runTask(later);
  assertMatch(workspaceOf(world, second)[".git/config"] ?? "", /url = \/upstream\n/);
});

Deno.test("what a container says of its base is not believed against the seed", async () => {
  const world = await newSeedWorld();
  const { carrel, host, notices } = world;
  const ref = await runTask(carrel);
  const { dir } = placesOf(ref);
  host.files.put(`${dir}/agent-config/.base`, `${OTHER}\n`);
  host.files.put(`${dir}/agent-config/.ready`, "");
  await stopTask(carrel, ref);
  const { base_commit, ready_at } = await look(carrel, ref);
  assertEquals([base_commit, ready_at === null], [COMMIT, false]);
  // The seed has done its service: a new container is not told of it.
  await diffTask(carrel, ref, { against: "base" }).catch(() => {});
  assertMatch(notices.at(-1)?.text ?? "", new RegExp(`seeded with ${COMMIT}.*${OTHER}`));
  await startTask(carrel, ref);
});

Deno.test("nothing is seeded without an upstream or a cache, into a workspace that holds work, or twice", async () => {
  const world = await newSeedWorld();
  const { carrel, host } = world;
  const full = await newTask(carrel);
  host.files.put(`${placesOf(full).dir}/workspace-dangerous/work`, "mine");
  await run(carrel, full);
  assertEquals(TRACKED in workspaceOf(world, full), false);
  const plain = await world.configure("demo", fakeProject(ENDLESS));
  assertEquals(TRACKED in workspaceOf(world, await runTask(plain)), false);
  const again = await world.configure("demo", project());
  await clearCache(again, DEMO);
  const ref = await runTask(again);
  assertEquals([TRACKED in workspaceOf(world, ref), world.specs.at(-1)?.env.CARREL_SEED], [false, undefined]);
  assertEquals((await look(again, ref)).base_commit, null);
  assertEquals(said(world), "");
});

Deno.test("a cache of another upstream is not used, with a warning", async () => {
  const world = await newSeedWorld();
  putUpstream(world.host, "/srv/other.git", OTHER);
  const carrel = await world.configure("demo", project("/srv/other.git"));
  const ref = await runTask(carrel);
  assertEquals(TRACKED in workspaceOf(world, ref), false);
  assertMatch(said(world), /not seeded, its container clones instead: .* of another upstream/);
  await syncCloneCache(carrel, DEMO);
  assertEquals(workspaceOf(world, await runTask(carrel))[TRACKED], trackedText(OTHER));
});

Deno.test("a seed that fails is a warning, and the container clones", async () => {
  const world = await newSeedWorld();
  await world.host.files.removeFile("/srv/carrel/sandbox/clone-cache/demo/.git/packed-refs");
  const ref = await runTask(world.carrel);
  assertEquals(Object.keys(workspaceOf(world, ref)), [".new-task-marker"]);
  const { base_commit, status } = await look(world.carrel, ref);
  assertEquals([base_commit, status, world.specs[0]?.env.CARREL_SEED], [null, "init", undefined]);
  assertMatch(said(world), /^the workspace of task demo\/\w+ is not seeded, its container clones instead: /);
});

Deno.test("a seed that cannot be flushed or placed is a warning, and the container that is made clones", async () => {
  for (const call of ["run sync", "rename"]) {
    const world = await newSeedWorld();
    const ref = await newTask(world.carrel);
    const at = call === "rename" ? `rename ${placesOf(ref).dir}/.workspace-dangerous` : call;
    const host = newFaultyHost(world.host, { at, with: "storage_failed" });
    const carrel = await world.open({ host });
    await run(carrel, ref);
    assertEquals([host.struck, Object.keys(workspaceOf(world, ref))], [true, [".new-task-marker"]], at);
    assertEquals(
      Object.keys(treeAt(world.host, placesOf(ref).dir)).filter((path) => path.includes(".tmp")),
      [],
      at,
    );
    const { base_commit, status } = await look(carrel, ref);
    assertEquals([base_commit, status], [null, "init"], at);
    assertMatch(said(world), /not seeded, its container clones instead: cannot /);
  }
});

Deno.test("a seed is flushed while the container is made, and in place before it starts", async () => {
  const world = await newSeedWorld();
  const host = newFaultyHost(world.host);
  await runTask(await world.open({ host }));
  const at = (call: RegExp) => host.trace.findIndex((each) => call.test(each));
  const order = [/^run sync/, /init\.sh/, /rename \S+tmp to \S+workspace-dangerous$/].map(at);
  const runtime = [...host.trace.keys()].filter((each) =>
    /to \S+fake-runtime\.json$/.test(host.trace[each] ?? "")
  );
  const [created = -1, started = -1] = runtime;
  const [flush = -1, prepare = -1, place = -1] = order;
  assertEquals([flush < prepare, prepare < created, created < place, place < started], [
    true,
    true,
    true,
    true,
  ]);
  assertEquals(flush >= 0, true);
});

Deno.test("a seeded task whose start failed starts later from the same seed", async () => {
  const world = await newSeedWorld();
  const failing = await world.configure(
    "demo",
    fakeProject({ fail_on: "create" }, `git: {upstream_url: "${UPSTREAM}"}\n`),
  );
  const ref = await newTask(failing);
  await assertRejects(() => run(failing, ref), AppError);
  const carrel = await world.configure("demo", project());
  putUpstream(world.host, UPSTREAM, OTHER);
  await syncCloneCache(carrel, DEMO);
  await run(carrel, ref);
  assertEquals(workspaceOf(world, ref)[TRACKED], trackedText(COMMIT));
  assertEquals(world.specs.at(-1)?.env.CARREL_SEED, COMMIT);
});

Deno.test("a seed of an upstream that has been changed since is on record no more", async () => {
  const world = await newSeedWorld();
  const git = (upstream: string) => `git: {upstream_url: "${upstream}"}\n`;
  const failing = await world.configure("demo", fakeProject({ fail_on: "create" }, git(UPSTREAM)));
  const ref = await newTask(failing);
  await assertRejects(() => run(failing, ref), AppError);
  assertEquals((await look(failing, ref)).base_commit, COMMIT);
  world.host.files.putDir("/srv/other.git");
  const carrel = await world.configure("demo", project("/srv/other.git"));
  await run(carrel, ref);
  assertEquals([(await look(carrel, ref)).base_commit, world.specs.at(-1)?.env.CARREL_SEED], [
    null,
    undefined,
  ]);
});

Deno.test("whenever a seeding run dies, the next run seeds, or clones as if there had been no seed", async () => {
  for (const cacheLasts of [true, false]) {
    for (let at = 1;; at++) {
      const world = await newSeedWorld();
      const { host, open } = world;
      const ref = await newTask(world.carrel);
      const dying = newFaultyHost(host, { at, with: "death" });
      const carrel = await open({ host: dying });
      const isDead = await runExistingTask(carrel, ref, { command: ["work"] })
        .then(() => false, (error) => error instanceof HostDied);
      if (!isDead) break;
      const next = await open();
      if (!cacheLasts) await clearCache(next, DEMO);
      if ((await look(next, ref)).mode === null) await run(next, ref);
      const { base_commit } = await look(next, ref);
      const tree = workspaceOf(world, ref);
      const isSeeded = TRACKED in tree;
      const where = `${dying.trace.at(-1)} (cache ${cacheLasts ? "lasts" : "is cleared"})`;
      assertEquals(base_commit, isSeeded ? COMMIT : null, where);
      assertEquals(".new-task-marker" in tree, true, where);
      assertEquals(isSeeded ? tree[".git/objects/pack/1.pack"] : null, isSeeded ? trackedText(COMMIT) : null);
      if (cacheLasts) assertEquals(isSeeded, true, where);
      const left = Object.keys(treeAt(host, placesOf(ref).dir)).filter((path) => path.startsWith(".work"));
      assertEquals(left, [], where);
    }
  }
});

Deno.test("a dry run names the seed, and makes none", async () => {
  const world = await newSeedWorld();
  const before = world.host.files.snapshot();
  const plan = async ({ op }: { op: { answer(fields: () => object): Promise<object> } }) => {
    const answer = await op.answer(() => ({}));
    return "plan" in answer ? answer.plan : null;
  };
  const request = { command: ["work"], name: "first" };
  assertEquals(await plan(await runNewTask(world.carrel, DEMO, request, { dryRun: true })), [
    { action: "create task", target: "demo (first)" },
    { action: "seed workspace", target: "demo" },
    { action: "prepare", target: "demo" },
    { action: "create container", target: "demo" },
    { action: "start container", target: "demo" },
  ]);
  assertEquals(world.host.files.snapshot(), before);
  const ref = await newTask(world.carrel);
  const { dir } = placesOf(ref);
  assertEquals(
    (await plan(await runExistingTask(world.carrel, ref, request, { dryRun: true })) as object[])[0],
    {
      action: "seed workspace",
      target: `${dir}/workspace-dangerous`,
    },
  );
  assertEquals(Object.keys(workspaceOf(world, ref)), [".new-task-marker"]);
});
