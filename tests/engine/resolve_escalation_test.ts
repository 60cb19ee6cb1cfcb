import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { renameTask } from "../../core/engine/rename_task.ts";
import { resolveEscalation, type ResolveRequest } from "../../core/engine/resolve_escalation.ts";
import { AppError } from "../../core/error.ts";
import { listDecisions } from "../../core/query/decisions.ts";
import { findLastQuestion } from "../../core/query/escalations.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { sha256Hex } from "../../core/state/sha256.ts";
import { StorageBundle } from "../../core/state/storage_bundle.ts";
import { parseYaml } from "../../core/yaml/parse_yaml.ts";
import {
  dataOf,
  ENDLESS,
  fakeProject,
  newWorld,
  placesOf,
  refOf,
  runTask,
  type World,
} from "../support/world.ts";

const TEXT = "reason: may I?\nproposal: {kind: drop}\n";

async function newAskingWorld(): Promise<World & { readonly ref: TaskRef }> {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(world.carrel);
  ask(world, ref, TEXT);
  return { ...world, ref };
}

function ask({ host }: World, ref: TaskRef, text: string): void {
  host.files.put(`${placesOf(ref).dir}/agent-config/escalation.yml`, text);
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, AppError)).code;
}

async function decisionOf({ host }: World, ref: TaskRef): Promise<unknown> {
  const parsed = await parseYaml(await host.files.readText(`${placesOf(ref).dir}/agent-config/decision.yml`));
  return parsed.ok ? parsed.value : parsed.problem;
}

Deno.test("resolveEscalation() stores the decision with the hash, and leaves both for the agent", async () => {
  const world = await newAskingWorld();
  const { carrel, ref, state } = world;
  const proposal = { kind: "rename", to: ["a"] };
  const { op, ...resolution } = await resolveEscalation(carrel, ref, {
    decision: "MODIFY",
    proposal,
    note: "mind",
  });
  const { decided_at } = resolution;
  assertMatch(decided_at, /^2026-01-01T00:00:00\.\d{6}Z$/);
  assertEquals(resolution, { decision: "MODIFY", request: sha256Hex(TEXT), decided_at });
  const decided = { ...resolution, proposal, note: "mind" };
  assertEquals(await decisionOf(world, ref), decided);
  assertEquals(await listDecisions(state, `demo/${ref.id}`), [{ ...decided, op: op.id }]);
  const [row, ...more] = await state.escalation.getDecisions(`demo/${ref.id}`);
  assertEquals([row?.decision, row?.request_id, row?.proposal, row?.resolved_at, more], [
    "MODIFY",
    sha256Hex(TEXT),
    proposal,
    decided_at,
    [],
  ]);
});

Deno.test("what was decided instead does not take the place of what the agent proposed", async () => {
  const { carrel, ref, state } = await newAskingWorld();
  await resolveEscalation(carrel, ref, { decision: "MODIFY", proposal: { kind: "rename" } });
  const address = `demo/${ref.id}`;
  assertEquals((await findLastQuestion(state, address))?.proposal, { kind: "drop" });
  assertEquals((await listDecisions(state, address)).at(-1)?.proposal, { kind: "rename" });
  // Where the audit does not go back so far, the row is all there is.
  await state.decisionAudit.prune(Number.MAX_SAFE_INTEGER);
  assertEquals((await findLastQuestion(state, address))?.proposal, { kind: "rename" });
});

Deno.test("resolveEscalation() keeps every decision on every question", async () => {
  const world = await newAskingWorld();
  const { carrel, ref, state } = world;
  await resolveEscalation(carrel, ref, { decision: "ABORT" });
  ask(world, ref, "reason: and now?\n");
  await resolveEscalation(carrel, ref, { decision: "OVERRIDE" });
  const decisions = await listDecisions(state, `demo/${ref.id}`);
  assertEquals(decisions.map(({ decision, request }) => [decision, request]), [
    ["ABORT", sha256Hex(TEXT)],
    ["OVERRIDE", sha256Hex("reason: and now?\n")],
  ]);
});

Deno.test("resolveEscalation() decides on what was read, or not at all", async () => {
  const world = await newAskingWorld();
  const { carrel, ref, state } = world;
  const resolve = (request: Partial<ResolveRequest> = {}) =>
    resolveEscalation(carrel, ref, { decision: "OVERRIDE", ...request });
  const expected = sha256Hex(TEXT).slice(0, 8);
  ask(world, ref, "reason: something worse\n");
  assertEquals(await codeOf(() => resolve({ expected })), "conflict");
  ask(world, ref, TEXT);
  await resolve({ expected });
  assertEquals(await codeOf(() => resolve()), "wrong_state");
  assertEquals(
    await codeOf(() => resolveEscalation(carrel, refOf("z0zzz"), { decision: "ABORT" })),
    "task_not_found",
  );
  assertEquals((await state.escalation.getDecisions()).length, 1);
});

