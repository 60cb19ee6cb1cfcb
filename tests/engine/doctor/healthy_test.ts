/**
 * A sound machine has no findings, whatever its tasks are at.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { acquireLock } from "../../../core/engine/named_locks.ts";
import { deleteTask } from "../../../core/engine/delete_task.ts";
import { examine, toFinding } from "../../../core/engine/doctor/examine.ts";
import { repair } from "../../../core/engine/doctor/repair.ts";
import { acquire } from "../../../core/engine/task_resources.ts";
import { processOwner } from "../../../core/state/managers/lock_owner.ts";
import { restoreArchive } from "../../../core/engine/restore_archive.ts";
import { stopTask } from "../../../core/engine/stop_task.ts";
import { syncCloneCache } from "../../../core/engine/sync_cache.ts";
import { findArchive } from "../../../core/query/archives.ts";
import { loadTasks } from "../../../core/query/load_tasks.ts";
import { DOCTOR_VERB } from "../../fault/doctor_verb.ts";
import { COMMITS, newScene } from "../../fault/scene.ts";
import { VERBS } from "../../fault/verbs.ts";
import { interrupt } from "../../support/interrupt.ts";
import { newFaultyState } from "../../support/faulty_state.ts";
import { newFaultyHost } from "../../support/faulty_host.ts";
import { putUpstream } from "../../support/git_tool.ts";
import { REFERENCE_TREE } from "../../support/reference_trees.ts";
import { newWatchedHost } from "../../support/watched_host.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  newAgent,
  newTask,
  newWorld,
  ROOT,
  runTask,
} from "../../support/world.ts";

const UPSTREAM = "/srv/app.git";

/** What the doctor finds, in words. */
async function findings(carrel: Parameters<typeof examine>[0]) {
  return (await examine(carrel)).map(toFinding);
}

Deno.test("a machine with tasks of every status is sound, and looking at it changes nothing", async () => {
  const config = `run: ${
    JSON.stringify({ runtime: "fake", fake: ENDLESS, agent: "codex", web: { command: ["serve"] } })
  }\ngit: {upstream_url: ${UPSTREAM}}\n`;
  const files = { "/etc/carrel-test/config.yml": "limits: {slots: 20}\n" };
  const world = await newWorld({ files, projects: { demo: config, idle: fakeProject() } });
  const { carrel, host } = world;
  putUpstream(host, UPSTREAM, COMMITS[0]);
  await newAgent(carrel);
  assertEquals(await findings(carrel), []);
  await syncCloneCache(carrel, DEMO);
  await newTask(carrel, { name: "idle" });
  await runTask(carrel, { name: "busy", command: ["work"], env: { KEY: "value" } });
  await runTask(carrel, { name: "web", mode: "web" });
  const stopped = await runTask(carrel, { name: "stopped", command: ["work"] });
  await stopTask(carrel, stopped);
  const archived = await runTask(carrel, { name: "archived", command: ["work"] });
  await deleteTask(carrel, archived);
  const purged = await runTask(carrel, { name: "purged", command: ["work"] });
  await deleteTask(carrel, purged, { purge: true });
  const restored = await runTask(carrel, { name: "restored", command: ["work"] });
  await deleteTask(carrel, restored);
  await restoreArchive(carrel, await findArchive(carrel, [`demo/${restored.id}`]));
  await acquireLock(carrel, { name: "by-hand", holder: "script", ttlMs: 1e9 });
  const ending = await world.configure("demo", config.replace(String(ENDLESS.duration_ms), "1"));
  for (const exit of [0, 7]) await runTask(ending, { name: `ended-${exit}`, command: ["work"] });
  await host.clock.advance(1000);
  const { tasks } = await loadTasks(ending, DEMO);
  assertEquals(new Set(tasks.map(({ meta }) => meta.status)).size > 3, true);

  const before = host.files.snapshot();
  assertEquals(await findings(await world.open()), []);
  assertEquals(host.files.snapshot(), before);
  const treated = await repair(await world.open());
  assertEquals([treated.findings, treated.op.changed], [[], false]);
  assertEquals(await findings(await world.open()), []);
});

Deno.test("a tree of the reference is sound, with a project.yml and without", async () => {
  for (const projects of [{ orchard: fakeProject() }, {}]) {
    const world = await newWorld({ files: REFERENCE_TREE, projects });
    // Without a project.yml its runtime is podman, which is not here.
    const expected = "orchard" in projects ? [] : ["not_checked"];
    assertEquals((await findings(world.carrel)).map(({ code }) => code), expected);
    assertEquals((await repair(world.carrel)).op.changed, false);
  }
});

Deno.test("a directory of tasks that two projects share is nobody's to adopt from", async () => {
  const shared = fakeProject({}, "tasks: {root: /srv/shared}\n");
  const world = await newWorld({ projects: { demo: shared, other: shared } });
  await newTask(world.carrel);
  assertEquals(await findings(world.carrel), []);
});

Deno.test("who ends, or lets go, while the doctor looks has left nothing", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { state, carrel, host } = world;
  const ref = await runTask(carrel, { command: ["work"] });
  await interrupt(world, { at: `lock ${ROOT}/core/fake-runtime.lock` }, (mortal) => stopTask(mortal, ref));
  const { pid } = host.processes.start();
  const owner = await processOwner(host, pid);
  assert(owner !== null);
  const flow = "lock build somebody";
  await acquire(carrel, await carrel.config(DEMO), { flow, wanted: { build: 1 }, owner });
  host.processes.end(pid);
  assertEquals((await findings(await world.open())).map(({ code }) => code), [
    "interrupted_operation",
    "hold_left",
  ]);
  const [op = ""] = await state.saga.getDirtyFlows();
  const identify = async (asked: number) => {
    await state.lifecycle.transitionIf(op, "ACTIVE", "CLOSED", { along: { clean: op } });
    await state.resourceLock.release(flow);
    return await host.processes.identify(asked);
  };
  const seen = { ...host, processes: { ...host.processes, identify } };
  // Who is asked after has just done its last.
  assertEquals(await findings(await world.open({ host: seen })), []);
  assertEquals(await state.saga.getDirtyFlows(), []);
});

// Leftovers are there before somebody prunes them, and are found.
const unfit = ["storage prune", DOCTOR_VERB.name];
for (const verb of VERBS.filter(({ name }) => !unfit.includes(name))) {
  Deno.test(`${verb.name}: while it is under way there are no findings`, async () => {
    const scene = await newScene(verb.beginning, verb);
    const { world } = scene;
    const { pid } = world.host.processes.start();
    let looks = 0;
    let isLooking = false;
    const look = async (action: string) => {
      if (isLooking) return;
      isLooking = true;
      assertEquals(await findings(await world.open()), [], `before it would ${action}`);
      isLooking = false;
      looks++;
    };
    const watched = newWatchedHost({ ...world.host, system: { ...world.host.system, pid } }, look);
    // Its writes to the store are looked at as well.
    const counted = newFaultyHost(watched);
    const store = newFaultyState(world.state, {
      ...counted,
      writing: async (action, effect) => {
        await look(action);
        return await effect();
      },
    });
    await verb.run(await world.open({ host: watched, openState: () => Promise.resolve(store) }), scene);
    world.host.processes.end(pid);
    assert(looks > 3, "it is looked at");
    assertEquals(await findings(await world.open()), []);
  });
}
