import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import type { AgentRegistryStorage } from "../../../core/state/contracts/agent_registry.ts";
import { AgentRegistry, type AgentStatusWord } from "../../../core/state/managers/agent_registry.ts";
import { memoryStorage } from "../../../core/state/memory_storage.ts";
import { type Scene, testOnBackends } from "./scene.ts";

const registryOf = ({ stores, random }: Scene) =>
  new AgentRegistry({ storage: stores.agentRegistry, random });

testOnBackends("AgentRegistry.handshake() R1 accepts a compatible version", async (scene) => {
  const registry = registryOf(scene);
  const { accepted, session_token, reason } = await registry.handshake("bot", { role: "r" }, "1.2", 5);
  assertEquals([accepted, reason], [true, null]);
  assertMatch(session_token ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assertEquals(await registry.getAgentContract("bot"), { role: "r" });
  assertEquals(await registry.getAgentPriority("bot"), 5);
  assertEquals(await registry.getAgentStatus("bot"), { status: "ACTIVE", suspension_reason: null });
});

testOnBackends("AgentRegistry.handshake() R2 refuses another version and writes nothing", async (scene) => {
  const registry = registryOf(scene);
  assertEquals(await registry.handshake("bot", {}, "2.0"), {
    accepted: false,
    session_token: null,
    reason: "VERSION_MISMATCH",
  });
  assertEquals(await registry.getAgentContract("bot"), null);
  const second = new AgentRegistry(null, "2.x", { storage: scene.stores.agentRegistry });
  assert((await second.handshake("bot", {}, "2.0")).accepted);
});

testOnBackends("AgentRegistry.getSchema() R3 named, default, none", async (scene) => {
  const registry = registryOf(scene);
  await registry.handshake("bot", { schema: { a: 1 }, schemas: { pay: { b: 2 } } }, "1.0");
  assertEquals(await registry.getSchema("bot"), { a: 1 });
  assertEquals(await registry.getSchema("bot", "pay"), { b: 2 });
  assertEquals(await registry.getSchema("bot", "other"), { a: 1 });
  assertEquals(await registry.getSchema("bot", "toString"), { a: 1 });
  await registry.handshake("bare", {}, "1.0");
  assertEquals([await registry.getSchema("bare"), await registry.getSchema("nobody")], [null, null]);
});

testOnBackends("AgentRegistry.handshake() B6 D1 cannot lift a suspension", async (scene) => {
  const registry = registryOf(scene);
  await registry.handshake("bot", { version: "first" }, "1.0");
  for (const status of ["SUSPENDED", "RETIRED"] as const) {
    assert(await registry.setAgentStatus("bot", status, "too eager"));
    const { accepted, session_token, reason } = await registry.handshake("bot", { version: "second" }, "1.0");
    assertEquals([accepted, session_token, reason], [false, null, status]);
    const error = await assertRejects(() => registry.registerAgent("bot", {}), AppError);
    assertEquals(error.code, "wrong_state");
    assertEquals(await registry.getAgentContract("bot"), { version: "first" });
    assertEquals(await registry.getAgentStatus("bot"), { status, suspension_reason: "too eager" });
  }
});

testOnBackends("AgentRegistry.activate() D1 ends a suspension and clears its reason", async (scene) => {
  const registry = registryOf(scene);
  await registry.handshake("bot", {}, "1.0");
  await registry.setAgentStatus("bot", "SUSPENDED", "too eager");
  assertEquals(await registry.listAgents(), []);
  assert(await registry.activate("bot"));
  assertEquals(await registry.getAgentStatus("bot"), { status: "ACTIVE", suspension_reason: null });
  assert((await registry.handshake("bot", {}, "1.0")).accepted);
});

testOnBackends("AgentRegistry.setAgentStatus() retired is final, unknown agents and words", async (scene) => {
  const registry = registryOf(scene);
  await registry.registerAgent("bot", {}, 1);
  await registry.setAgentStatus("bot", "RETIRED");
  for (const status of ["ACTIVE", "SUSPENDED"] as const) {
    const error = await assertRejects(() => registry.setAgentStatus("bot", status), AppError);
    assertEquals(error.code, "wrong_state");
  }
  assertEquals(await registry.setAgentStatus("nobody", "SUSPENDED"), false);
  const word = "toString" as AgentStatusWord;
  const error = await assertRejects(() => registry.setAgentStatus("bot", word), AppError);
  assertEquals(error.code, "invalid_value");
});

testOnBackends(
  "AgentRegistry.verifySession() B23 knows the latest token of an active agent",
  async (scene) => {
    const registry = registryOf(scene);
    const first = (await registry.handshake("bot", {}, "1.0")).session_token ?? "";
    const second = (await registry.handshake("bot", {}, "1.0")).session_token ?? "";
    const verify = (token: string) => registry.verifySession("bot", token);
    assertEquals([await verify(first), await verify(second)], [false, true]);
    const stored = await scene.stores.agentRegistry.getAgent("bot");
    assertEquals(await verify(stored?.session_token ?? ""), false);
    await registry.setAgentStatus("bot", "SUSPENDED");
    assertEquals([await verify(second), await registry.verifySession("nobody", second)], [false, false]);
  },
);

testOnBackends("AgentRegistry.listAgents() D4 keeps the order of first registration", async (scene) => {
  const registry = registryOf(scene);
  for (const name of ["zoe", "10", "2", "ann", "zoe"]) await registry.handshake(name, {}, "1.0");
  assertEquals(await registry.listAgents(), ["zoe", "10", "2", "ann"]);
});

testOnBackends("AgentRegistry B22 writes the audit with the change, and only with it", async (scene) => {
  const registry = registryOf(scene);
  const audit = { dfid: "df1", event: "AGENT", details: { n: 1 } };
  await registry.handshake("bot", {}, "1.0", 0, { audit });
  await registry.setAgentStatus("bot", "SUSPENDED", null, { audit });
  await registry.handshake("bot", {}, "1.0", 0, { audit });
  await registry.activate("nobody", { audit });
  const events = await scene.stores.decisionAudit.eventsForDfid("df1");
  assertEquals(events.map(({ event, details }) => [event, details]), [["AGENT", { n: 1 }], ["AGENT", {
    n: 1,
  }]]);
});

Deno.test("AgentRegistry refuses no store, and a store that lacks a method", () => {
  assertThrows(() => new AgentRegistry(), AppError, "Provide either");
  const { listActiveAgents: _, ...rest } = methodsOf(memoryStorage().agentRegistry);
  const error = assertThrows(() => new AgentRegistry({ storage: rest as AgentRegistryStorage }), AppError);
  assertEquals([error.code, error.details["missing"]], ["invalid_value", ["listActiveAgents"]]);
});

/** A plain object with the registry's methods, as a custom backend may be. */
function methodsOf(storage: AgentRegistryStorage): AgentRegistryStorage {
  return {
    initSchema: () => storage.initSchema(),
    upsertAgent: (...args) => storage.upsertAgent(...args),
    getAgent: (...args) => storage.getAgent(...args),
    updateStatus: (...args) => storage.updateStatus(...args),
    getStatus: (...args) => storage.getStatus(...args),
    listActiveAgents: () => storage.listActiveAgents(),
    registerUnlessBarred: (...args) => storage.registerUnlessBarred(...args),
    changeStatus: (...args) => storage.changeStatus(...args),
    listAgents: (...args) => storage.listAgents(...args),
  };
}