Deno.test("resolveEscalation() does not decide on what was put in its place meanwhile", async () => {
  const world = await newAskingWorld();
  const { ref, state } = world;
  const { escalation } = state;
  // Another command sees another question between the look and the decision.
  const resolveRequest: typeof escalation.resolveRequest = async (...args) => {
    const request = {
      dfid: `demo/${ref.id}`,
      agentId: "x",
      reason: "r",
      contextJson: "{}",
      proposalJson: "{}",
      impact: "",
    };
    await escalation.requestWithinBudget({ ...request, requestId: "other" }, {
      maxRequests: 9,
      windowMs: 1000,
    });
    return await escalation.resolveRequest(...args);
  };
  const raced = new Proxy(escalation, {
    get: (target, name) => {
      const member: unknown = name === "resolveRequest" ? resolveRequest : Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const carrel = await world.open({
    openState: () => Promise.resolve(new StorageBundle({ ...state, escalation: raced })),
  });
  assertEquals(await codeOf(() => resolveEscalation(carrel, ref, { decision: "OVERRIDE" })), "conflict");
  assertEquals(await state.escalation.getDecisions(), []);
});

Deno.test("a decision that could not be left for the agent is left by the same call again", async () => {
  const world = await newAskingWorld();
  const { ref, state } = world;
  const { files } = world.host;
  const create: typeof files.create = (path, data, options) =>
    path.includes(".decision.yml.")
      ? Promise.reject(new AppError("disk_full", "no space left"))
      : files.create(path, data, options);
  const full = await world.open({ host: { ...world.host, files: { ...files, create } } });
  const request = { decision: "ABORT", note: "no" } as const;
  assertEquals(await codeOf(() => resolveEscalation(full, ref, request)), "disk_full");
  // The decision stands: another one comes too late.
  assertEquals(
    await codeOf(() => resolveEscalation(world.carrel, ref, { decision: "OVERRIDE" })),
    "wrong_state",
  );
  const { op, decided_at } = await resolveEscalation(world.carrel, ref, request);
  assertEquals(op.changed, true);
  assertEquals(await decisionOf(world, ref), {
    ...request,
    request: sha256Hex(TEXT),
    proposal: null,
    decided_at,
  });
  assertEquals((await state.escalation.getDecisions()).length, 1);
});

Deno.test("a decision whose process died before the agent could read it is left by the next change of the task", async () => {
  const world = await newAskingWorld();
  const { carrel, ref, state } = world;
  const { op } = await resolveEscalation(carrel, ref, { decision: "OVERRIDE", note: "go" });
  const before = await decisionOf(world, ref);
  await world.host.files.removeFile(`${placesOf(ref).dir}/agent-config/decision.yml`);
  // As the store is when a process dies between the two writes.
  const unfinished = {
    verb: "escalation resolve",
    project: "demo",
    task: ref.id,
    args: {},
    process: null,
    notes: {},
  };
  await state.lifecycle.recordTransition(op.id, "CLOSED", "ACTIVE");
  await state.saga.markDirty(op.id, "write decision", JSON.stringify(unfinished));
  await renameTask(carrel, ref, "other");
  assertEquals(await decisionOf(world, ref), before);
  assertEquals(await state.saga.getDirtyFlows(), []);
});

Deno.test("resolveEscalation() writes nothing in a dry run", async () => {
  const { carrel, ref, host, state } = await newAskingWorld();
  const before = dataOf(host);
  const { op } = await resolveEscalation(carrel, ref, { decision: "ABORT" }, { dryRun: true });
  assertEquals([op.changed, dataOf(host), await state.escalation.getRequest(`demo/${ref.id}`)], [
    true,
    before,
    null,
  ]);
});

Deno.test("resolveEscalation() makes no state store in a dry run", async () => {
  const { ref, open } = await newAskingWorld();
  let opened = 0;
  const carrel = await open();
  const blind = {
    ...carrel,
    existingState: () => Promise.resolve(null),
    state: () => (opened++, carrel.state()),
  };
  const { op } = await resolveEscalation(blind, ref, { decision: "ABORT" }, { dryRun: true });
  assertEquals([op.changed, opened], [true, 0]);
  const asksNothing = { dryRun: true };
  await blind.host.files.removeFile(`${placesOf(ref).dir}/agent-config/escalation.yml`);
  const code = await codeOf(() => resolveEscalation(blind, ref, { decision: "ABORT" }, asksNothing));
  assertEquals([code, opened], ["wrong_state", 0]);
});

Deno.test("what the task has put where the decision comes is replaced, never written through", async () => {
  const world = await newAskingWorld();
  const { carrel, ref, host } = world;
  const path = `${placesOf(ref).dir}/agent-config/decision.yml`;
  host.files.put("/precious", "letter");
  host.files.symlink("/precious", path);
  await resolveEscalation(carrel, ref, { decision: "ABORT" });
  assertEquals([await host.files.readText("/precious"), (await host.files.info(path))?.kind], [
    "letter",
    "file",
  ]);
});
