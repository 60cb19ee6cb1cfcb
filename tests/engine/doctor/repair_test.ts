import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Carrel } from "../../../core/carrel.ts";
import type { Check } from "../../../core/engine/doctor/finding.ts";
import { examine, toFinding } from "../../../core/engine/doctor/examine.ts";
import { repair } from "../../../core/engine/doctor/repair.ts";
import { stopTask } from "../../../core/engine/stop_task.ts";
import { AppError } from "../../../core/error.ts";
import { listOperations } from "../../../core/query/list_operations.ts";
import { StorageError } from "../../../core/state/errors.ts";
import { HostDied, newFaultyHost } from "../../support/faulty_host.ts";
import { newFaultyState } from "../../support/faulty_state.ts";
import { interrupt } from "../../support/interrupt.ts";
import { ENDLESS, fakeProject, look, newWorld, onlyArchive, ROOT, runTask } from "../../support/world.ts";
import { type InterruptedScene, newInterruptedScene } from "./interrupted_scene.ts";

Deno.test("examine() finds operations whose process is gone, and changes nothing", async () => {
  const { world, deleted, stopped, untouched } = await newInterruptedScene();
  const before = [world.host.files.snapshot(), await world.state.saga.getDirtyFlows()];
  const found = await examine(world.carrel);
  assertEquals(found.map(({ code, where, fix }) => [code, where, fix]), [
    ["interrupted_operation", `demo/${deleted.id}`, "finish or undo it"],
    ["interrupted_operation", `demo/${stopped.id}`, "finish or undo it"],
    ["interrupted_operation", `demo/${untouched.id}`, "close its record: nothing was changed"],
    ["interrupted_operation", "other", "finish or undo it"],
  ]);
  assertMatch(
    found[0]?.what ?? "",
    /^task delete of demo\/.* \(operation .*\) was interrupted at the step "archive"$/,
  );
  assertMatch(found[2]?.what ?? "", /^task stop of .* was interrupted before its first step$/);
  assertEquals([world.host.files.snapshot(), await world.state.saga.getDirtyFlows()], before);
});

Deno.test("repair() settles each of them once, and says so", async () => {
  const scene = await newInterruptedScene();
  const { world, stopped, deleted } = scene;
  const { op, findings } = await repair(world.carrel);
  assertEquals(findings.map(({ fixed, outcome }) => [fixed, outcome]), [
    [true, "finished"],
    [true, "undone"],
    [true, "undone"],
    [true, "undone"],
  ]);
  assertEquals(op.changed, true);
  const said = world.notices.map(({ kind, text }) => [kind, text.replace(/ \(operation .*\)/, "")]);
  assertEquals(said, [
    ["notice", `task delete of demo/${deleted.id} was interrupted; it is finished now`],
    ["notice", `task stop of demo/${stopped.id} was interrupted; it is undone now`],
    ["notice", `task stop of demo/${scene.untouched.id} was interrupted; it is undone now`],
    ["notice", "project new of other was interrupted; it is undone now"],
  ]);
  await assertSettled(scene, world.carrel);
  assertEquals((await repair(world.carrel)).op.changed, false);
});

Deno.test("repair() in a dry run names what it would do, and does nothing", async () => {
  const { world } = await newInterruptedScene();
  const before = world.host.files.snapshot();
  const { op } = await repair(world.carrel, { dryRun: true });
  const { plan } = await op.answer(() => ({})) as { plan?: readonly { action: string }[] };
  assertEquals(plan?.map(({ action }) => action), [
    "finish or undo it",
    "finish or undo it",
    "close its record: nothing was changed",
    "finish or undo it",
  ]);
  assertEquals([world.host.files.snapshot(), world.notices], [before, []]);
  assertEquals((await examine(world.carrel)).length, 4);
});

Deno.test("repair() leaves what is under way, and mentions what cannot be judged from here", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const [here, elsewhere] = [await runTask(world.carrel), await runTask(world.carrel)];
  const death = { at: `lock ${ROOT}/core/fake-runtime.lock` };
  await interrupt(world, death, (carrel) => stopTask(carrel, here), { lives: true });
  await interrupt(world, death, (carrel) => stopTask(carrel, elsewhere), { hostname: "distant" });
  assertEquals((await repair(world.carrel)).findings, []);
  assertEquals(world.notices.map(({ kind }) => kind), ["notice"]);
  const [notice] = world.notices;
  assert(notice?.text.startsWith(`task stop of demo/${elsewhere.id} `), notice?.text);
  assertEquals((await world.state.saga.getDirtyFlows()).length, 2);
});

