/**
 * Laws of holds and tickets.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { LONGEST_SPAN_MS } from "../../../core/state/check_input.ts";
import type { AcquireResult, ResourceLockStorage } from "../../../core/state/contracts/resource_lock.ts";
import { assertRefused, atOnce, LONE_SURROGATE, STAMP } from "./law_checks.ts";
import type { StateLaw } from "./state_suite.ts";

const TEN = { a: 10, b: 10 };

/** Registers them. */
export function resourceLockLaws(law: StateLaw): void {
  law("K03 what a flow holds does not count for itself", async ({ bundle, turn }) => {
    const { resourceLock } = bundle();
    assertEquals(await resourceLock.getLockedAmount("a", "one"), 0);
    assertEquals(await resourceLock.acquireBatch("one", { a: 4 }, 1), true);
    assertEquals(await resourceLock.acquireBatch("two", { a: 2.5 }, 1), true);
    await turn();
    const locks = bundle().resourceLock;
    assertEquals(await locks.getLockedAmount("a", "one"), 2.5);
    assertEquals(await locks.getLockedAmount("a", "three"), 6.5);
    assertEquals(await locks.getLockedAmount("b", "one"), 0);
  });

  law(
    "K04 D2 K11 acquiring again replaces the amounts that are named and keeps the others",
    async (bench) => {
      const { resourceLock } = bench.bundle();
      await resourceLock.acquireBatch("one", { a: 1, b: 2 }, 1);
      await resourceLock.acquireBatch("one", { b: 5, c: 3 }, 1);
      await bench.turn();
      assertEquals(await amounts(bench.bundle().resourceLock), ["one a 1", "one b 5", "one c 3"]);
      await bench.bundle().resourceLock.acquireBatch("one", { b: 0.5 }, 1);
      await bench.bundle().resourceLock.acquireBatch("one", {}, 1);
      assertEquals(await amounts(bench.bundle().resourceLock), ["one a 1", "one b 0.5", "one c 3"]);
    },
  );

  law("K05 K08 an amount that is no number from 0 up is refused, and nothing is held", async ({ bundle }) => {
    const { resourceLock } = bundle();
    for (const bad of [NaN, -1, JSON.parse('"1"'), JSON.parse("null")]) {
      await assertRefused(() => resourceLock.acquireBatch("one", { a: 1, b: bad }, 1));
      await assertRefused(() => resourceLock.acquireWithin("one", { a: 1, b: bad }, TEN));
      await assertRefused(() => resourceLock.acquireWithin("one", { a: 1 }, { a: bad }));
      await assertRefused(() => resourceLock.enqueue("one", { a: 1, b: bad }));
    }
    await assertRefused(() => resourceLock.acquireWithin("one", { unknown: 1 }, TEN));
    await assertRefused(() => resourceLock.acquireBatch(LONE_SURROGATE, { a: 1 }, 1));
    await assertRefused(() => resourceLock.acquireBatch("one", { a: 1 }, NaN));
    assertEquals([await resourceLock.listLocks(), await resourceLock.listTickets()], [[], []]);
  });

  law("K06 D3 a timeout of 0 or less is one try", async ({ bundle }) => {
    const { resourceLock } = bundle();
    assertEquals(await resourceLock.acquireBatch("one", { a: 1 }, 0), true);
    assertEquals(await resourceLock.acquireBatch("two", { a: 1 }, -1), true);
    const answer = await resourceLock.acquireWithin("three", { a: 1 }, TEN, { timeoutSec: 0 });
    assertEquals(answer.kind, "acquired");
  });

  law(
    "K12 releasing ends all of a flow's holds, and tells whether there were any",
    async ({ bundle, turn }) => {
      await bundle().resourceLock.acquireBatch("one", { a: 1, b: 1 }, 1);
      await bundle().resourceLock.acquireBatch("two", { a: 1 }, 1);
      await turn();
      assertEquals(await bundle().resourceLock.release("one"), true);
      assertEquals(await bundle().resourceLock.release("one"), false);
      assertEquals(await bundle().resourceLock.release("nobody"), false);
      assertEquals(await amounts(bundle().resourceLock), ["two a 1"]);
    },
  );

  law("K01 what fits is acquired, exactly what is free included", async ({ bundle, turn }) => {
    const cap = { money: 1000 };
    const { resourceLock } = bundle();
    await acquired(resourceLock.acquireWithin("one", { money: 500 }, cap));
    await turn();
    const locks = bundle().resourceLock;
    const tooMuch = await locks.acquireWithin("two", { money: 600 }, cap);
    assertEquals(tooMuch, { kind: "insufficient", resource_id: "money", free: 500 });
    await acquired(locks.acquireWithin("two", { money: 500 }, cap));
    await locks.release("one");
    await acquired(locks.acquireWithin("two", { money: 1000 }, cap));
    assertEquals(await amounts(locks), ["two money 1000"]);
  });

  law("K05 the first resource by name that is short is named, and nothing is held", async ({ bundle }) => {
    const { resourceLock } = bundle();
    const answer = await resourceLock.acquireWithin("one", { c: 9, b: 11, a: 1 }, { a: 10, b: 10, c: 5 });
    assertEquals(answer, { kind: "insufficient", resource_id: "b", free: 10 });
    assertEquals(await resourceLock.listLocks(), []);
  });

  law("a flow is judged without what it holds itself", async ({ bundle }) => {
    const { resourceLock } = bundle();
    for (const amount of [10, 10, 3]) await acquired(resourceLock.acquireWithin("one", { a: amount }, TEN));
    const answer = await resourceLock.acquireWithin("one", { a: 11 }, TEN);
    assertEquals(answer, { kind: "insufficient", resource_id: "a", free: 10 });
    assertEquals(await amounts(resourceLock), ["one a 3"]);
  });

  law("nothing at all can always be acquired", async ({ bundle }) => {
    await acquired(bundle().resourceLock.acquireWithin("one", {}, {}));
    assertEquals(await bundle().resourceLock.listLocks(), []);
  });

  law("K09 B1 flows that acquire at once never exceed the capacity", async ({ bundle }) => {
    const { resourceLock } = bundle();
    const capacities = { "x": 1000, "y": 1000 };
    const answers = await atOnce(
      8,
      (index) => resourceLock.acquireWithin(`flow ${index}`, { x: 600, y: 600 }, capacities),
    );
    assertEquals(answers.filter(({ kind }) => kind === "acquired").length, 1);
    assertEquals(await resourceLock.getLockedAmount("x", ""), 600);
  });

  law("B16 each hold has a greater token, and a row tells owner and times", async ({ bundle, turn }) => {
    const { resourceLock } = bundle();
    const first = await acquired(
      resourceLock.acquireWithin("z", { b: 1, a: 1 }, TEN, { owner: "me", ttlMs: 5000 }),
    );
    await turn();
    const locks = bundle().resourceLock;
    const second = await acquired(locks.acquireWithin("y", { a: 1 }, TEN));
    assertGreater(second, first);
    const [a, b, c] = await locks.listLocks();
    assertEquals([a?.dfid, a?.resource_id, a?.token, a?.owner], ["z", "a", first, "me"]);
    assertEquals([b?.dfid, b?.resource_id, b?.token], ["z", "b", first]);
    assertMatch(a?.acquired_at ?? "", STAMP);
    assertMatch(a?.expires_at ?? "", STAMP);
    assertEquals([c?.dfid, c?.owner, c?.expires_at], ["y", null, null]);
  });

  law(
    "B16 a new hold of the same flow has a new token, owner and end for all its resources",
    async ({ bundle }) => {
      const { resourceLock } = bundle();
      const old = await acquired(
        resourceLock.acquireWithin("one", { a: 1 }, TEN, { owner: "x", ttlMs: 5000 }),
      );
      const now = await acquired(resourceLock.acquireWithin("one", { b: 1 }, TEN, { owner: "y" }));
      const rows = await resourceLock.listLocks();
      assertEquals(
        rows.map(({ resource_id, token, owner, expires_at }) => [resource_id, token, owner, expires_at]),
        [
          ["a", now, "y", null],
          ["b", now, "y", null],
        ],
      );
      assertEquals(await resourceLock.release("one", { token: old }), false);
      assertEquals(await resourceLock.renew("one", old, 1000), false);
      assertEquals(await resourceLock.release("one", { token: now }), true);
    },
  );

  law("B16 tokens grow for ever, whatever was released", async ({ bundle, turn }) => {
    const tokens: number[] = [];
    for (let round = 0; round < 3; round++) {
      tokens.push(await acquired(bundle().resourceLock.acquireWithin("one", { a: 1 }, TEN)));
      await bundle().resourceLock.release("one");
      await turn();
    }
    assertEquals(tokens, [...new Set(tokens)].sort((one, other) => one - other));
  });

  law(
    "B16 a hold with an end frees its capacity by itself, unless it is renewed",
    async ({ bundle, clock }) => {
      const { resourceLock } = bundle();
      const token = await acquired(resourceLock.acquireWithin("one", { a: 10 }, TEN, { ttlMs: 1000 }));
      await clock.advance(900);
      assertEquals(await resourceLock.renew("one", token, 1000), true);
      await clock.advance(900);
      assertEquals((await resourceLock.acquireWithin("two", { a: 1 }, TEN)).kind, "insufficient");
      await clock.advance(100);
      assertEquals(await resourceLock.getLockedAmount("a", ""), 0);
      assertEquals(await resourceLock.listLocks(), []);
      assertEquals(await resourceLock.renew("one", token, 1000), false);
      assertEquals(await resourceLock.release("one"), false);
      await acquired(resourceLock.acquireWithin("two", { a: 10 }, TEN));
    },
  );

  law("an unconditional hold ends nothing but by release", async ({ bundle, clock }) => {
    const { resourceLock } = bundle();
    await resourceLock.acquireBatch("one", { a: 100 }, 1);
    await clock.advance(1e9);
    assertEquals(await resourceLock.acquireWithin("two", { a: 0 }, TEN), {
      kind: "insufficient",
      resource_id: "a",
      free: -90,
    });
  });

  law("B16 the one who waits longest goes first", async ({ bundle, turn }) => {
    const { resourceLock } = bundle();
    await acquired(resourceLock.acquireWithin("holder", { a: 10 }, TEN));
    const first = await resourceLock.enqueue("first", { a: 8 });
    const second = await resourceLock.enqueue("second", { a: 1 });
    assertGreater(second, first);
    await resourceLock.release("holder");
    await turn();
    const locks = bundle().resourceLock;
    assertEquals(await locks.acquireWithin("second", { a: 1 }, TEN), { kind: "queued", behind: "first" });
    assertEquals(await locks.acquireWithin("stranger", { a: 1 }, TEN), { kind: "queued", behind: "first" });
    assertEquals((await locks.acquireWithin("other", { b: 1 }, TEN)).kind, "acquired");
    await acquired(locks.acquireWithin("first", { a: 8 }, TEN));
    assertEquals((await locks.listTickets()).map(({ dfid }) => dfid), ["second"]);
    await acquired(locks.acquireWithin("second", { a: 1 }, TEN));
    assertEquals(await locks.listTickets(), []);
  });

  law("B16 a flow that wants no more than it holds does not wait", async ({ bundle }) => {
    const { resourceLock } = bundle();
    await acquired(resourceLock.acquireWithin("holder", { a: 5 }, TEN));
    await resourceLock.enqueue("waiter", { a: 10 });
    await acquired(resourceLock.acquireWithin("holder", { a: 4 }, TEN));
    assertEquals(await resourceLock.acquireWithin("holder", { a: 6 }, TEN), {
      kind: "queued",
      behind: "waiter",
    });
  });

  law(
    "B16 a ticket keeps its number when it is drawn again, and ends by itself or when left",
    async (bench) => {
      const { resourceLock } = bench.bundle();
      const ticket = await resourceLock.enqueue("one", { a: 1 }, { owner: "me", ttlMs: 1000 });
      assertEquals(await resourceLock.enqueue("one", { a: 2, b: 1 }, { ttlMs: 1000 }), ticket);
      await bench.turn();
      const locks = bench.bundle().resourceLock;
      const [row] = await locks.listTickets();
      assertEquals([row?.dfid, row?.ticket, row?.resources, row?.owner], [
        "one",
        ticket,
        { a: 2, b: 1 },
        null,
      ]);
      assertMatch(row?.queued_at ?? "", STAMP);
      assertMatch(row?.expires_at ?? "", STAMP);
      assertEquals((await locks.acquireWithin("two", { b: 1 }, TEN)).kind, "queued");
      await bench.clock.advance(1000);
      assertEquals(await locks.listTickets(), []);
      await acquired(locks.acquireWithin("two", { b: 1 }, TEN));
      const later = await locks.enqueue("one", { a: 1 });
      assertGreater(later, ticket);
      assertEquals(await locks.leave("one", { ticket }), false);
      assertEquals([await locks.leave("one", { ticket: later }), await locks.leave("one")], [true, false]);
    },
  );

  law("an owner or a time that cannot be stored is refused", async ({ bundle }) => {
    const { resourceLock } = bundle();
    for (
      const options of [
        { owner: LONE_SURROGATE },
        { ttlMs: -1 },
        { ttlMs: Infinity },
        { ttlMs: LONGEST_SPAN_MS + 1 },
        { timeoutSec: NaN },
      ]
    ) {
      await assertRefused(() => resourceLock.acquireWithin("one", { a: 1 }, TEN, options));
    }
    await assertRefused(() => resourceLock.enqueue("one", { a: 1 }, { ttlMs: NaN }));
    await assertRefused(() => resourceLock.enqueue("one", { a: 1 }, { ttlMs: LONGEST_SPAN_MS + 1 }));
    await assertRefused(() => resourceLock.renew("one", 1, -1));
    await assertRefused(() => resourceLock.renew("one", 1, LONGEST_SPAN_MS + 1));
    assertEquals(await resourceLock.listLocks(), []);
  });

  law("the longest time is held exactly, by holds and by tickets", async ({ bundle }) => {
    const { resourceLock } = bundle();
    const longest = { ttlMs: LONGEST_SPAN_MS };
    const token = await acquired(resourceLock.acquireWithin("one", { a: 1 }, TEN, longest));
    assert(await resourceLock.renew("one", token, LONGEST_SPAN_MS));
    await resourceLock.enqueue("two", { a: 10 }, longest);
    const ends = [...await resourceLock.listLocks(), ...await resourceLock.listTickets()];
    assertEquals(ends.length, 2);
    for (const { expires_at } of ends) assertMatch(expires_at ?? "", STAMP);
  });
}

async function acquired(result: Promise<AcquireResult>): Promise<number> {
  const answer = await result;
  assert(answer.kind === "acquired", JSON.stringify(answer));
  return answer.token;
}

async function amounts(locks: ResourceLockStorage): Promise<string[]> {
  return (await locks.listLocks()).map(({ dfid, resource_id, amount }) => `${dfid} ${resource_id} ${amount}`);
}
