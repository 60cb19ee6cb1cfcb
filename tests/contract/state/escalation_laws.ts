/**
 * Laws of questions to a human.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import type { EscalationStorage } from "../../../core/state/contracts/escalation.ts";
import { formatStamp } from "../../../core/state/stamp.ts";
import { assertRefused, atOnce, LONE_SURROGATE, STAMP } from "./law_checks.ts";
import type { StateLaw } from "./state_suite.ts";

const HOUR_MS = 3_600_000;
const BUDGET = { maxRequests: 2, windowMs: HOUR_MS };
const RESOLVED_AT = "2026-02-03T04:05:06.789000+00:00";

/** Registers them. */
export function escalationLaws(law: StateLaw): void {
  law("a question waits until it is resolved", async ({ bundle, turn }) => {
    await bundle().escalation.insertRequest("flow", "alice", "why", '{"c":1}', '{"p":[1]}', "HIGH");
    await turn();
    const [row, ...others] = await bundle().escalation.getPendingRequests();
    assertEquals(others, []);
    assertMatch(row?.created_at ?? "", STAMP);
    assertEquals({ ...row, created_at: "" }, {
      dfid: "flow",
      agent_id: "alice",
      reason: "why",
      context: { c: 1 },
      proposal: { p: [1] },
      impact: "HIGH",
      request_id: null,
      created_at: "",
      seq: 1,
    });
    assertEquals(await bundle().escalation.resolveRequest("flow", RESOLVED_AT, "OVERRIDE", null), true);
    await turn();
    assertEquals(await bundle().escalation.getPendingRequests(), []);
    const request = await bundle().escalation.getRequest("flow");
    assertEquals([request?.status, request?.human_decision, request?.resolved_at, request?.proposal], [
      "RESOLVED",
      "OVERRIDE",
      "2026-02-03T04:05:06.789000Z",
      { p: [1] },
    ]);
  });

  law("an unknown flow has no question, no decision, and cannot be resolved", async ({ bundle }) => {
    const { escalation } = bundle();
    assertEquals(await escalation.getRequest("nobody"), null);
    assertEquals(await escalation.getDecisions("nobody"), []);
    assertEquals(await escalation.resolveRequest("nobody", RESOLVED_AT, "ABORT", "{}"), false);
    assertEquals(await escalation.getDecisions(), []);
  });

  law("E05 D7 the window includes its edge, to the microsecond", async ({ bundle, clock, turn }) => {
    const { escalation } = bundle();
    await ask(escalation, "flow", "alice");
    await turn();
    const [row] = await bundle().escalation.getPendingRequests();
    const edge = row?.created_at ?? "";
    assertEquals(await bundle().escalation.getWindowCount("alice", edge), 1);
    const later = formatStamp(Date.parse(edge) * 1000 + Number(edge.slice(23, 26)) + 1);
    assertEquals(await bundle().escalation.getWindowCount("alice", later), 0);
    assertEquals(await bundle().escalation.getWindowCount("bob", edge), 0);
    await clock.advance(1000);
    await bundle().escalation.recordBudgetToken("alice");
    assertEquals(await bundle().escalation.getWindowCount("alice", edge), 2);
    assertEquals(await bundle().escalation.getWindowCount("alice", later), 1);
  });

  law("E06 D7 B18 a time is understood in every form", async ({ bundle, clock }) => {
    const { escalation } = bundle();
    for (let count = 0; count < 3; count++) await escalation.recordBudgetToken("alice");
    const now = formatStamp(clock.peekMicros() - 60_000_000);
    const [day, time] = [now.slice(0, 10), now.slice(11, 19)];
    const hour = String((Number(time.slice(0, 2)) + 2) % 24).padStart(2, "0");
    const nextDay = formatStamp(clock.peekMicros() + 7_140_000_000).slice(0, 10);
    const forms = [
      `${day} ${time}`,
      `${day}T${time}`,
      `${day}T${time}Z`,
      `${day} ${time}.5Z`,
      `${day}T${time}+00:00`,
    ];
    for (const since of [...forms, `${nextDay}T${hour}${time.slice(2)}+02:00`]) {
      assertEquals(await escalation.getWindowCount("alice", since), 3, since);
    }
    for (const since of ["", "yesterday", "2026-13-01 00:00:00", "2026-01-01"]) {
      await assertRefused(() => escalation.getWindowCount("alice", since));
    }
  });

  law("D7 a time too far away to be exact is refused, and everything stays readable", async ({ bundle }) => {
    const { escalation } = bundle();
    await escalation.insertRequest("flow", "alice", "", "{}", "{}", "");
    for (const time of ["9999-12-31 23:59:59", "0001-01-01T00:00:00Z"]) {
      await assertRefused(() => escalation.getWindowCount("alice", time));
      await assertRefused(() => escalation.resolveRequest("flow", time, "ABORT", null));
    }
    assertEquals((await escalation.getRequest("flow"))?.status, "PENDING");
    await escalation.resolveRequest("flow", "2255-01-01 00:00:00", "ABORT", null);
    assertEquals((await escalation.getRequest("flow"))?.resolved_at, "2255-01-01T00:00:00.000000Z");
  });

  law(
    "E02 a question beyond the budget is not granted, and nothing is written",
    async ({ bundle, clock, turn }) => {
      const { escalation } = bundle();
      assertEquals(await ask(escalation, "one", "alice"), "granted");
      assertEquals(await ask(escalation, "two", "alice"), "granted");
      await turn();
      assertEquals(await ask(bundle().escalation, "three", "alice"), "exhausted");
      assertEquals(await ask(bundle().escalation, "one", "alice"), "exhausted");
      assertEquals(await ask(bundle().escalation, "four", "bob"), "granted");
      const waiting = await bundle().escalation.getPendingRequests();
      assertEquals(waiting.map(({ dfid }) => dfid), ["one", "two", "four"]);
      await clock.advance(HOUR_MS + 1);
      assertEquals(await ask(bundle().escalation, "three", "alice"), "granted");
      assertEquals(await bundle().escalation.getWindowCount("alice", "1970-01-01 00:00:00"), 3);
    },
  );

  law("E07 B3 questions asked at once are granted exactly up to the budget", async ({ bundle }) => {
    const { escalation } = bundle();
    const answers = await atOnce(8, (index) => ask(escalation, `flow ${index}`, "alice"));
    assertEquals(answers.filter((answer) => answer === "granted").length, 2);
    assertEquals((await escalation.getPendingRequests()).length, 2);
    assertEquals(await escalation.getWindowCount("alice", "1970-01-01 00:00:00"), 2);
  });

  law("a token has the time of its question, but never a later one than now", async ({ bundle, clock }) => {
    const { escalation } = bundle();
    const now = clock.peekMicros();
    await ask(escalation, "past", "alice", { atMicros: now - 60_000_000 });
    await ask(escalation, "future", "alice", { atMicros: now + 60_000_000 });
    assertEquals((await escalation.getRequest("past"))?.created_at, formatStamp(now - 60_000_000));
    assertEquals(await escalation.getWindowCount("alice", formatStamp(now)), 1);
    assertEquals(await escalation.getWindowCount("alice", formatStamp(now + 1_000_000)), 0);
  });

  law("who claims to have asked earlier is not granted more", async ({ bundle, clock }) => {
    const { escalation } = bundle();
    const past = clock.peekMicros() - 10 * HOUR_MS * 1000;
    await ask(escalation, "one", "alice");
    await ask(escalation, "two", "alice");
    assertEquals(await ask(escalation, "three", "alice", { atMicros: past }), "exhausted");
  });

  law("a question with a known request id is not asked again, decided or not", async ({ bundle, turn }) => {
    const { escalation } = bundle();
    const asked = (requestId: string) => ask(bundle().escalation, "flow", "alice", {}, requestId);
    assertEquals(await asked("hash 1"), "granted");
    assertEquals(await asked("hash 1"), "known");
    await escalation.resolveRequest("flow", RESOLVED_AT, "ABORT", null);
    await turn();
    assertEquals(await asked("hash 1"), "known");
    assertEquals((await bundle().escalation.getRequest("flow"))?.status, "RESOLVED");
    assertEquals(await asked("hash 2"), "granted");
    await turn();
    assertEquals(await asked("hash 1"), "known");
    assertEquals((await bundle().escalation.getRequest("flow"))?.request_id, "hash 2");
    assertEquals(await bundle().escalation.getWindowCount("alice", "1970-01-01 00:00:00"), 2);
    const decided = await bundle().escalation.getDecisions("flow");
    assertEquals(decided.map(({ request_id }) => request_id), ["hash 1"]);
  });

  law("E08 B8 asking again opens the question and keeps the decision", async ({ bundle, turn }) => {
    const { escalation } = bundle();
    await escalation.insertRequest("flow", "alice", "one", "{}", "{}", "LOW");
    await escalation.resolveRequest("flow", RESOLVED_AT, "ABORT", null);
    await escalation.insertRequest("flow", "bob", "two", "{}", "{}", "HIGH");
    await turn();
    const request = await bundle().escalation.getRequest("flow");
    assertEquals([request?.agent_id, request?.status, request?.human_decision, request?.resolved_at], [
      "bob",
      "PENDING",
      null,
      null,
    ]);
    const decisions = await bundle().escalation.getDecisions("flow");
    assertEquals(decisions.map(({ agent_id, decision }) => [agent_id, decision]), [["alice", "ABORT"]]);
  });

  law(
    "E09 D6 B8 each decision is kept, and an empty proposal keeps the stored one",
    async ({ bundle, turn }) => {
      const { escalation } = bundle();
      await escalation.insertRequest("flow", "alice", "why", "", '{"p":1}', "LOW");
      await escalation.resolveRequest("flow", "2026-01-01 00:00:00", "OVERRIDE", "");
      await escalation.resolveRequest("flow", "2026-01-02T00:00:00+02:00", "MODIFY", '{"p":2}');
      await escalation.resolveRequest("flow", "2026-01-03T00:00:00Z", "ABORT", null);
      await turn();
      const decisions = await bundle().escalation.getDecisions("flow");
      assertEquals(
        decisions.map(({ decision, proposal, resolved_at }) => [decision, proposal, resolved_at]),
        [
          ["OVERRIDE", { p: 1 }, "2026-01-01T00:00:00.000000Z"],
          ["MODIFY", { p: 2 }, "2026-01-01T22:00:00.000000Z"],
          ["ABORT", { p: 2 }, "2026-01-03T00:00:00.000000Z"],
        ],
      );
      const request = await bundle().escalation.getRequest("flow");
      assertEquals([request?.human_decision, request?.proposal, request?.context], ["ABORT", { p: 2 }, {}]);
    },
  );

  law(
    "D4 questions keep the place of the flow's first; pages follow each other",
    async ({ bundle, turn }) => {
      const { escalation } = bundle();
      for (const dfid of ["z", "10", "9", "z"]) {
        await escalation.insertRequest(
          dfid,
          "a",
          "r",
          "{}",
          "{}",
          "LOW",
        );
      }
      await turn();
      const first = await bundle().escalation.getPendingRequests({ limit: 2 });
      assertEquals(first.map(({ dfid }) => dfid), ["z", "10"]);
      const rest = await bundle().escalation.getPendingRequests({ after: first.at(-1)?.seq ?? 0 });
      assertEquals(rest.map(({ dfid }) => dfid), ["9"]);
      for (const dfid of ["9", "z"]) {
        await bundle().escalation.resolveRequest(
          dfid,
          RESOLVED_AT,
          "ABORT",
          null,
        );
      }
      const decisions = await bundle().escalation.getDecisions();
      assertEquals(decisions.map(({ dfid }) => dfid), ["9", "z"]);
      const later = await bundle().escalation.getDecisions(undefined, {
        after: decisions[0]?.seq ?? 0,
        limit: 5,
      });
      assertEquals(later.map(({ dfid }) => dfid), ["z"]);
    },
  );

  law(
    "a decision that means another question, or one that is decided, is not made",
    async ({ bundle, turn }) => {
      const asked = (requestId: string) => ask(bundle().escalation, "flow", "alice", {}, requestId);
      const decide = (requestId: string) =>
        bundle().escalation.resolveRequest("flow", RESOLVED_AT, "ABORT", null, { requestId });
      await asked("hash 1");
      await asked("hash 2");
      assertEquals([await decide("hash 1"), (await bundle().escalation.getRequest("flow"))?.status], [
        false,
        "PENDING",
      ]);
      await turn();
      assertEquals([await decide("hash 2"), await decide("hash 2")], [true, false]);
      assertEquals((await bundle().escalation.getDecisions()).map(({ request_id }) => request_id), [
        "hash 2",
      ]);
    },
  );

  law("E10 D10 a question that cannot be stored is refused, and takes no token", async ({ bundle }) => {
    const { escalation } = bundle();
    await assertRefused(() => escalation.insertRequest("flow", "alice", "r", "{", "{}", "LOW"));
    await assertRefused(() => escalation.insertRequest("flow", "alice", "r", "{}", "NaN", "LOW"));
    await assertRefused(() => ask(escalation, LONE_SURROGATE, "alice"));
    await assertRefused(() => ask(escalation, "flow", "alice", { windowMs: NaN }));
    await escalation.insertRequest("flow", "alice", "r", "{}", "{}", "LOW");
    await assertRefused(() => escalation.resolveRequest("flow", RESOLVED_AT, "MODIFY", "{"));
    await assertRefused(() => escalation.resolveRequest("flow", "soon", "MODIFY", "{}"));
    assertEquals(await escalation.getWindowCount("alice", "1970-01-01 00:00:00"), 0);
    assertEquals((await escalation.getRequest("flow"))?.status, "PENDING");
  });

  law("D5 what is returned is a copy", async ({ bundle }) => {
    const { escalation } = bundle();
    await escalation.insertRequest("flow", "alice", "r", '{"a":[1]}', '{"b":[1]}', "LOW");
    const [row] = await escalation.getPendingRequests();
    Object.assign(row?.context ?? {}, { a: 0 });
    Object.assign(row?.proposal ?? {}, { b: 0 });
    const [again] = await escalation.getPendingRequests();
    assertEquals([again?.context, again?.proposal], [{ a: [1] }, { b: [1] }]);
  });

  law("B14 retention removes old tokens and what was resolved long ago, never what waits", async (bench) => {
    const { escalation } = bench.bundle();
    await ask(escalation, "done", "alice");
    await ask(escalation, "waits", "alice");
    const now = () => formatStamp(bench.clock.nowMicros());
    await escalation.resolveRequest("done", now(), "ABORT", null);
    await bench.clock.advance(1000);
    const before = bench.clock.nowMicros();
    await ask(escalation, "new", "bob");
    await escalation.resolveRequest("new", now(), "ABORT", null);
    assertEquals(await escalation.prune(before), 4);
    await bench.turn();
    const left = bench.bundle().escalation;
    assertEquals(await left.getRequest("done"), null);
    assertEquals((await left.getPendingRequests()).map(({ dfid }) => dfid), ["waits"]);
    assertEquals((await left.getDecisions()).map(({ dfid }) => dfid), ["new"]);
    assertEquals(await left.getWindowCount("alice", "1970-01-01 00:00:00"), 0);
    assertEquals(await left.getWindowCount("bob", "1970-01-01 00:00:00"), 1);
  });
}

function ask(
  escalation: EscalationStorage,
  dfid: string,
  agentId: string,
  options: { atMicros?: number; windowMs?: number } = {},
  requestId: string | null = null,
) {
  const request = {
    dfid,
    agentId,
    reason: "r",
    contextJson: "{}",
    proposalJson: "{}",
    impact: "LOW",
    requestId,
  };
  return escalation.requestWithinBudget(request, { ...BUDGET, ...options });
}
