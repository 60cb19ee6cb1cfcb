/** Tests of agents that tasks run as: who may be started, and the token that proves who speaks. @module */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { followupTask } from "../../core/engine/followup_task.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { runExistingTask, runNewTask } from "../../core/engine/run_task.ts";
import { setAgentStatus } from "../../core/engine/set_agent_status.ts";
import { restartTask, startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { sha256Hex } from "../../core/state/sha256.ts";
import {
  dataOf,
  DEMO,
  ENDLESS,
  look,
  newAgent,
  newTask,
  newWorld,
  onlyArchive,
  placesOf,
  runTask,
  treeAt,
  type World,
} from "../support/world.ts";

const CODEX = `run: {runtime: fake, agent: codex, fake: ${JSON.stringify(ENDLESS)}}\n`;
const NO_AGENT = `run: {runtime: fake, fake: ${JSON.stringify(ENDLESS)}}\n`;

async function newAgentWorld(project = CODEX): Promise<World> {
  const world = await newWorld({ projects: { demo: project } });
  await newAgent(world.carrel);
  return world;
}

function tokenOf({ host }: World, ref: TaskRef): string | undefined {
  return treeAt(host, `${placesOf(ref).dir}/agent-config`)["agent.token"]?.trim();
}

async function sessionOf({ host }: World, ref: TaskRef): Promise<string | undefined> {
  const text = await host.files.readText(placesOf(ref).bookkeeping);
  return /^agent_session: (\S+)$/m.exec(text)?.[1];
}

async function assertWrongState(run: () => Promise<unknown>, says: string): Promise<void> {
  const error = await assertRejects(run, AppError);
  assertEquals(error.code, "wrong_state");
  assertStringIncludes(error.message, says);
}

Deno.test("a task of an agent that is not active is refused before anything is made", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: CODEX } });
  const ref = await newTask(carrel);
  const before = dataOf(host);
  const refuse = async (says: string) => {
    for (const dryRun of [true, false]) {
      await assertWrongState(() => runNewTask(carrel, DEMO, { command: ["work"] }, { dryRun }), says);
      await assertWrongState(() => runExistingTask(carrel, ref, { command: ["work"] }, { dryRun }), says);
    }
    assertEquals(dataOf(host), before);
  };
  await refuse("agent codex is not registered");
  await newAgent(carrel);
  await setAgentStatus(carrel, "codex", "suspend", "too eager");
  await refuse("agent codex is SUSPENDED: too eager");
  await setAgentStatus(carrel, "codex", "retire");
  await refuse("agent codex is RETIRED");
});

Deno.test("a task of an agent that was suspended meanwhile runs on, but is not started again", async () => {
  const world = await newAgentWorld();
  const { carrel } = world;
  const running = await runTask(carrel);
  const stopped = await runTask(carrel);
  await stopTask(carrel, stopped);
  await setAgentStatus(carrel, "codex", "suspend");
  const says = "agent codex is SUSPENDED";
  await assertWrongState(() => startTask(carrel, stopped), says);
  await assertWrongState(() => followupTask(carrel, stopped, "more"), says);
  await assertWrongState(() => restartTask(carrel, running), says);
  await assertWrongState(() => restartTask(carrel, running, { recreate: true }), says);
  assertEquals((await look(carrel, running)).status, "running");
  // What runs is as it should be.
  assertEquals((await startTask(carrel, running)).changed, false);
  await setAgentStatus(carrel, "codex", "activate");
  await startTask(carrel, stopped);
  assertEquals((await look(carrel, stopped)).status, "running");
});

Deno.test("a task that was launched without a session runs as whoever its record names", async () => {
  const world = await newWorld({ projects: { demo: NO_AGENT } });
  const ref = await runTask(world.carrel);
  await stopTask(world.carrel, ref);
  const { bookkeeping } = placesOf(ref);
  const text = await world.host.files.readText(bookkeeping);
  world.host.files.put(bookkeeping, `${text}agent: codex\n`, 0o600);
  // As the reference has written it, also when the project has an agent by now.
  const carrel = await world.configure("demo", CODEX);
  await restartTask(carrel, ref);
  await restartTask(carrel, ref, { recreate: true });
  assertEquals([(await look(carrel, ref)).status, (await look(carrel, ref)).agent], ["running", "codex"]);
  assertEquals([tokenOf(world, ref), await sessionOf(world, ref)], [undefined, undefined]);
});

