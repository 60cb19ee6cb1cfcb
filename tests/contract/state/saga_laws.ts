/**
 * Laws of dirty flows.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertRefused, atOnce, LONE_SURROGATE, STAMP } from "./law_checks.ts";
import type { StateLaw } from "./state_suite.ts";

const MINE = { owner: "me", leaseMs: 1000 };
const THEIRS = { owner: "they", leaseMs: 1000 };

const EVENT = { dfid: "flow", event: "noted" };

/** Registers them. */
export function sagaLaws(law: StateLaw): void {
  law("a marked flow is dirty until it is cleared", async ({ bundle, turn }) => {
    await bundle().saga.markDirty("flow", "pay", '{"paid":[1,2.5]}');
    await turn();
    assertEquals(await bundle().saga.getDirtyFlows(), ["flow"]);
    const { marked_at, ...state } = await bundle().saga.getDirtyState("flow") ?? {};
    assertMatch(marked_at ?? "", STAMP);
    assertEquals(state, {
      failed_step: "pay",
      partial_state: { paid: [1, 2.5] },
      attempts: 0,
      last_outcome: null,
    });
    await bundle().saga.clearDirty("flow");
    assertEquals([await bundle().saga.getDirtyFlows(), await bundle().saga.getDirtyState("flow")], [
      [],
      null,
    ]);
  });

  law("S05 S06 marking again replaces step and state; an empty state reads as {}", async ({ bundle }) => {
    const { saga } = bundle();
    await saga.markDirty("flow", "one", '{"a":1}');
    await saga.markDirty("flow", "two", "");
    const state = await saga.getDirtyState("flow");
    assertEquals([state?.failed_step, state?.partial_state], ["two", {}]);
    assertEquals(await saga.getDirtyFlows(), ["flow"]);
  });

  law("S07 clearing an unknown flow does nothing", async ({ bundle }) => {
    await bundle().saga.clearDirty("nobody");
    assertEquals(await bundle().saga.getDirtyFlows(), []);
  });

  law("S08 D4 dirty flows are in the order of their first mark", async ({ bundle, turn }) => {
    for (const dfid of ["z", "10", "9", "a", "z"]) await bundle().saga.markDirty(dfid, "s", "{}");
    await turn();
    assertEquals(await bundle().saga.getDirtyFlows(), ["z", "10", "9", "a"]);
    await bundle().saga.clearDirty("z");
    await bundle().saga.markDirty("z", "s", "{}");
    assertEquals(await bundle().saga.getDirtyFlows(), ["10", "9", "a", "z"]);
  });

  law("D10 a state that is not JSON is refused", async ({ bundle }) => {
    const { saga } = bundle();
    await assertRefused(() => saga.markDirty("flow", "s", "{"));
    await assertRefused(() => saga.markDirty(LONE_SURROGATE, "s", "{}"));
    assertEquals(await saga.getDirtyFlows(), []);
  });

  law("D5 a returned state is a copy", async ({ bundle }) => {
    const { saga } = bundle();
    await saga.markDirty("flow", "s", '{"a":[1]}');
    Object.assign((await saga.getDirtyState("flow"))?.partial_state ?? {}, { a: null });
    assertEquals((await saga.getDirtyState("flow"))?.partial_state, { a: [1] });
  });

  law("B21 of many who claim a flow at once one gets it", async ({ bundle }) => {
    const { saga } = bundle();
    await saga.markDirty("flow", "s", "{}");
    const claims = await atOnce(
      8,
      (index) => saga.claimCompensation("flow", { owner: `owner ${index}`, leaseMs: 1000 }),
    );
    assertEquals(claims.filter(({ kind }) => kind === "claimed").length, 1);
    assertEquals((await saga.getDirtyState("flow"))?.attempts, 1);
  });

  law("B21 a claim tells what is known, and counts the attempts", async ({ bundle, clock, turn }) => {
    const { saga } = bundle();
    assertEquals(await saga.claimCompensation("flow", MINE), { kind: "clean" });
    await saga.markDirty("flow", "pay", '{"a":1}');
    const claim = await saga.claimCompensation("flow", THEIRS);
    assert(claim.kind === "claimed");
    assertEquals([claim.failed_step, claim.partial_state, claim.attempts], ["pay", { a: 1 }, 1]);
    await turn();
    const busy = await bundle().saga.claimCompensation("flow", MINE);
    assert(busy.kind === "busy");
    assertEquals([busy.owner, busy.attempts], ["they", 1]);
    assertMatch(busy.expires_at, STAMP);
    await clock.advance(1000);
    const second = await bundle().saga.claimCompensation("flow", MINE);
    assert(second.kind === "claimed" && second.attempts === 2);
  });

  law("B21 a worker whose claim was taken over changes nothing", async ({ bundle, clock }) => {
    const { saga } = bundle();
    await saga.markDirty("flow", "s", "{}");
    await saga.claimCompensation("flow", THEIRS);
    await clock.advance(1000);
    await saga.claimCompensation("flow", MINE);
    assertEquals(await saga.finishCompensation("flow", "they", { clear: true, outcome: "late" }), false);
    assertEquals(await saga.renewCompensation("flow", "they", 1000), false);
    assertEquals(await saga.getDirtyFlows(), ["flow"]);
    assertEquals(await saga.finishCompensation("flow", "me", { clear: true, outcome: "ok" }), true);
    assertEquals(await saga.getDirtyFlows(), []);
  });

  law("B21 an attempt that failed leaves its outcome, and the flow free for the next", async (bench) => {
    const { saga } = bench.bundle();
    await saga.markDirty("flow", "s", "{}");
    await saga.claimCompensation("flow", THEIRS);
    assertEquals(await saga.finishCompensation("flow", "they", { clear: false, outcome: "no" }), true);
    await bench.turn();
    const claim = await bench.bundle().saga.claimCompensation("flow", MINE);
    assert(claim.kind === "claimed");
    assertEquals([claim.attempts, claim.last_outcome], [2, "no"]);
  });

  law("B21 who knows to be alone claims at once, and the earlier claim is over", async ({ bundle }) => {
    const { saga } = bundle();
    await saga.markDirty("flow", "pay", "");
    await saga.claimCompensation("flow", THEIRS);
    assertEquals((await saga.claimCompensation("flow", MINE)).kind, "busy");
    const claim = await saga.claimCompensation("flow", { ...MINE, alone: true });
    assert(claim.kind === "claimed" && claim.attempts === 2);
    assertEquals(await saga.finishCompensation("flow", "they", { clear: true, outcome: "late" }), false);
    assertEquals(await saga.finishCompensation("flow", "me", { clear: true, outcome: "done" }), true);
  });

  law("B21 a claim can be renewed", async ({ bundle, clock }) => {
    const { saga } = bundle();
    await saga.markDirty("flow", "s", "{}");
    await saga.claimCompensation("flow", THEIRS);
    await clock.advance(900);
    assertEquals(await saga.renewCompensation("flow", "they", 1000), true);
    await clock.advance(900);
    assertEquals((await saga.claimCompensation("flow", MINE)).kind, "busy");
    assertEquals(await saga.renewCompensation("nobody", "they", 1000), false);
  });

  law("a flow that is marked anew is not cleared by the compensation of the old mark", async ({ bundle }) => {
    const { saga } = bundle();
    await saga.markDirty("flow", "one", "{}");
    await saga.claimCompensation("flow", MINE);
    await saga.markDirty("flow", "two", "{}");
    assertEquals(await saga.finishCompensation("flow", "me", { clear: true, outcome: "ok" }), false);
    const state = await saga.getDirtyState("flow");
    assertEquals([state?.failed_step, state?.attempts], ["two", 0]);
  });

  law(
    "B22 a mark, its end and the event about it are one transaction with a step of a flow",
    async (bench) => {
      const { lifecycle, saga, decisionAudit } = bench.bundle();
      const dirty = { dfid: "flow", failedStep: "make", partialStateJson: '{"made": 1}' };
      await lifecycle.transitionIf("flow", null, "CREATED", { along: { dirty } });
      const refused = { ...dirty, partialStateJson: "{" };
      await assertRefused(() =>
        lifecycle.transitionIf("flow", "CREATED", "ACTIVE", { along: { dirty: refused, audit: EVENT } })
      );
      assertEquals([await lifecycle.getStatus("flow"), (await decisionAudit.head()).seq], ["CREATED", 0]);
      assertEquals((await saga.getDirtyState("flow"))?.failed_step, "make");
      await saga.markDirty("flow", "sell", "", { along: { audit: EVENT } });
      await bench.turn();
      const again = bench.bundle();
      assertEquals((await again.saga.getDirtyState("flow"))?.failed_step, "sell");
      assertEquals((await again.decisionAudit.eventsForDfid("flow")).map(({ event }) => event), ["noted"]);
      await again.lifecycle.transitionIf("flow", "CREATED", "ABORTED", { along: { clean: "flow" } });
      assertEquals(await again.saga.getDirtyFlows(), []);
    },
  );
}
