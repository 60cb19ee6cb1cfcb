/** Tests of what tasks ask of people: what is heeded, how often, and what is not. @module */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Carrel } from "../../core/carrel.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { observeTask, observeTasks } from "../../core/engine/observe_tasks.ts";
import { readQuestion } from "../../core/engine/read_question.ts";
import { resolveEscalation } from "../../core/engine/resolve_escalation.ts";
import { restoreArchive } from "../../core/engine/restore_archive.ts";
import { restartTask, startTask } from "../../core/engine/start_task.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { openProject } from "../../core/query/open_project.ts";
import type { Asked } from "../../core/query/question.ts";
import { readStoredTask } from "../../core/query/stored_task.ts";
import { StorageError } from "../../core/state/errors.ts";
import { sha256Hex } from "../../core/state/sha256.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  newAgent,
  newWorld,
  onlyArchive,
  placesOf,
  runTask,
  treeAt,
  type World,
} from "../support/world.ts";

const PLAIN = { projects: { demo: fakeProject(ENDLESS) } };
const CODEX = {
  projects: { demo: `run: {runtime: fake, agent: codex, fake: ${JSON.stringify(ENDLESS)}}\n` },
};
const HOUR_MS = 3_600_000;

function agentDir(ref: TaskRef): string {
  return `${placesOf(ref).dir}/agent-config`;
}

function write({ host }: World, ref: TaskRef, text: string): void {
  host.files.put(`${agentDir(ref)}/escalation.yml`, text);
}

/** Writes a question with the token that the task has. */
function ask(world: World, ref: TaskRef, reason: string): void {
  const token = treeAt(world.host, agentDir(ref))["agent.token"] ?? "";
  write(world, ref, `reason: ${reason}\ntoken: ${token}\n`);
}

async function read(carrel: Carrel, ref: TaskRef, options = {}): Promise<Asked> {
  return await readQuestion(
    carrel,
    await readStoredTask(carrel, await openProject(carrel, DEMO), ref.id),
    options,
  );
}

async function problemOf(carrel: Carrel, ref: TaskRef): Promise<string> {
  const { question, problem } = await read(carrel, ref);
  assertEquals(question, null);
  return problem ?? "";
}

Deno.test("a question waits until it is decided, and is known by the hash of its file", async () => {
  const world = await newWorld(PLAIN);
  const { carrel } = world;
  const ref = await runTask(carrel);
  assertEquals(await read(carrel, ref), { question: null, problem: null });
  const text = "reason: may I?\nproposal: {kind: drop}\n";
  write(world, ref, text);
  const { question } = await read(carrel, ref);
  const { asked_at: _, ...asked } = question ?? {};
  assertEquals(asked, {
    request: sha256Hex(text),
    agent: `demo/${ref.id}`,
    reason: "may I?",
    context: {},
    proposal: { kind: "drop" },
    impact: "",
  });
  assertEquals((await observeTask(carrel, ref)).meta.needs_human, true);
  await resolveEscalation(carrel, ref, { decision: "OVERRIDE" });
  assertEquals((await observeTask(carrel, ref)).meta.needs_human, false);
  // The same words again are the same question; it was decided.
  write(world, ref, text);
  assertEquals(await read(carrel, ref), { question: null, problem: null });
});

Deno.test("a question takes one token, whoever sees it first and however often it is seen", async () => {
  const world = await newWorld(PLAIN);
  const ref = await runTask(world.carrel);
  write(world, ref, "reason: may I?\n");
  await Promise.all([observeTasks(world.carrel, null), observeTask(await world.open(), ref)]);
  await observeTask(world.carrel, ref);
  assertEquals(await world.state.escalation.getWindowCount(`demo/${ref.id}`, "1970-01-01 00:00:00"), 1);
  const events = await world.state.decisionAudit.eventsForDfid(`demo/${ref.id}`);
  assertEquals(events.map(({ event }) => event), ["escalation.requested"]);
});