Deno.test("each task has a token of its own, of which the record keeps the hash", async () => {
  const world = await newAgentWorld();
  const [one, other] = [await runTask(world.carrel), await runTask(world.carrel)];
  const token = tokenOf(world, one) ?? "";
  assertMatch(token, /^[0-9a-f]{64}$/);
  assertEquals(await sessionOf(world, one), `sha256:${sha256Hex(token)}`);
  assertNotEquals(tokenOf(world, other), token);
  const info = await world.host.files.info(`${placesOf(one).dir}/agent-config/agent.token`);
  assertEquals(info?.mode, 0o600);
  assertEquals(Object.hasOwn(await look(world.carrel, one), "agent_session"), false);
});

Deno.test("a session lasts: through stop, start, restart, and in a new container", async () => {
  const world = await newAgentWorld();
  const { carrel } = world;
  const ref = await runTask(carrel);
  const before = [tokenOf(world, ref), await sessionOf(world, ref)];
  await stopTask(carrel, ref);
  await startTask(carrel, ref);
  await restartTask(carrel, ref, { recreate: true });
  assertEquals([tokenOf(world, ref), await sessionOf(world, ref)], before);
});

Deno.test("a task has another token at its next start once its agent was suspended", async () => {
  const world = await newAgentWorld();
  const { carrel } = world;
  const [stopped, running] = [await runTask(carrel), await runTask(carrel)];
  const [old, kept] = [tokenOf(world, stopped), tokenOf(world, running)];
  await stopTask(carrel, stopped);
  await setAgentStatus(carrel, "codex", "suspend");
  await setAgentStatus(carrel, "codex", "activate");
  for (const recreate of [false, true]) {
    await restartTask(carrel, stopped, { recreate });
    const fresh = tokenOf(world, stopped) ?? "";
    assertNotEquals(fresh, old);
    assertEquals(await sessionOf(world, stopped), `sha256:${sha256Hex(fresh)}`);
    // Once is enough.
    await restartTask(carrel, stopped, { recreate });
    assertEquals(tokenOf(world, stopped), fresh);
  }
  await startTask(carrel, running);
  assertEquals(tokenOf(world, running), kept);
});

Deno.test("a token that is lost or overwritten is replaced at the next start", async () => {
  const world = await newAgentWorld();
  const { carrel, host } = world;
  const ref = await runTask(carrel);
  const path = `${placesOf(ref).dir}/agent-config/agent.token`;
  const old = await sessionOf(world, ref);
  for (const spoil of [() => host.files.removeFile(path), () => host.files.put(path, "mine\n")]) {
    await spoil();
    await restartTask(carrel, ref);
    assertEquals(await sessionOf(world, ref), `sha256:${sha256Hex(tokenOf(world, ref) ?? "")}`);
    assertNotEquals(await sessionOf(world, ref), old);
  }
});

Deno.test("a deletion leaves no token in the archive, and a restored task gets a new one", async () => {
  const world = await newAgentWorld();
  const { carrel, host } = world;
  const ref = await runTask(carrel);
  const token = tokenOf(world, ref) ?? "";
  await deleteTask(carrel, ref);
  assert(!JSON.stringify(host.files.snapshot()).includes(token));
  await restoreArchive(carrel, await onlyArchive(carrel));
  await setAgentStatus(carrel, "codex", "suspend");
  await assertWrongState(() => startTask(carrel, ref), "agent codex is SUSPENDED");
  await setAgentStatus(carrel, "codex", "activate");
  await startTask(carrel, ref);
  assertEquals(await sessionOf(world, ref), `sha256:${sha256Hex(tokenOf(world, ref) ?? "")}`);
  assertNotEquals(tokenOf(world, ref), token);
});

Deno.test("a task whose deletion failed has its token still", async () => {
  const world = await newAgentWorld();
  const ref = await runTask(world.carrel);
  const { files } = world.host;
  const isArchived = (to: string) => to.includes("/archive/");
  const rename: typeof files.rename = (from, to) =>
    isArchived(to)
      ? Promise.reject(new AppError("storage_failed", "the disk is broken"))
      : files.rename(from, to);
  const carrel = await world.open({ host: { ...world.host, files: { ...files, rename } } });
  assertEquals((await assertRejects(() => deleteTask(carrel, ref), AppError)).code, "archive_failed");
  assertEquals(await sessionOf(world, ref), `sha256:${sha256Hex(tokenOf(world, ref) ?? "")}`);
});

Deno.test("a launch that failed as an agent leaves no session to one without", async () => {
  const world = await newAgentWorld(`run: {runtime: fake, agent: codex, fake: {fail_on: create}}\n`);
  await assertRejects(() => runTask(world.carrel), AppError);
  const [task] = (await loadTasks(world.carrel, DEMO)).tasks;
  assert(task !== undefined);
  const ref = { project: DEMO, id: task.stored.record.task_id };
  assertNotEquals(await sessionOf(world, ref), undefined);
  await runExistingTask(await world.configure("demo", NO_AGENT), ref, { command: ["work"] });
  assertEquals(await sessionOf(world, ref), undefined);
});
