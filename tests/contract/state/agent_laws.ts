/**
 * Laws of the registry of agents.
 *
 * @module
 */
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { assertRefused, LONE_SURROGATE, STAMP } from "./law_checks.ts";
import type { StateLaw } from "./state_suite.ts";

const ALICE = {
  agentId: "alice",
  contractJson: '{"a":1}',
  priority: 5,
  agentVersion: "1.2",
  sessionToken: "t",
};

/** Registers them. */
export function agentLaws(law: StateLaw): void {
  law("A01 an unknown agent is null, and cannot be updated", async ({ bundle }) => {
    const { agentRegistry } = bundle();
    assertEquals(await agentRegistry.getAgent("nobody"), null);
    assertEquals(await agentRegistry.getStatus("nobody"), null);
    assertEquals(await agentRegistry.updateStatus("nobody", "ACTIVE", null), false);
    assertEquals(await agentRegistry.listAgents(), []);
  });

  law("A02 an agent reads as it was written, with exactly six fields", async ({ bundle, turn }) => {
    await bundle().agentRegistry.upsertAgent("alice", '{"tools":["a"],"n":1.5}', 5, "ACTIVE", "1.2", null);
    await turn();
    assertEquals(await bundle().agentRegistry.getAgent("alice"), {
      agent_id: "alice",
      contract: { tools: ["a"], n: 1.5 },
      priority: 5,
      status: "ACTIVE",
      agent_version: "1.2",
      session_token: null,
    });
  });

  law("A03 D1 writing an agent again replaces it but keeps the reason of its suspension", async (bench) => {
    const { agentRegistry } = bench.bundle();
    await agentRegistry.upsertAgent("alice", "{}", 1, "ACTIVE", "1.0", "old");
    await agentRegistry.updateStatus("alice", "SUSPENDED", "misbehaved");
    await agentRegistry.upsertAgent("alice", '{"v":2}', 2, "ACTIVE", null, "new");
    await bench.turn();
    const agents = bench.bundle().agentRegistry;
    assertEquals(await agents.getStatus("alice"), { status: "ACTIVE", suspension_reason: "misbehaved" });
    assertEquals(await agents.getAgent("alice"), {
      agent_id: "alice",
      contract: { v: 2 },
      priority: 2,
      status: "ACTIVE",
      agent_version: null,
      session_token: "new",
    });
  });

  law("A04 only agents whose status is exactly ACTIVE are listed as active", async ({ bundle }) => {
    const { agentRegistry } = bundle();
    for (const status of ["ACTIVE", "active", "ACTIVE ", "SUSPENDED"]) {
      await agentRegistry.upsertAgent(`agent ${status}`, "{}", 0, status, null, null);
    }
    assertEquals(await agentRegistry.listActiveAgents(), ["agent ACTIVE"]);
  });

  law("A05 D4 agents are in the order of their first registration", async ({ bundle, turn }) => {
    const { agentRegistry } = bundle();
    for (const id of ["zoe", "10", "9", "adam", "zoe", "9"]) {
      await agentRegistry.upsertAgent(id, "{}", 0, "ACTIVE", null, null);
    }
    await turn();
    assertEquals(await bundle().agentRegistry.listActiveAgents(), ["zoe", "10", "9", "adam"]);
    const ids = (await bundle().agentRegistry.listAgents()).map(({ agent_id }) => agent_id);
    assertEquals(ids, ["zoe", "10", "9", "adam"]);
  });

  law("A06 D5 what is returned is a copy", async ({ bundle }) => {
    const { agentRegistry } = bundle();
    await agentRegistry.upsertAgent("alice", '{"list":[]}', 0, "ACTIVE", null, null);
    const first = await agentRegistry.getAgent("alice");
    Object.assign(first ?? {}, { status: "HACKED" });
    Object.assign(first?.contract ?? {}, { list: ["x"] });
    const second = await agentRegistry.getAgent("alice");
    assertEquals([second?.status, second?.contract], ["ACTIVE", { list: [] }]);
  });

  law("D9 D10 a contract is any JSON or empty, and nothing else", async ({ bundle }) => {
    const { agentRegistry } = bundle();
    const stored: [text: string, value: unknown][] = [["", {}], ["7", 7], ["1e3", 1000], ["null", null], [
      '"x"',
      "x",
    ]];
    for (const [text, value] of stored) {
      await agentRegistry.upsertAgent("alice", text, 0, "ACTIVE", null, null);
      assertEquals((await agentRegistry.getAgent("alice"))?.contract, value);
    }
    for (const text of ["{", "NaN", "{'a':1}", " "]) {
      await assertRefused(() => agentRegistry.upsertAgent("bob", text, 0, "ACTIVE", null, null));
    }
    assertEquals(await agentRegistry.getAgent("bob"), null);
  });

  law("an agent with half a character or a broken priority is refused", async ({ bundle }) => {
    const { agentRegistry } = bundle();
    await assertRefused(() => agentRegistry.upsertAgent(LONE_SURROGATE, "{}", 0, "ACTIVE", null, null));
    await assertRefused(() => agentRegistry.upsertAgent("bob", "{}", 0.5, "ACTIVE", null, null));
    await assertRefused(() => agentRegistry.updateStatus("bob", LONE_SURROGATE, null));
    assertEquals(await agentRegistry.listAgents(), []);
  });

  law("a status is set with its reason, and null clears the reason", async ({ bundle, turn }) => {
    const { agentRegistry } = bundle();
    await agentRegistry.upsertAgent("alice", "{}", 0, "ACTIVE", null, null);
    assertEquals(await agentRegistry.updateStatus("alice", "SUSPENDED", "why"), true);
    await turn();
    assertEquals(await bundle().agentRegistry.getStatus("alice"), {
      status: "SUSPENDED",
      suspension_reason: "why",
    });
    await bundle().agentRegistry.updateStatus("alice", "ACTIVE", null);
    assertEquals(await bundle().agentRegistry.getStatus("alice"), {
      status: "ACTIVE",
      suspension_reason: null,
    });
  });

  law(
    "B6 a registration is accepted for new and active agents, and writes nothing for others",
    async (bench) => {
      const { agentRegistry } = bench.bundle();
      assertEquals(await agentRegistry.registerUnlessBarred(ALICE), null);
      assertEquals(await agentRegistry.registerUnlessBarred({ ...ALICE, priority: 6 }), {
        status: "ACTIVE",
        suspension_reason: null,
      });
      assertEquals((await agentRegistry.getAgent("alice"))?.priority, 6);
      await agentRegistry.updateStatus("alice", "SUSPENDED", "why");
      const before = await agentRegistry.listAgents();
      const barred = { status: "SUSPENDED", suspension_reason: "why" };
      assertEquals(await agentRegistry.registerUnlessBarred({ ...ALICE, sessionToken: "mine" }), barred);
      await bench.turn();
      assertEquals(await bench.bundle().agentRegistry.listAgents(), before);
    },
  );

  law("a status changes only from where it is expected", async ({ bundle }) => {
    const { agentRegistry } = bundle();
    await agentRegistry.upsertAgent("alice", "{}", 0, "SUSPENDED", null, null);
    const change = (from: string[]) => agentRegistry.changeStatus("alice", from, "ACTIVE", null);
    assertEquals(await change(["RETIRED"]), { changed: false, status: "SUSPENDED" });
    assertEquals(await change(["RETIRED", "SUSPENDED"]), { changed: true, status: "ACTIVE" });
    assertEquals(await agentRegistry.changeStatus("nobody", ["ACTIVE"], "X", null), {
      changed: false,
      status: null,
    });
  });

  law("a listing has times, and pages that follow each other", async ({ bundle, clock }) => {
    const { agentRegistry } = bundle();
    for (const id of ["a", "b", "c"]) await agentRegistry.upsertAgent(id, "{}", 0, "ACTIVE", null, null);
    await clock.advance(1000);
    await agentRegistry.updateStatus("a", "SUSPENDED", "why");
    const [first, second] = await agentRegistry.listAgents({ limit: 2 });
    assertEquals([first?.agent_id, first?.suspension_reason, second?.agent_id], ["a", "why", "b"]);
    assertMatch(first?.registered_at ?? "", STAMP);
    assertNotEquals(first?.registered_at, first?.updated_at);
    assertEquals(second?.registered_at, second?.updated_at);
    const rest = await agentRegistry.listAgents({ after: second?.seq ?? 0 });
    assertEquals(rest.map(({ agent_id }) => agent_id), ["c"]);
    await assertRefused(() => agentRegistry.listAgents({ limit: -1 }));
    await assertRefused(() => agentRegistry.listAgents({ after: 0.5 }));
  });
}