Deno.test("who asks too often is not heeded until there is room again", async () => {
  const world = await newWorld({
    projects: {
      demo: `run: {runtime: fake, fake: ${JSON.stringify(ENDLESS)}, escalations: {max: 2, window: 1h}}\n`,
    },
  });
  const { carrel, host } = world;
  const ref = await runTask(carrel);
  for (const reason of ["one", "two"]) {
    write(world, ref, `reason: ${reason}\n`);
    assertEquals((await read(carrel, ref)).question?.reason, reason);
  }
  write(world, ref, "reason: three\n");
  const tooOften = "it asks more often than run.escalations allows: 2 times in 3600 s";
  assertStringIncludes(await problemOf(carrel, ref), tooOften);
  assertEquals((await observeTask(carrel, ref)).meta.needs_human, false);
  assertEquals((await read(carrel, ref, { dryRun: true })).question, null);
  await host.clock.advance(HOUR_MS + 1);
  // It must be asked again: what was asked then was too much then.
  assertStringIncludes(await problemOf(carrel, ref), tooOften);
  write(world, ref, "reason: three\n");
  assertEquals((await read(carrel, ref)).question?.reason, "three");
});

Deno.test("a budget counts at the time of the file, but nobody can use up the budgets of the past", async () => {
  const world = await newWorld(PLAIN);
  const { carrel, host } = world;
  const ref = await runTask(carrel);
  await host.clock.advance(100 * HOUR_MS);
  const now = host.clock.peekMicros();
  let heeded = 0;
  for (let hour = 0; hour <= 50; hour++) {
    write(world, ref, `reason: question ${hour}\n`);
    const stored = await readStoredTask(carrel, await openProject(carrel, DEMO), ref.id);
    assert(stored.escalation !== null);
    // Times that rise from 100 hours ago to now.
    const escalation = { ...stored.escalation, modifiedMs: now / 1000 - (50 - hour) * 2 * HOUR_MS };
    const { question } = await readQuestion(carrel, { ...stored, escalation });
    if (question !== null) heeded++;
  }
  assert(heeded <= 6, `${heeded} of 51`);
});

Deno.test("times that are none are now", async () => {
  const world = await newWorld(PLAIN);
  const { carrel } = world;
  for (const modifiedMs of [NaN, -1, Infinity, 1e300, 9e15]) {
    const ref = await runTask(carrel);
    write(world, ref, "reason: when?\n");
    const stored = await readStoredTask(carrel, await openProject(carrel, DEMO), ref.id);
    assert(stored.escalation !== null);
    const escalation = { ...stored.escalation, modifiedMs };
    const { question } = await readQuestion(carrel, { ...stored, escalation });
    assertEquals(question?.asked_at.slice(0, 10), "2026-01-01", String(modifiedMs));
  }
});

Deno.test("a dry run judges a question without taking a token", async () => {
  const world = await newWorld(PLAIN);
  const ref = await runTask(world.carrel);
  write(world, ref, "reason: may I?\n");
  assertEquals((await read(world.carrel, ref, { dryRun: true })).question?.reason, "may I?");
  assertEquals(await world.state.escalation.getRequest(`demo/${ref.id}`), null);
});

Deno.test("a registered agent's question must have the token of its task's session", async () => {
  const world = await newWorld(CODEX);
  const { carrel } = world;
  await newAgent(carrel);
  const [ref, other] = [await runTask(carrel), await runTask(carrel)];
  write(world, ref, "reason: may I?\n");
  assertStringIncludes(await problemOf(carrel, ref), "its token is missing");
  write(world, ref, "reason: may I?\ntoken: guessed\n");
  assertStringIncludes(await problemOf(carrel, ref), "its token is not the one in agent-config/agent.token");
  const strange = treeAt(world.host, agentDir(other))["agent.token"] ?? "";
  write(world, ref, `reason: may I?\ntoken: ${strange}\n`);
  assertStringIncludes(await problemOf(carrel, ref), "its token is not the one");
  assertEquals(await world.state.escalation.getPendingRequests(), []);
  ask(world, ref, "may I?");
  assertEquals((await read(carrel, ref)).question?.agent, "codex");
});

Deno.test("tasks of one agent share its budget, and nobody else uses it", async () => {
  const world = await newWorld(CODEX);
  const { carrel } = world;
  await newAgent(carrel);
  for (const reason of ["one", "two", "three"]) {
    const ref = await runTask(carrel);
    ask(world, ref, reason);
    assertEquals((await read(carrel, ref)).question?.reason, reason);
  }
  const ref = await runTask(carrel);
  ask(world, ref, "four");
  assertStringIncludes(await problemOf(carrel, ref), "more often");
  // A record that only names the agent, as one of the reference's, has a budget of its own.
  const stranger = await runTask(await world.configure("demo", PLAIN.projects.demo));
  const { bookkeeping } = placesOf(stranger);
  world.host.files.put(bookkeeping, `${await world.host.files.readText(bookkeeping)}agent: codex\n`, 0o600);
  write(world, stranger, "reason: five\n");
  assertEquals((await read(carrel, stranger)).question?.agent, `demo/${stranger.id}`);
});

