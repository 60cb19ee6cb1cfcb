/** Tests of registering agents and of what operators decide about them. @module */
import { assertEquals, assertRejects } from "@std/assert";
import { registerAgent } from "../../core/engine/register_agent.ts";
import { setAgentStatus } from "../../core/engine/set_agent_status.ts";
import { AppError } from "../../core/error.ts";
import { findAgent } from "../../core/query/agents.ts";
import { newAgent, newWorld } from "../support/world.ts";

const REQUEST = { version: "1.0", contract: { schema: {} }, priority: 0 };

async function failureOf(run: () => Promise<unknown>): Promise<[string, unknown]> {
  const { code, details } = await assertRejects(run, AppError);
  return [code, details["reason"]];
}

Deno.test("registerAgent() registers, replaces what was said before, and tells the audit", async () => {
  const { carrel, state } = await newWorld();
  const { op } = await registerAgent(carrel, "codex", REQUEST);
  await registerAgent(carrel, "codex", { version: "1.7", contract: {}, priority: -3 });
  const { agent_version, contract, priority, status } = await findAgent(state, "codex");
  assertEquals([agent_version, contract, priority, status], ["1.7", {}, -3, "ACTIVE"]);
  const events = await state.decisionAudit.eventsForDfid(op.id);
  assertEquals(events.map(({ event }) => event), [
    "operation.begun",
    "operation.step",
    "agent.registered",
    "operation.ended",
  ]);
  assertEquals(JSON.stringify(await state.decisionAudit.allEventsChronological()).includes("token"), false);
});

Deno.test("registerAgent() refuses versions, names, and agents that are not active; nothing is written", async () => {
  const { carrel, state } = await newWorld();
  const register = (name: string, version = "1.0") => () =>
    registerAgent(carrel, name, { ...REQUEST, version });
  assertEquals(await failureOf(register("codex", "2.0")), ["wrong_state", "VERSION_MISMATCH"]);
  assertEquals(await failureOf(register("No!")), ["invalid_value", undefined]);
  await newAgent(carrel);
  await setAgentStatus(carrel, "codex", "suspend", "why");
  assertEquals(await failureOf(register("codex")), ["wrong_state", "SUSPENDED"]);
  await setAgentStatus(carrel, "codex", "retire");
  assertEquals(await failureOf(register("codex")), ["wrong_state", "RETIRED"]);
  assertEquals((await state.agentRegistry.listAgents()).length, 1);
});

Deno.test("setAgentStatus() changes once, and only where there is a change", async () => {
  const { carrel, state } = await newWorld();
  await newAgent(carrel);
  const change = async (...args: ["suspend" | "activate" | "retire", string?]) =>
    (await setAgentStatus(carrel, "codex", ...args)).op.changed;
  assertEquals([await change("activate"), await change("suspend", "a")], [false, true]);
  assertEquals([await change("suspend", "a"), await change("suspend", "b")], [false, true]);
  assertEquals((await findAgent(state, "codex")).suspension_reason, "b");
  assertEquals([await change("activate"), (await findAgent(state, "codex")).suspension_reason], [true, null]);
  assertEquals([await change("retire"), await change("retire")], [true, false]);
  assertEquals(await failureOf(() => change("suspend")), ["wrong_state", undefined]);
  assertEquals(await failureOf(() => setAgentStatus(carrel, "nobody", "retire")), [
    "agent_not_found",
    undefined,
  ]);
});

Deno.test("a dry run registers and changes nothing", async () => {
  const { carrel, state } = await newWorld();
  await registerAgent(carrel, "codex", REQUEST, { dryRun: true });
  assertEquals(await state.agentRegistry.listAgents(), []);
  await newAgent(carrel);
  const { op } = await setAgentStatus(carrel, "codex", "retire", null, { dryRun: true });
  assertEquals([op.changed, (await findAgent(state, "codex")).status], [true, "ACTIVE"]);
});
