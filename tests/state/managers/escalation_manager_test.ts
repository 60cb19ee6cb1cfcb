import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import {
  type EscalationDecisionWord,
  EscalationManager,
  type EscalationManagerOptions,
  type EscalationRequestOptions,
} from "../../../core/state/managers/escalation_manager.ts";
import { atOnce, type Scene, testOnBackends } from "./scene.ts";

function managerOf(
  { stores, clock, random }: Scene,
  options: EscalationManagerOptions = {},
): EscalationManager {
  return new EscalationManager({ storage: stores.escalation, clock, random, ...options });
}

const ask = (manager: EscalationManager, dfid: string, options: EscalationRequestOptions = {}) =>
  manager.requestEscalation(dfid, "bot", "unsure", { n: 1 }, { kind: "pay" }, "HIGH_IMPACT", options);

testOnBackends("EscalationManager E1 grants the first request", async (scene) => {
  const manager = managerOf(scene);
  assertEquals(await ask(manager, "df1"), "GRANTED");
  const [pending, ...others] = await manager.getPending();
  assertEquals(others, []);
  assertEquals(
    [pending?.dfid, pending?.agent_id, pending?.reason, pending?.context, pending?.proposal, pending?.impact],
    ["df1", "bot", "unsure", { n: 1 }, { kind: "pay" }, "HIGH_IMPACT"],
  );
});

testOnBackends(
  "EscalationManager E2 refuses what exceeds the budget, and writes nothing of it",
  async (scene) => {
    const manager = managerOf(scene, { maxEscalationsPerHour: 2 });
    const answers = [await ask(manager, "df1"), await ask(manager, "df2"), await ask(manager, "df3")];
    assertEquals(answers, ["GRANTED", "GRANTED", "BUDGET_EXHAUSTED"]);
    assertEquals((await manager.getPending()).map(({ dfid }) => dfid), ["df1", "df2"]);
  },
);

testOnBackends("EscalationManager slides its window", async (scene) => {
  const manager = managerOf(scene, { maxEscalationsPerHour: 1, refillIntervalSec: 60 });
  const answers = [await ask(manager, "df1")];
  await scene.clock.advance(59_000);
  answers.push(await ask(manager, "df2"));
  await scene.clock.advance(1_001);
  answers.push(await ask(manager, "df2"), await ask(manager, "df3"));
  assertEquals(answers, ["GRANTED", "BUDGET_EXHAUSTED", "GRANTED", "BUDGET_EXHAUSTED"]);
});

testOnBackends(
  "EscalationManager E07 B3 parallel requests are granted exactly to the budget",
  async (scene) => {
    const answers = await atOnce(20, (index) => ask(managerOf(scene), `df${index}`));
    assertEquals(answers.filter((answer) => answer === "GRANTED").length, 3);
    assertEquals((await managerOf(scene).getPending()).length, 3);
  },
);

testOnBackends("EscalationManager grants a question it knows without a token", async (scene) => {
  const manager = managerOf(scene, { maxEscalationsPerHour: 1 });
  const question = { requestId: "hash-1" };
  assertEquals([await ask(manager, "df1", question), await ask(manager, "df1", question)], [
    "GRANTED",
    "GRANTED",
  ]);
  assertEquals(await ask(manager, "df1", { requestId: "hash-2" }), "BUDGET_EXHAUSTED");
  assertEquals((await manager.getRequest("df1"))?.request_id, "hash-1");
});

testOnBackends("EscalationManager E3 removes what is resolved from what waits", async (scene) => {
  const manager = managerOf(scene);
  await ask(manager, "df1");
  assertEquals(await manager.resolveEscalation("df1", "OVERRIDE"), true);
  assertEquals(await manager.getPending(), []);
  const request = await manager.getRequest("df1");
  assertEquals([request?.status, request?.human_decision, request?.proposal], ["RESOLVED", "OVERRIDE", {
    kind: "pay",
  }]);
  assertMatch(request?.resolved_at ?? "", /^2026-01-01T00:00:00\.\d{6}Z$/);
});

testOnBackends("EscalationManager E08 E09 B8 keeps every decision", async (scene) => {
  const manager = managerOf(scene);
  assertEquals(await manager.resolveEscalation("nobody", "ABORT"), false);
  await ask(manager, "df1");
  await manager.resolveEscalation("df1", "MODIFY", { kind: "pay", amount: 1 });
  await manager.resolveEscalation("df1", "ABORT");
  await ask(manager, "df1");
  assertEquals((await manager.getPending()).length, 1);
  await manager.resolveEscalation("df1", "MODIFY");
  const decisions = await manager.getDecisions("df1");
  assertEquals(decisions.map(({ decision, proposal }) => [decision, proposal]), [
    ["MODIFY", { kind: "pay", amount: 1 }],
    ["ABORT", { kind: "pay", amount: 1 }],
    ["MODIFY", { kind: "pay" }],
  ]);
  assertEquals((await manager.getDecisions()).length, 3);
});

testOnBackends("EscalationManager refuses a word that is no decision", async (scene) => {
  const manager = managerOf(scene);
  await ask(manager, "df1");
  for (const word of ["override", "", "RESOLVED"]) {
    const error = await assertRejects(
      () => manager.resolveEscalation("df1", word as EscalationDecisionWord),
      AppError,
    );
    assertEquals(error.code, "invalid_value");
  }
  assertEquals((await manager.getPending()).length, 1);
});

testOnBackends("EscalationManager.requestFromModel() E4 maps severity, policy and trigger", async (scene) => {
  const manager = managerOf(scene);
  const policy = { proposed_action: "refund", justification: "late", confidence: 0.5 };
  const model = { dfid: "df1", agent_id: "bot", trigger: "LATE", severity: "CRITICAL", policy };
  assertEquals(await manager.requestFromModel(model), "GRANTED");
  await manager.requestFromModel({
    dfid: "df2",
    agent_id: "bot",
    trigger: "ODD",
    severity: "LOW",
    context: { a: 1 },
  });
  const pending = await manager.getPending();
  assertEquals(
    pending.map(({ dfid, reason, context, proposal, impact }) => ({
      dfid,
      reason,
      context,
      proposal,
      impact,
    })),
    [
      {
        dfid: "df1",
        reason: "LATE",
        context: {},
        proposal: { kind: "refund", params: {}, justification: "late", confidence: 0.5 },
        impact: "HIGH_IMPACT",
      },
      {
        dfid: "df2",
        reason: "ODD",
        context: { a: 1 },
        proposal: { kind: "escalation", params: { trigger: "ODD" } },
        impact: "LOW_IMPACT",
      },
    ],
  );
});

testOnBackends("EscalationManager B22 writes the audit with the request and the decision", async (scene) => {
  const manager = managerOf(scene, { maxEscalationsPerHour: 1 });
  const audit = (event: string) => ({ audit: { dfid: "df1", event } });
  await ask(manager, "df1", audit("ASKED"));
  await ask(manager, "df2", audit("ASKED IN VAIN"));
  await manager.resolveEscalation("df1", "ABORT", null, audit("DECIDED"));
  await manager.resolveEscalation("none", "ABORT", null, audit("DECIDED IN VAIN"));
  assertEquals((await scene.stores.decisionAudit.eventsForDfid("df1")).map(({ event }) => event), [
    "ASKED",
    "DECIDED",
  ]);
});

Deno.test("EscalationManager refuses to be without a store", () => {
  assertThrows(() => new EscalationManager(null, 3, 3600), AppError, "Provide either");
});
