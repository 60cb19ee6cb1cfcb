import { assert, assertEquals, assertMatch } from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { observeTask } from "../../core/engine/observe_tasks.ts";
import { pruneState } from "../../core/engine/prune_state.ts";
import { resolveEscalation } from "../../core/engine/resolve_escalation.ts";
import { listDecisions } from "../../core/query/decisions.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { verifyAuditChain } from "../../core/state/audit_chain.ts";
import { sqliteStorage } from "../../core/state/sqlite/sqlite_storage.ts";
import { newScratch } from "../state/sqlite/scratch.ts";
import { ENDLESS, fakeProject, newTask, newWorld, placesOf, runTask, type World } from "../support/world.ts";

const DAY_S = 86_400;

/** A world in which a task was made and purged 60 days ago, and another one made 1 day ago. */
async function newHistory(): Promise<World> {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  await deleteTask(world.carrel, await newTask(world.carrel, { name: "old" }), { purge: true });
  await passDays(world, 59);
  await newTask(world.carrel, { name: "new" });
  await passDays(world, 1);
  return world;
}

async function passDays({ host }: World, days: number): Promise<void> {
  await host.clock.advance(days * DAY_S * 1000);
}

function prune({ carrel }: World, days = 30, options = {}) {
  return pruneState(carrel, { olderThanS: days * DAY_S }, options);
}

/** Whether the audit is sound, and how many events it has. */
async function verify({ state }: World): Promise<readonly [sound: boolean, events: number]> {
  const { problem, checked } = await verifyAuditChain(state.decisionAudit);
  return [problem === null, checked];
}

/** Lets an agent ask, and a person decide. */
async function decide(world: World, ref: TaskRef): Promise<void> {
  world.host.files.put(`${placesOf(ref).dir}/agent-config/escalation.yml`, "reason: may I?\n");
  await resolveEscalation(world.carrel, ref, { decision: "OVERRIDE" });
}

Deno.test("pruneState() forgets operations that have ended and their events; the audit stays sound", async () => {
  const world = await newHistory();
  const { state } = world;
  const [, before] = await verify(world);
  const { operations, events, decisions, audit_needed_by, op } = await prune(world);
  assertEquals([operations, decisions, audit_needed_by, op.changed], [2, 0, null, true]);
  assert(events > 0);
  // What is left, and the four events of the prune itself.
  assertEquals(await verify(world), [true, before - events + 4]);
  const flows = await state.lifecycle.listFlows();
  assertEquals(flows.map(({ status }) => status), ["CLOSED", "CLOSED"]);
  const left = await state.decisionAudit.allEventsChronological();
  assertEquals([...new Set(left.map(({ dfid }) => dfid))], flows.map(({ dfid }) => dfid));
});

Deno.test("pruneState() does the same to a store in SQLite, and the file stays sound", async () => {
  const world = await newWorld();
  await using scratch = newScratch();
  await using state = await sqliteStorage(scratch.path, { ...scratch.host, clock: world.host.clock });
  const carrel = await world.open({ openState: () => Promise.resolve(state) });
  await deleteTask(carrel, await newTask(carrel), { purge: true });
  await passDays(world, 60);
  const { operations, events } = await pruneState(carrel, { olderThanS: 30 * DAY_S });
  assertEquals(operations, 2);
  assertEquals((await state.decisionAudit.checkpoint()).seq, events);
  assertEquals(await verify({ ...world, state }), [true, 4]);
});

Deno.test("pruneState() once more changes nothing, and neither does it without a store", async () => {
  const world = await newHistory();
  await prune(world);
  const again = await prune(world);
  assertEquals([again.operations, again.events, again.op.changed], [0, 0, false]);
  const fresh = await newWorld();
  assertEquals((await prune(fresh, 30, { dryRun: true })).op.changed, false);
});

Deno.test("a dry run of pruneState() names the steps of the real one, and changes nothing", async () => {
  const world = await newHistory();
  const before = await verify(world);
  const { op } = await prune(world, 30, { dryRun: true });
  const answer = await op.answer(() => ({}));
  assert("plan" in answer);
  assertEquals(answer.plan.map(({ action }) => action), ["forget operations", "cut the audit"]);
  for (const { target } of answer.plan) assertMatch(target, /^\d+ from before \d{4}-\d\d-\d\dT.*Z$/);
  assertEquals(await verify(world), before);
  const { operations, events } = await prune(world);
  assertEquals(answer.plan.map(({ target }) => parseInt(target)), [operations, events]);
});