Deno.test("repair() goes on when something cannot be put right, and tells why", async () => {
  const fixed: string[] = [];
  const found = { code: "test", what: "it is broken", fix: "mend it" };
  const check: Check = () =>
    Promise.resolve([
      { ...found, where: "a", repair: () => Promise.reject(new AppError("runtime_failed", "no answer")) },
      { ...found, where: "b", repair: () => Promise.resolve(fixed.push("b") > 0 ? "mended" : "") },
      { ...found, where: "c", fix: null, repair: null },
      { ...found, where: "d", repair: () => Promise.reject(new RangeError("no such date")) },
      { ...found, where: "e", repair: () => Promise.resolve(fixed.push("e") > 0 ? "mended" : "") },
    ]);
  const { carrel } = await newWorld();
  const { findings } = await repair(carrel, {}, [check]);
  assertEquals(findings.map(({ where, fixed, outcome }) => [where, fixed, outcome]), [
    ["a", false, "no answer"],
    ["b", true, "mended"],
    ["c", false, null],
    ["d", false, "this is a bug: no such date"],
    ["e", true, "mended"],
  ]);
  assertEquals(fixed, ["b", "e"]);
});

Deno.test("a state store that cannot be used is a finding, and keeps nothing else from being found", async () => {
  const { world, deleted } = await newInterruptedScene();
  const damaged = new StorageError("the file is damaged", { hint: "put a backup in its place" });
  const carrel = await world.open({ openState: () => Promise.reject(damaged) });
  const finding = {
    code: "state_unusable",
    what: "the file is damaged; put a backup in its place",
    where: carrel.paths.stateDb,
    fix: null,
  };
  // Its deletion was interrupted: that it is half done is seen without the store.
  const left = {
    code: "record_left",
    what: "it is in the archive, and its record is left",
    where: `demo/${deleted.id}`,
    fix: "finish its deletion",
  };
  assertEquals((await examine(carrel)).map(toFinding), [finding, left]);
  const { findings, op } = await repair(carrel);
  assertEquals(findings, [
    { ...finding, fixed: false, outcome: null },
    { ...left, fixed: true, outcome: "removed" },
  ]);
  // What it did is recorded once the store can be used.
  assertEquals((await repair(world.carrel)).findings.length, 4);
  const recorded = (await listOperations(world.state)).find((known) => known.op === op.id);
  assertEquals([recorded?.verb, recorded?.status, recorded?.changed], ["doctor", "CLOSED", true]);
});

Deno.test("repair() that dies at any write is put right by the next, claims of the dead included", async () => {
  const counted = await attempt();
  assert(counted.calls > 20, "the whole repair is counted");
  for (let at = 1; at <= counted.calls; at++) {
    for (const leaving of ["nothing", "all"] as const) await attempt({ at, leaving });
  }
});

/** Repairs in a process that dies, then in one that does not. */
async function attempt(death?: { at: number; leaving: "nothing" | "all" }): Promise<{ calls: number }> {
  const scene = await newInterruptedScene();
  const { world } = scene;
  const { pid } = world.host.processes.start();
  const host = newFaultyHost(
    { ...world.host, system: { ...world.host.system, pid } },
    death === undefined ? undefined : { ...death, with: "death" },
  );
  const openState = () => Promise.resolve(newFaultyState(world.state, host));
  await repair(await world.open({ host, openState })).catch((error) => {
    assert(error instanceof HostDied);
  });
  world.host.processes.end(pid);
  if (death !== undefined) {
    const { findings } = await repair(await world.open());
    assertEquals(findings.filter(({ fixed }) => !fixed), [], `${death.leaving} of ${host.trace.at(-1)}`);
  }
  await assertSettled(scene, await world.open());
  return host;
}

/** Nothing is left of what was interrupted, and the machine is in order. */
async function assertSettled({ world, deleted, stopped, untouched }: InterruptedScene, carrel: Carrel) {
  assertEquals(await world.state.saga.getDirtyFlows(), []);
  assertEquals(await listOperations(world.state, { statuses: ["CREATED", "ACTIVE"] }), []);
  assertEquals(await examine(carrel), []);
  assertEquals((await onlyArchive(carrel)).record.task_id, deleted.id);
  for (const ref of [stopped, untouched]) assertEquals((await look(carrel, ref)).status, "running");
}