Deno.test("a question that was heeded waits on, although its session has another token by now", async () => {
  const world = await newWorld(CODEX);
  const { carrel, host } = world;
  await newAgent(carrel);
  const ref = await runTask(carrel);
  ask(world, ref, "may I?");
  await read(carrel, ref);
  await host.files.removeFile(`${agentDir(ref)}/agent.token`);
  await restartTask(carrel, ref);
  assertEquals((await read(carrel, ref)).question?.reason, "may I?");
});

Deno.test("what asks with the token of an archived task is not heeded when the task is restored", async () => {
  const world = await newWorld(CODEX);
  const { carrel } = world;
  await newAgent(carrel);
  const ref = await runTask(carrel);
  ask(world, ref, "heeded before?");
  await read(carrel, ref);
  const token = treeAt(world.host, agentDir(ref))["agent.token"] ?? "";
  await deleteTask(carrel, ref);
  await restoreArchive(carrel, await onlyArchive(carrel));
  // What waited then waits on: it is the very same file.
  assertEquals((await read(carrel, ref)).question?.reason, "heeded before?");
  for (const forged of [token, "ended"]) {
    write(world, ref, `reason: forged?\ntoken: ${forged}\n`);
    assertStringIncludes(await problemOf(carrel, ref), "its token is not the one");
  }
  await startTask(carrel, ref);
  write(world, ref, `reason: forged?\ntoken: ${token}\n`);
  assertStringIncludes(await problemOf(carrel, ref), "its token is not the one");
  ask(world, ref, "and now?");
  assertEquals((await read(carrel, ref)).question?.reason, "and now?");
});

Deno.test("whatever lies where a task asks is named and does no harm", async () => {
  const world = await newWorld(PLAIN);
  const { carrel, host } = world;
  const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
  const plant: Record<string, [(path: string) => void, string]> = {
    "a link": [(path) => host.files.symlink("/etc/shadow", path), "it is not a plain file"],
    "a fifo": [(path) => host.files.fifo(path), "it is not a plain file"],
    "a directory": [(path) => host.files.putDir(path), "it is not a plain file"],
    "a huge file": [(path) => host.files.put(path, "reason: x\n".repeat(10_000)), "it is larger than 64 KiB"],
    "a bomb": [(path) => host.files.put(path, `a0: &a0 [x]\n${levels.join("\n")}\n`), "it uses aliases"],
    "no YAML": [(path) => host.files.put(path, "reason: [open"), "line 2: "],
    "NUL": [(path) => host.files.put(path, 'reason: "a\\0b"\n'), "reason contains U+0000"],
    "a number that JSON has not": [
      (path) => host.files.put(path, "reason: x\ncontext: {a: .nan}\n"),
      "JSON has no NaN",
    ],
  };
  for (const [what, [put, problem]] of Object.entries(plant)) {
    const ref = await runTask(carrel);
    put(`${agentDir(ref)}/escalation.yml`);
    assertStringIncludes(await problemOf(carrel, ref), problem, what);
    assertStringIncludes(await problemOf(carrel, ref), `escalation.yml of task demo/${ref.id} is not heeded`);
  }
  const { tasks } = await observeTasks(carrel, DEMO);
  assertEquals(tasks.map(({ meta }) => meta.needs_human), tasks.map(() => false));
  assertEquals(await world.state.escalation.getPendingRequests(), []);
});

Deno.test("the state store is opened only for a task that asks, and when it fails nobody knows", async () => {
  const world = await newWorld(PLAIN);
  const ref = await runTask(world.carrel);
  let opened = 0;
  const openState = () => {
    opened++;
    return Promise.reject(new StorageError("the store is damaged"));
  };
  const carrel = await world.open({ openState });
  assertEquals((await observeTasks(carrel, null)).tasks.map(({ problem }) => problem), [null]);
  assertEquals((await observeTask(carrel, ref)).question, null);
  assertEquals(opened, 0);
  write(world, ref, "reason: may I?\n");
  const { meta, problem } = await observeTask(carrel, ref);
  assertEquals([meta.needs_human, problem, opened > 0], [
    false,
    "it is not known whether a person is needed: the store is damaged",
    true,
  ]);
});