Deno.test("pruneState() keeps an operation that has not ended, and every event since it began", async () => {
  const world = await newHistory();
  const { lifecycle, decisionAudit, saga } = world.state;
  for (const op of ["begun", "marked"]) {
    const audit = { dfid: op, event: "operation.begun" };
    await lifecycle.transitionIf(op, null, "CREATED", { along: { audit } });
  }
  await saga.markDirty("marked", "step", "{}");
  await passDays(world, 365);
  const { audit_needed_by } = await prune(world);
  assertEquals(audit_needed_by, "operation begun, which has not ended");
  for (const op of ["begun", "marked"]) {
    assertEquals(await lifecycle.getStatus(op), "CREATED");
    assertEquals((await decisionAudit.eventsForDfid(op)).length, 1);
  }
  assert(await saga.getDirtyState("marked") !== null);
  assertEquals((await verify(world))[0], true);
});

Deno.test("pruneState() keeps all events of an operation that is kept, also those from before", async () => {
  const world = await newHistory();
  const { lifecycle, decisionAudit } = world.state;
  const move = (from: string | null, to: string, event: string) =>
    lifecycle.transitionIf("long", from, to, { along: { audit: { dfid: "long", event } } });
  await move(null, "CREATED", "operation.begun");
  await passDays(world, 40);
  await move("CREATED", "ABORTED", "operation.ended");
  const { audit_needed_by, events } = await prune(world);
  assertEquals(audit_needed_by, "operation long, which ended later");
  assert(events > 0);
  assertEquals((await decisionAudit.eventsForDfid("long")).length, 2);
});

Deno.test("pruneState() keeps what a running task has asked and what was decided, however old", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(world.carrel);
  await decide(world, ref);
  const address = `demo/${ref.id}`;
  const decided = await listDecisions(world.state, address);
  await passDays(world, 800);
  const { audit_needed_by, decisions, operations } = await prune(world);
  assertEquals([audit_needed_by, decisions], [`task ${address}, which has asked for a decision`, 0]);
  assert(operations > 0, "its operations are history");
  assertEquals(await listDecisions(world.state, address), decided);
  assertEquals((await world.state.escalation.getRequest(address))?.status, "RESOLVED");
  // Its old question is not asked anew.
  assertEquals((await observeTask(world.carrel, ref)).meta.needs_human, false);
});

Deno.test("pruneState() forgets what a purged task has asked, a year after it was decided", async () => {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(world.carrel);
  await decide(world, ref);
  await deleteTask(world.carrel, ref, { purge: true });
  await passDays(world, 364);
  assertEquals((await prune(world)).decisions, 0);
  await passDays(world, 2);
  assertEquals((await prune(world)).decisions, 1);
  assertEquals(await world.state.escalation.getRequest(`demo/${ref.id}`), null);
  assertEquals((await verify(world))[0], true);
});

Deno.test("a deletion forgets no history unless state.keep_for is set, and then at most once a day", async () => {
  const forget = async (keepFor: string) => {
    const world = await newWorld();
    world.host.files.put("/etc/carrel-test/config.yml", keepFor);
    await deleteTask(await world.open(), await newTask(world.carrel), { purge: true });
    await passDays(world, 20);
    const carrel = await world.open();
    for (const name of ["a", "b"]) await deleteTask(carrel, await newTask(carrel, { name }), { purge: true });
    const texts = world.notices.map(({ kind, text }) => `${kind}: ${text}`);
    return { texts, sound: (await verify(world))[0] };
  };
  assertEquals(await forget(""), { texts: [], sound: true });
  assertEquals(await forget("state: {keep_for: 20d}\n"), { texts: [], sound: true });
  const { texts, sound } = await forget("state: {keep_for: 10d}\n");
  assertEquals([texts.length, sound], [1, true]);
  assertMatch(
    texts[0] ?? "",
    /^notice: forgot operations \(2\) and events of the audit \(\d+\) that state\.keep_for/,
  );
});
