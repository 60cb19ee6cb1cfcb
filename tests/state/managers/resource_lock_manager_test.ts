import { assert, assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import { StorageError } from "../../../core/state/errors.ts";
import type { LockOwner } from "../../../core/state/managers/lock_owner.ts";
import {
  ResourceLockManager,
  type ResourceLockManagerOptions,
} from "../../../core/state/managers/resource_lock_manager.ts";
import { memoryStorage } from "../../../core/state/memory_storage.ts";
import { atOnce, type Scene, testOnBackends } from "./scene.ts";

function locksOf(
  { stores, clock, random }: Scene,
  options: ResourceLockManagerOptions = {},
): ResourceLockManager {
  const availabilityProvider = () => 1000;
  return new ResourceLockManager({
    storage: stores.resourceLock,
    clock,
    random,
    availabilityProvider,
    ...options,
  });
}

const OWNER: LockOwner = {
  kind: "container",
  host: "desk",
  runtime: "fake",
  project: "demo",
  name: "demo-run-q7m2x",
};

testOnBackends("ResourceLockManager K1 gives as much as there is", async (scene) => {
  const locks = locksOf(scene);
  assertEquals(await locks.acquire("df1", { memory: 500 }), "ACQUIRED");
  assertEquals(await locks.hold("df2", { memory: 600 }), {
    result: "INSUFFICIENT_LIQUIDITY",
    resource_id: "memory",
    free: 500,
  });
  assertEquals(await locks.release("df1"), true);
  assertEquals(await locks.acquire("df2", { memory: 600 }), "ACQUIRED");
  assertEquals(await locks.acquire("df3", { memory: 400 }), "ACQUIRED");
});

testOnBackends("ResourceLockManager K2 takes several resources or none", async (scene) => {
  const locks = locksOf(scene, { availabilityProvider: (id) => Promise.resolve(id === "a" ? 1 : 2) });
  assertEquals(await locks.acquire("df1", { z: 2, a: 1 }), "ACQUIRED");
  assertEquals(await locks.acquire("df2", { z: 0, a: 1 }), "INSUFFICIENT_LIQUIDITY");
  assertEquals((await locks.listLocks()).map(({ dfid, resource_id }) => [dfid, resource_id]), [
    ["df1", "a"],
    ["df1", "z"],
  ]);
  await locks.release("df1");
  assertEquals([await locks.listLocks(), await locks.release("df1")], [[], false]);
});

testOnBackends(
  "ResourceLockManager K11 D2 judges a flow without its own amounts, and merges",
  async (scene) => {
    const locks = locksOf(scene, { availabilityProvider: () => 10 });
    const answers = [];
    for (const amount of [10, 10, 3, 11]) answers.push(await locks.acquire("df1", { seats: amount }));
    assertEquals(answers, ["ACQUIRED", "ACQUIRED", "ACQUIRED", "INSUFFICIENT_LIQUIDITY"]);
    await locks.acquire("df1", { rooms: 1 });
    assertEquals((await locks.listLocks()).map(({ resource_id, amount }) => [resource_id, amount]), [
      ["rooms", 1],
      ["seats", 3],
    ]);
  },
);

testOnBackends("ResourceLockManager D3 K06 a timeout of 0 is one try", async (scene) => {
  const locks = locksOf(scene);
  assertEquals(await locks.acquire("df1", { memory: 1000 }, 0), "ACQUIRED");
  assertEquals(await locks.acquire("df2", { memory: 1 }, 0, { wait: true }), "INSUFFICIENT_LIQUIDITY");
  assertEquals(await locks.acquire("df3", {}, 0), "ACQUIRED");
});

testOnBackends("ResourceLockManager K08 refuses amounts and capacities that are none", async (scene) => {
  for (const amount of [NaN, -1, "5"]) {
    const error = await assertRejects(
      () => locksOf(scene).acquire("df1", { a: amount as number }),
      StorageError,
    );
    assertEquals(error.code, "invalid_value");
  }
  const locks = locksOf(scene, { availabilityProvider: () => NaN });
  await assertRejects(() => locks.acquire("df1", { a: 1 }), StorageError);
});

testOnBackends("ResourceLockManager K10 throws what is no contention", async (scene) => {
  const failure = new TypeError("no such resource");
  const locks = locksOf(scene, { availabilityProvider: () => Promise.reject(failure) });
  assertEquals(await locks.acquire("df1", { a: 1 }).catch((error) => error), failure);
});

testOnBackends(
  "ResourceLockManager K09 B1 never exceeds capacity, however slow the provider",
  async (scene) => {
    const availabilityProvider = async () => {
      await scene.clock.sleep(1);
      return 1000;
    };
    for (let round = 0; round < 5; round++) {
      const locks = locksOf(scene, { availabilityProvider });
      const answers = await atOnce(8, (index) => locks.acquire(`df${round}-${index}`, { a: 600, b: 600 }));
      const winners = answers.flatMap((answer, index) =>
        answer === "ACQUIRED" ? [`df${round}-${index}`] : []
      );
      assertEquals(winners.length, 1);
      for (const dfid of winners) await locks.release(dfid);
    }
  },
);

testOnBackends("ResourceLockManager B16 waits for its turn, first come, first served", async (scene) => {
  const locks = locksOf(scene, { availabilityProvider: () => 10 });
  await locks.acquire("holder", { seats: 10 });
  const order: string[] = [];
  const waiter = async (dfid: string, seats: number) => {
    assertEquals(await locks.acquire(dfid, { seats }, 60, { wait: true }), "ACQUIRED");
    order.push(dfid);
    await locks.release(dfid);
  };
  const large = waiter("large", 10);
  await scene.clock.sleep(100);
  const small = waiter("small", 1);
  await scene.clock.sleep(100);
  assertEquals((await locks.listTickets()).map(({ dfid }) => dfid), ["large", "small"]);
  // Room for the small one only; without the queue it would overtake for ever.
  await locks.acquire("holder", { seats: 9 });
  assertEquals(await locks.acquire("pusher", { seats: 1 }), "INSUFFICIENT_LIQUIDITY");
  await scene.clock.sleep(1000);
  assertEquals(order, []);
  await locks.release("holder");
  await Promise.all([large, small]);
  assertEquals([order, await locks.listTickets()], [["large", "small"], []]);
});

testOnBackends(
  "ResourceLockManager waits no longer than it is told, nor for what can never be",
  async (scene) => {
    const locks = locksOf(scene, { availabilityProvider: () => 10 });
    await locks.acquire("holder", { seats: 10 });
    const before = scene.clock.monotonicMs();
    assertEquals(await locks.acquire("df1", { seats: 1 }, 20, { wait: true }), "INSUFFICIENT_LIQUIDITY");
    assertEquals(Math.round((scene.clock.monotonicMs() - before) / 1000), 20);
    assertEquals(await locks.acquire("df1", { seats: 11 }, 20, { wait: true }), "INSUFFICIENT_LIQUIDITY");
    assertEquals(Math.round((scene.clock.monotonicMs() - before) / 1000), 20);
    assertEquals(await locks.listTickets(), []);
  },
);

testOnBackends("ResourceLockManager B16 a waiter that died holds nobody up for long", async (scene) => {
  const locks = locksOf(scene, { availabilityProvider: () => 1 });
  await scene.stores.resourceLock.enqueue("dead", { seat: 1 }, { ttlMs: 5000 });
  assertEquals(await locks.acquire("df1", { seat: 1 }), "INSUFFICIENT_LIQUIDITY");
  assertEquals(await locks.acquire("df1", { seat: 1 }, 10, { wait: true }), "ACQUIRED");
});

testOnBackends(
  "ResourceLockManager B16 takes over from owners that are gone, from no others",
  async (scene) => {
    const locks = (verdict: "gone" | "alive" | "unknown") =>
      locksOf(scene, { availabilityProvider: () => 1, judgeOwner: () => verdict });
    await locks("alive").acquire("old", { seat: 1 }, 0, { owner: OWNER });
    assertEquals(await locks("alive").acquire("new", { seat: 1 }), "INSUFFICIENT_LIQUIDITY");
    assertEquals(await locks("unknown").acquire("new", { seat: 1 }), "INSUFFICIENT_LIQUIDITY");
    const failing = locksOf(scene, {
      availabilityProvider: () => 1,
      judgeOwner: () => Promise.reject(new AppError("runtime_unavailable", "podman hangs")),
    });
    assertEquals(await failing.acquire("new", { seat: 1 }), "INSUFFICIENT_LIQUIDITY");
    assertEquals(await locks("gone").acquire("new", { seat: 1 }), "ACQUIRED");
    assertEquals((await locks("gone").listLocks()).map(({ dfid, owner }) => [dfid, owner]), [["new", null]]);
    // A holder that nobody can judge stays, whatever the judge would say.
    assertEquals(await locks("gone").acquire("other", { seat: 1 }), "INSUFFICIENT_LIQUIDITY");
  },
);

testOnBackends("ResourceLockManager B16 takes over tickets too, and judges an owner once", async (scene) => {
  let judged = 0;
  const judgeOwner = () => (judged++, "gone" as const);
  const locks = locksOf(scene, { availabilityProvider: () => 2, judgeOwner });
  await locks.acquire("old", { seat: 1, desk: 1 }, 0, { owner: OWNER });
  await scene.stores.resourceLock.enqueue("older", { seat: 1 }, { owner: JSON.stringify(OWNER) });
  await scene.stores.resourceLock.enqueue("elsewhere", { room: 1 }, { owner: JSON.stringify(OWNER) });
  assertEquals(await locks.acquire("new", { seat: 2 }), "ACQUIRED");
  assertEquals(judged, 1);
  assertEquals((await locks.listTickets()).map(({ dfid }) => dfid), ["elsewhere"]);
});

testOnBackends("ResourceLockManager B16 fences: an ended hold has no say any more", async (scene) => {
  const locks = locksOf(scene, { availabilityProvider: () => 1 });
  const first = await locks.hold("df1", { seat: 1 }, 0, { ttlMs: 1000 });
  await scene.clock.advance(500);
  assert(first.result === "ACQUIRED" && await locks.renew("df1", first.token, 1000));
  await scene.clock.advance(999);
  assertEquals(await locks.acquire("df2", { seat: 1 }), "INSUFFICIENT_LIQUIDITY");
  await scene.clock.advance(2);
  const second = await locks.hold("df1", { seat: 1 });
  assert(first.result === "ACQUIRED" && second.result === "ACQUIRED");
  assertGreater(second.token, first.token);
  assertEquals(await locks.renew("df1", first.token, 1000), false);
  assertEquals(await locks.release("df1", { token: first.token }), false);
  assertEquals(await locks.release("df1", { token: second.token }), true);
});

testOnBackends(
  "ResourceLockManager B22 writes the audit with what it takes and gives back",
  async (scene) => {
    const locks = locksOf(scene, { availabilityProvider: () => 1 });
    const audit = (event: string) => ({ audit: { dfid: "df1", event } });
    await locks.acquire("df1", { seat: 1 }, 0, audit("TAKEN"));
    await locks.acquire("df2", { seat: 1 }, 0, audit("TAKEN IN VAIN"));
    await locks.release("df1", audit("GIVEN BACK"));
    await locks.release("df1", audit("GIVEN BACK IN VAIN"));
    const events = await scene.stores.decisionAudit.eventsForDfid("df1");
    assertEquals(events.map(({ event }) => event), ["TAKEN", "GIVEN BACK"]);
  },
);

Deno.test("ResourceLockManager refuses to be without a store or a provider", () => {
  assertThrows(() => new ResourceLockManager(null, () => 1), AppError, "Provide either");
  const storage = memoryStorage().resourceLock;
  assertThrows(() => new ResourceLockManager({ storage }), AppError, "availabilityProvider");
});
