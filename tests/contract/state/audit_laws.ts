/**
 * Laws of the decision audit.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { auditHash, EMPTY_HEAD, GENESIS_HASH, verifyAuditChain } from "../../../core/state/audit_chain.ts";
import { AuditStore } from "../../../core/state/audit_store.ts";
import { assertRefused, atOnce, LONE_SURROGATE, STAMP } from "./law_checks.ts";
import type { StateLaw } from "./state_suite.ts";

/** Registers them. */
export function auditLaws(law: StateLaw): void {
  law("U01 U02 an event without options has empty texts, no details, and a UTC time", async (bench) => {
    await bench.bundle().decisionAudit.record("flow", "STARTED");
    await bench.turn();
    const [event, ...others] = await bench.bundle().decisionAudit.eventsForDfid("flow");
    assertEquals(others, []);
    assertMatch(event?.timestamp ?? "", STAMP);
    assertEquals({ ...event, timestamp: "", hash: "" }, {
      dfid: "flow",
      event: "STARTED",
      timestamp: "",
      step_id: "",
      state: "",
      details: {},
      seq: 1,
      hash: "",
    });
  });

  law("U03 U04 events are in the order of recording, all together and by flow", async ({ bundle, turn }) => {
    const { decisionAudit } = bundle();
    for (const [index, dfid] of ["b", "a", "b", "10", "9"].entries()) {
      await decisionAudit.record(dfid, `event ${index}`, { stepId: "s", state: "t", details: null });
    }
    await turn();
    const audit = bundle().decisionAudit;
    const events = (await audit.allEventsChronological()).map(({ event }) => event);
    assertEquals(events, ["event 0", "event 1", "event 2", "event 3", "event 4"]);
    const ofB = await audit.eventsForDfid("b");
    assertEquals(ofB.map(({ event, step_id, state }) => [event, step_id, state]), [
      ["event 0", "s", "t"],
      ["event 2", "s", "t"],
    ]);
    assertEquals(await audit.eventsForDfid("nobody"), []);
  });

  law("U05 D5 details make a JSON round trip and are copies", async ({ bundle }) => {
    const { decisionAudit } = bundle();
    const details = { at: new Date(0), inner: { list: [1] }, text: "ż\u0000😀" };
    await decisionAudit.record("flow", "X", { details });
    details.inner.list.push(2);
    const [event] = await decisionAudit.allEventsChronological();
    const kept = { at: "1970-01-01 00:00:00+00:00", inner: { list: [1] }, text: "ż\u0000😀" };
    assertEquals(event?.details, kept);
    Object.assign(event?.details ?? {}, { inner: null });
    assertEquals((await decisionAudit.allEventsChronological())[0]?.details, kept);
  });

  law("an event that cannot be stored is refused, and the chain stays", async ({ bundle }) => {
    const { decisionAudit } = bundle();
    await assertRefused(() => decisionAudit.record(LONE_SURROGATE, "X"));
    await assertRefused(() => decisionAudit.record("flow", "X", { details: { n: NaN } }));
    await assertRefused(() => decisionAudit.record("flow", "X", { details: { f: () => 1 } }));
    assertEquals(await decisionAudit.head(), EMPTY_HEAD);
  });

  law("B15 pages follow each other without gap or repeat", async ({ bundle }) => {
    const { decisionAudit } = bundle();
    for (let index = 0; index < 7; index++) await decisionAudit.record(index % 2 ? "odd" : "even", "X");
    const seen: number[] = [];
    for (let after = 0;;) {
      const page = await decisionAudit.allEventsChronological({ limit: 3, after });
      seen.push(...page.map(({ seq }) => seq));
      if (page.length < 3) break;
      after = page.at(-1)?.seq ?? 0;
    }
    assertEquals(seen, [1, 2, 3, 4, 5, 6, 7]);
    const even = await decisionAudit.eventsForDfid("even", { limit: 2, after: 1 });
    assertEquals(even.map(({ seq }) => seq), [3, 5]);
    assertEquals(await decisionAudit.allEventsChronological({ limit: 0 }), []);
    await assertRefused(() => decisionAudit.allEventsChronological({ limit: -1 }));
  });

  law("B22 each hash follows from the event and the hash before it", async ({ bundle, turn }) => {
    assertEquals(await bundle().decisionAudit.head(), EMPTY_HEAD);
    const first = await bundle().decisionAudit.record("flow", "ż", { details: { "\u0000": "\u2028" } });
    await turn();
    const head = await bundle().decisionAudit.record("flow", "second");
    const audit = bundle().decisionAudit;
    const links = await audit.chain();
    const [one, two] = links;
    assertEquals(links.map(({ seq }) => seq), [1, 2]);
    assertEquals(one && auditHash(GENESIS_HASH, one), first.hash);
    assertEquals(two && auditHash(first.hash, two), head.hash);
    assertEquals(await audit.head(), head);
    assertEquals(await audit.checkpoint(), EMPTY_HEAD);
    assertEquals(await verifyAuditChain(audit), { problem: null, head, checked: 2 });
    assertEquals((await audit.allEventsChronological()).map(({ hash }) => hash), [first.hash, head.hash]);
  });

  law("B22 events recorded at once make one chain", async ({ bundle }) => {
    const { decisionAudit } = bundle();
    const heads = await atOnce(50, (index) => decisionAudit.record(`flow ${index}`, "X"));
    assertEquals(new Set(heads.map(({ seq }) => seq)).size, 50);
    const verdict = await verifyAuditChain(decisionAudit, { pageSize: 7 });
    assertEquals([verdict.problem, verdict.checked], [null, 50]);
  });

  law(
    "B14 B22 retention leaves a checkpoint that the chain goes on from",
    async ({ bundle, clock, turn }) => {
      const { decisionAudit } = bundle();
      await decisionAudit.record("flow", "one");
      const second = await decisionAudit.record("flow", "two");
      await clock.advance(1000);
      const before = clock.nowMicros();
      const third = await decisionAudit.record("flow", "three");
      assertEquals([await decisionAudit.prune(before), await decisionAudit.prune(before)], [2, 0]);
      await turn();
      const audit = bundle().decisionAudit;
      assertEquals(await audit.checkpoint(), second);
      assertEquals((await audit.eventsForDfid("flow")).map(({ event }) => event), ["three"]);
      assertEquals(await verifyAuditChain(audit, { head: third }), {
        problem: null,
        head: third,
        checked: 1,
      });
      await clock.advance(1000);
      assertEquals(await audit.prune(clock.nowMicros()), 1);
      assertEquals([await audit.checkpoint(), await audit.head()], [third, third]);
      await turn();
      const fourth = await bundle().decisionAudit.record("flow", "four");
      assertEquals(fourth.seq, 4);
      const verdict = await verifyAuditChain(bundle().decisionAudit, { head: third });
      assertEquals(verdict, { problem: null, head: fourth, checked: 1 });
    },
  );

  law("B14 retention never takes an event out of the middle", async ({ bundle, clock }) => {
    const { decisionAudit } = bundle();
    await decisionAudit.record("flow", "one");
    const before = clock.nowMicros();
    await decisionAudit.record("flow", "two");
    await clock.advance(1000);
    await decisionAudit.record("flow", "three");
    assertEquals(await decisionAudit.prune(before), 1);
    assertEquals((await decisionAudit.chain()).map(({ seq }) => seq), [2, 3]);
  });

  law("U06 the AuditStore puts _dfid into a copy of the result", async ({ bundle }) => {
    const { decisionAudit, idempotency } = bundle();
    const store = new AuditStore(decisionAudit, idempotency);
    const result = { ok: true, _dfid: "spoofed" };
    await store.saveIdempotentResult("key", "flow", result);
    assertEquals(result, { ok: true, _dfid: "spoofed" });
    assertEquals(await store.getIdempotentResult("key"), { ok: true, _dfid: "flow" });
    await store.record("flow", "X", { stepId: "s" });
    await store.close();
    assertEquals((await store.eventsForDfid("flow")).length, 1);
    assertEquals((await store.allEventsChronological({ after: 1 })).length, 0);
  });
}
