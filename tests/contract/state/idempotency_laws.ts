/**
 * Laws of stored results.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { PyFloat } from "../../../core/state/json_dialect.ts";
import { assertRefused, atOnce, LONE_SURROGATE, microsOf, STAMP } from "./law_checks.ts";
import type { StateLaw } from "./state_suite.ts";

const MINE = { owner: "me", leaseMs: 1000 };
const THEIRS = { owner: "they", leaseMs: 1000 };

/** Registers them. */
export function idempotencyLaws(law: StateLaw): void {
  law("I05 the last result stands", async ({ bundle, turn }) => {
    assertEquals(await bundle().idempotency.get("key"), null);
    await bundle().idempotency.set("key", { n: 1 });
    await bundle().idempotency.set("key", { n: 2 });
    await turn();
    assertEquals(await bundle().idempotency.get("key"), { n: 2 });
  });

  law("I06 B4 a result of null is a result", async ({ bundle, turn }) => {
    await bundle().idempotency.set("set", null);
    await bundle().idempotency.reserve("completed", MINE);
    await bundle().idempotency.complete("completed", "me", null);
    await turn();
    for (const key of ["set", "completed"]) {
      assertEquals(await bundle().idempotency.get(key), null);
      assertEquals(await bundle().idempotency.reserve(key, MINE), { kind: "done", result: null });
    }
  });

  law("I07 B7 a result may be any JSON value", async ({ bundle, turn }) => {
    for (const value of [5, 1000, 0.5, true, false, "", "text", [], [1, [2]], {}]) {
      await bundle().idempotency.set("key", value);
      await turn();
      assertEquals(await bundle().idempotency.get("key"), value);
    }
  });

  law("I08 D5 a result makes a JSON round trip and is a copy", async ({ bundle }) => {
    const { idempotency } = bundle();
    const given = { list: [1], at: new Date(0), float: new PyFloat(1), map: new Map([[10, "a"]]) };
    await idempotency.set("key", given);
    given.list.push(2);
    const first = await idempotency.get("key");
    const kept = { list: [1], at: "1970-01-01 00:00:00+00:00", float: 1, map: { "10": "a" } };
    assertEquals(first, kept);
    Object.assign(first ?? {}, { list: null });
    assertEquals(await idempotency.get("key"), kept);
  });

  law("a result that JSON cannot say is refused, and changes nothing", async ({ bundle }) => {
    const { idempotency } = bundle();
    await idempotency.reserve("reserved", MINE);
    for (const value of [NaN, { n: Infinity }, undefined, () => 1, new Set()]) {
      await assertRefused(() => idempotency.set("key", value));
      await assertRefused(() => idempotency.complete("reserved", "me", value));
    }
    await assertRefused(() => idempotency.set(LONE_SURROGATE, 1));
    await assertRefused(() => idempotency.reserve("key", { owner: "me", leaseMs: NaN }));
    assertEquals(await idempotency.get("key"), null);
    assertEquals(await idempotency.abandon("reserved", "me"), true);
  });

  law("B4 of many who reserve a key at once one gets it", async ({ bundle }) => {
    const { idempotency } = bundle();
    const answers = await atOnce(
      8,
      (index) => idempotency.reserve("key", { owner: `owner ${index}`, leaseMs: 1000 }),
    );
    assertEquals(answers.filter(({ kind }) => kind === "reserved").length, 1);
    assertEquals(answers.filter(({ kind }) => kind === "busy").length, 7);
  });

  law("B4 a reserved key has no result yet, names its owner, and ends with its lease", async (bench) => {
    const { idempotency } = bench.bundle();
    assertEquals(await idempotency.reserve("key", THEIRS), {
      kind: "reserved",
      took_over: false,
      work: null,
    });
    await bench.turn();
    const again = bench.bundle().idempotency;
    assertEquals(await again.get("key"), null);
    const busy = await again.reserve("key", MINE);
    assert(busy.kind === "busy" && busy.owner === "they");
    assertMatch(busy.expires_at, STAMP);
    assert(Math.abs(microsOf(busy.expires_at) - bench.clock.peekMicros() - 1_000_000) < 1000);
    await bench.clock.advance(1000);
    assertEquals(await again.reserve("key", MINE), { kind: "reserved", took_over: true, work: null });
    assertEquals(await again.complete("key", "they", "late"), false);
    assertEquals(await again.abandon("key", "they"), false);
    assertEquals(await again.renew("key", "they", 1000), false);
    assertEquals(await again.complete("key", "me", "done"), true);
    assertEquals(await again.reserve("key", THEIRS), { kind: "done", result: "done" });
  });

  law(
    "a lease that has ended still completes as long as nobody has taken over",
    async ({ bundle, clock }) => {
      const { idempotency } = bundle();
      await idempotency.reserve("key", MINE);
      await clock.advance(5000);
      assertEquals(await idempotency.complete("key", "me", 1), true);
      assertEquals(await idempotency.complete("key", "me", 2), false);
      assertEquals(await idempotency.get("key"), 1);
    },
  );

  law("a lease can be renewed, and its owner may reserve again", async ({ bundle, clock }) => {
    const { idempotency } = bundle();
    await idempotency.reserve("key", MINE);
    await clock.advance(900);
    assertEquals(await idempotency.renew("key", "me", 1000), true);
    await clock.advance(900);
    assertEquals((await idempotency.reserve("key", THEIRS)).kind, "busy");
    assertEquals(await idempotency.reserve("key", MINE), { kind: "reserved", took_over: false, work: null });
    await clock.advance(900);
    assertEquals((await idempotency.reserve("key", THEIRS)).kind, "busy");
  });

  law("an abandoned key is free, a completed one cannot be abandoned", async ({ bundle }) => {
    const { idempotency } = bundle();
    await idempotency.reserve("key", MINE);
    assertEquals(await idempotency.abandon("key", "me"), true);
    assertEquals(await idempotency.abandon("key", "me"), false);
    assertEquals(await idempotency.reserve("key", THEIRS), {
      kind: "reserved",
      took_over: false,
      work: null,
    });
    await idempotency.complete("key", "they", 1);
    assertEquals(await idempotency.abandon("key", "they"), false);
  });

  law("a key with another fingerprint is a mismatch, in progress and done", async ({ bundle, turn }) => {
    const mine = { ...MINE, fingerprint: "a" };
    const other = { ...MINE, fingerprint: "b" };
    await bundle().idempotency.reserve("key", mine);
    await turn();
    assertEquals(await bundle().idempotency.reserve("key", other), { kind: "mismatch" });
    const fingerprints = [bundle().idempotency.fingerprintOf("key"), bundle().idempotency.fingerprintOf("x")];
    assertEquals(await Promise.all(fingerprints), ["a", null]);
    await bundle().idempotency.complete("key", "me", 1);
    assertEquals(await bundle().idempotency.reserve("key", other), { kind: "mismatch" });
    assertEquals(await bundle().idempotency.reserve("key", mine), { kind: "done", result: 1 });
    assertEquals(await bundle().idempotency.reserve("key", MINE), { kind: "done", result: 1 });
  });

  law(
    "who takes over a key learns what work it stands for, as does who waits",
    async ({ bundle, turn, clock }) => {
      const mine = { ...MINE, work: "op 1" };
      const theirs = { ...THEIRS, work: "op 2" };
      assertEquals(await bundle().idempotency.reserve("key", mine), {
        kind: "reserved",
        took_over: false,
        work: "op 1",
      });
      await turn();
      const busy = await bundle().idempotency.reserve("key", theirs);
      assert(busy.kind === "busy" && busy.work === "op 1");
      await clock.advance(1000);
      assertEquals(await bundle().idempotency.reserve("key", theirs), {
        kind: "reserved",
        took_over: true,
        work: "op 1",
      });
      await bundle().idempotency.abandon("key", "they");
      assertEquals(await bundle().idempotency.reserve("key", theirs), {
        kind: "reserved",
        took_over: false,
        work: "op 2",
      });
    },
  );

  law("an owner that is known to be dead is replaced at once, and no other", async ({ bundle }) => {
    const { idempotency } = bundle();
    await idempotency.reserve("key", THEIRS);
    assertEquals((await idempotency.reserve("key", { ...MINE, replacing: "somebody" })).kind, "busy");
    assertEquals(await idempotency.reserve("key", { ...MINE, replacing: "they" }), {
      kind: "reserved",
      took_over: true,
      work: null,
    });
    assertEquals(await idempotency.complete("key", "they", 1), false);
  });

  law("setting a result ends a reservation", async ({ bundle }) => {
    const { idempotency } = bundle();
    await idempotency.reserve("key", MINE);
    await idempotency.set("key", 1);
    assertEquals(await idempotency.complete("key", "me", 2), false);
    assertEquals(await idempotency.get("key"), 1);
  });

  law(
    "B14 retention removes old results and leases that ended long ago, not what is in progress",
    async (bench) => {
      const { idempotency } = bench.bundle();
      await idempotency.set("old", 1);
      await idempotency.reserve("dead", MINE);
      await idempotency.reserve("alive", { owner: "me", leaseMs: 60_000 });
      await bench.clock.advance(5000);
      const before = bench.clock.nowMicros();
      await idempotency.set("new", 2);
      assertEquals(await idempotency.prune(before), 2);
      assertEquals([await idempotency.get("old"), await idempotency.get("new")], [null, 2]);
      assertEquals((await idempotency.reserve("dead", THEIRS)).kind, "reserved");
      assertEquals((await idempotency.reserve("alive", THEIRS)).kind, "busy");
    },
  );
}
