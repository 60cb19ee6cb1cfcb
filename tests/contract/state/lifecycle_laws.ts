/**
 * Laws of transitions.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { assertRefused, atOnce, LONE_SURROGATE, STAMP } from "./law_checks.ts";
import type { StateLaw } from "./state_suite.ts";

/** Registers them. */
export function lifecycleLaws(law: StateLaw): void {
  law("L06 L08 a transition is kept as given, from nowhere too", async ({ bundle, turn }) => {
    await bundle().lifecycle.recordTransition("flow", null, "CREATED");
    await bundle().lifecycle.recordTransition("flow", "CREATED", "ACTIVE");
    await turn();
    const rows = await bundle().lifecycle.getTransitions();
    assertEquals(rows.map(({ dfid, from_status, to_status, seq }) => [dfid, from_status, to_status, seq]), [
      ["flow", null, "CREATED", 1],
      ["flow", "CREATED", "ACTIVE", 2],
    ]);
    for (const { created_at } of rows) assertMatch(created_at, STAMP);
  });

  law("L09 transitions are read by flow, all together, and in pages", async ({ bundle }) => {
    const { lifecycle } = bundle();
    for (const dfid of ["b", "a", "b", "10", "9"]) await lifecycle.recordTransition(dfid, null, "X");
    const all = await lifecycle.getTransitions();
    assertEquals(all.map(({ dfid }) => dfid), ["b", "a", "b", "10", "9"]);
    assertEquals((await lifecycle.getTransitions("b")).map(({ seq }) => seq), [1, 3]);
    assertEquals((await lifecycle.getTransitions("b", { after: 1, limit: 1 })).map(({ seq }) => seq), [3]);
    assertEquals((await lifecycle.getTransitions(undefined, { after: 3 })).map(({ seq }) => seq), [4, 5]);
    assertEquals(await lifecycle.getTransitions("nobody"), []);
    await assertRefused(() => lifecycle.getTransitions(undefined, { limit: -1 }));
  });

  law("D5 a returned transition is a copy", async ({ bundle }) => {
    const { lifecycle } = bundle();
    await lifecycle.recordTransition("flow", null, "X");
    Object.assign((await lifecycle.getTransitions())[0] ?? {}, { to_status: "Y" });
    assertEquals((await lifecycle.getTransitions())[0]?.to_status, "X");
  });

  law("B17 a flow stands where its last transition led", async ({ bundle, turn }) => {
    assertEquals(await bundle().lifecycle.getStatus("flow"), null);
    await bundle().lifecycle.recordTransition("flow", "anything", "CLOSED");
    await bundle().lifecycle.recordTransition("flow", null, "CREATED");
    await turn();
    assertEquals(await bundle().lifecycle.getStatus("flow"), "CREATED");
  });

  law("L10 B17 a conditional transition is made only from where the flow is expected", async ({ bundle }) => {
    const { lifecycle } = bundle();
    const none = { moved: false, current: null };
    assertEquals(await lifecycle.transitionIf("flow", "CREATED", "ACTIVE"), none);
    const expected = ["CREATED", null];
    assertEquals(await lifecycle.transitionIf("flow", "CREATED", "ACTIVE", { expected }), {
      ...none,
      moved: true,
    });
    assertEquals(await lifecycle.transitionIf("flow", "CREATED", "ACTIVE", { expected }), {
      moved: false,
      current: "ACTIVE",
    });
    assertEquals(await lifecycle.transitionIf("flow", "ACTIVE", "CLOSED"), {
      moved: true,
      current: "ACTIVE",
    });
    const steps = await lifecycle.getTransitions("flow");
    assertEquals(steps.map(({ from_status, to_status }) => [from_status, to_status]), [
      ["CREATED", "ACTIVE"],
      ["ACTIVE", "CLOSED"],
    ]);
    assertEquals(await lifecycle.transitionIf("new", null, "CREATED"), { moved: true, current: null });
  });

  law("B17 of many who make the same step one succeeds", async ({ bundle }) => {
    const { lifecycle } = bundle();
    await lifecycle.recordTransition("flow", null, "CREATED");
    const results = await atOnce(8, () => lifecycle.transitionIf("flow", "CREATED", "ACTIVE"));
    assertEquals(results.filter(({ moved }) => moved).length, 1);
    assertEquals((await lifecycle.getTransitions("flow")).length, 2);
  });

  law("D4 flows are listed by their first transition, by status, and in pages", async ({ bundle, turn }) => {
    const { lifecycle } = bundle();
    for (const dfid of ["z", "10", "9"]) await lifecycle.recordTransition(dfid, null, "CREATED");
    await lifecycle.recordTransition("z", "CREATED", "ACTIVE");
    await turn();
    const flows = await bundle().lifecycle.listFlows();
    assertEquals(flows.map(({ dfid, status }) => [dfid, status]), [
      ["z", "ACTIVE"],
      ["10", "CREATED"],
      ["9", "CREATED"],
    ]);
    for (const { changed_at } of flows) assertMatch(changed_at, STAMP);
    const listed = async (options: Parameters<typeof lifecycle.listFlows>[0]) =>
      (await bundle().lifecycle.listFlows(options)).map(({ dfid }) => dfid);
    assertEquals(await listed({ statuses: ["CREATED"] }), ["10", "9"]);
    assertEquals(await listed({ statuses: ["ACTIVE", "CREATED"], limit: 2 }), ["z", "10"]);
    assertEquals(await listed({ after: flows[0]?.seq ?? 0, limit: 1 }), ["10"]);
    assertEquals(await listed({ statuses: [] }), []);
  });

  law("flows are listed from the newest back, by status, and in pages", async ({ bundle, turn }) => {
    const { lifecycle } = bundle();
    for (const dfid of ["z", "10", "9"]) await lifecycle.recordTransition(dfid, null, "CREATED");
    await lifecycle.recordTransition("z", "CREATED", "ACTIVE");
    await turn();
    const listed = async (options?: Parameters<typeof lifecycle.listNewestFlows>[0]) =>
      (await bundle().lifecycle.listNewestFlows(options)).map(({ dfid }) => dfid);
    assertEquals(await listed(), ["9", "10", "z"]);
    assertEquals(
      (await bundle().lifecycle.listNewestFlows()).toReversed(),
      await bundle().lifecycle.listFlows(),
    );
    assertEquals(await listed({ statuses: ["CREATED"] }), ["9", "10"]);
    assertEquals(await listed({ statuses: ["ACTIVE", "CREATED"], limit: 2 }), ["9", "10"]);
    const [newest] = await bundle().lifecycle.listNewestFlows({ limit: 1 });
    assertEquals(await listed({ before: newest?.seq ?? 0 }), ["10", "z"]);
    assertEquals(await listed({ before: newest?.seq ?? 0, limit: 1, statuses: ["ACTIVE"] }), ["z"]);
    assertEquals([await listed({ statuses: [] }), await listed({ before: 0 })], [[], []]);
    await assertRefused(() => lifecycle.listNewestFlows({ before: -1 }));
    await assertRefused(() => lifecycle.listNewestFlows({ limit: 0.5 }));
  });

  law("a transition that cannot be stored is refused", async ({ bundle }) => {
    const { lifecycle } = bundle();
    await assertRefused(() => lifecycle.recordTransition(LONE_SURROGATE, null, "X"));
    await assertRefused(() => lifecycle.recordTransition("flow", LONE_SURROGATE, "X"));
    await assertRefused(() => lifecycle.transitionIf("flow", null, LONE_SURROGATE));
    assertEquals([await lifecycle.getTransitions(), await lifecycle.listFlows()], [[], []]);
  });

  law(
    "B14 retention forgets flows that have come to rest, with their steps",
    async ({ bundle, clock, turn }) => {
      const { lifecycle } = bundle();
      for (const dfid of ["closed", "open", "reopened"]) {
        await lifecycle.recordTransition(dfid, null, "CREATED");
        if (dfid !== "open") await lifecycle.recordTransition(dfid, "CREATED", "CLOSED");
      }
      await clock.advance(1000);
      const before = clock.nowMicros();
      await lifecycle.recordTransition("reopened", "CLOSED", "CLOSED");
      assertEquals([await lifecycle.prune(before, []), await lifecycle.prune(before, ["CLOSED"])], [0, 1]);
      await turn();
      assertEquals(await bundle().lifecycle.getStatus("closed"), null);
      const steps = (await bundle().lifecycle.getTransitions()).map(({ dfid, seq }) => [dfid, seq]);
      assertEquals(steps, [["open", 3], ["reopened", 4], ["reopened", 5], ["reopened", 6]]);
      await bundle().lifecycle.recordTransition("closed", null, "CREATED");
      assertEquals((await bundle().lifecycle.getTransitions("closed")).map(({ seq }) => seq), [7]);
    },
  );
}
