import { assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../../core/error.ts";
import type { IdempotencyStorage } from "../../../core/state/contracts/idempotency.ts";
import { ResourceContentionError, StorageError } from "../../../core/state/errors.ts";
import { PyFloat } from "../../../core/state/json_dialect.ts";
import {
  IdempotencyGuard,
  type IdempotencyGuardOptions,
} from "../../../core/state/managers/idempotency_guard.ts";
import { idempotencyKey } from "../../../core/state/managers/idempotency_key.ts";
import { atOnce, type Scene, testOnBackends } from "./scene.ts";

function guardOf({ stores, clock, random }: Scene, options: IdempotencyGuardOptions = {}): IdempotencyGuard {
  return new IdempotencyGuard(stores.idempotency, { clock, random, ...options });
}

Deno.test("idempotencyKey() J18 gives the reference's keys on request", () => {
  const compat = { compat: true };
  assertEquals(
    [
      idempotencyKey("df1", "add", { y: 3, x: 2 }, compat),
      idempotencyKey("d", "s", {}, compat),
      idempotencyKey("d:1", "s", { k: "é" }, compat),
      idempotencyKey("d", "1:s", { k: "é" }, compat),
      idempotencyKey("df", "step", { amount: new PyFloat(1), items: [1, null, true] }, compat),
    ],
    [
      "0f4332bdd41bfdef4d21235ffc73e8f5e57d4580b57d036cd1f9388e88f19c77",
      "4a5814f30b4272b1bfe667fb770d6a3424fb4b97a925f07858aec8ba02ec5a18",
      "3c5105f86a964976b410de4b85f5472b12effc8d7d857b7a5d003a22203f88a3",
      "3c5105f86a964976b410de4b85f5472b12effc8d7d857b7a5d003a22203f88a3",
      "c967f5ef49f56aeb2a0c63f5a4f7f5371a656692d1a92154b50f8407ecc9f699",
    ],
  );
});

Deno.test("idempotencyKey() I1 I2 B19 differs exactly when a part differs", () => {
  assertEquals(idempotencyKey("d", "s", { a: 1, b: 2 }), idempotencyKey("d", "s", { b: 2, a: 1 }));
  const part = fc.stringMatching(/^[a1:{}" ]{0,6}$/);
  fc.assert(fc.property(part, part, part, part, (dfid, step, otherDfid, otherStep) => {
    fc.pre(dfid !== otherDfid || step !== otherStep);
    assertNotEquals(idempotencyKey(dfid, step, {}), idempotencyKey(otherDfid, otherStep, {}));
  }));
});

testOnBackends("IdempotencyGuard.run() I3 I4 runs once for equal parameters", async (scene) => {
  const guard = guardOf(scene);
  const runs: unknown[] = [];
  const add = (params: Readonly<Record<string, number>>) => (runs.push(params), { sum: 5 });
  assertEquals(await guard.run("df1", "add", { x: 2, y: 3 }, add), { sum: 5 });
  assertEquals(await guard.run("df1", "add", { y: 3, x: 2 }, add), { sum: 5 });
  assertEquals(runs, [{ x: 2, y: 3 }]);
  await guard.run("df1", "add", { x: 2, y: 4 }, add);
  assertEquals(runs.length, 2);
});

testOnBackends("IdempotencyGuard.run() I09 B4 N callers, one execution, N equal answers", async (scene) => {
  let runs = 0;
  const answers = await atOnce(20, () =>
    guardOf(scene).run("df1", "slow", {}, async () => {
      runs++;
      await scene.clock.sleep(500);
      return { at: new Date(0), runs };
    }));
  assertEquals(runs, 1);
  assertEquals(answers, Array.from({ length: 20 }, () => ({ at: "1970-01-01 00:00:00+00:00", runs: 1 })));
});

testOnBackends("IdempotencyGuard.run() I06 I07 B7 replays every kind of result", async (scene) => {
  const guard = guardOf(scene);
  for (const [index, result] of [null, undefined, 0, 5, 1.5, "", [1, "a"], true, false].entries()) {
    let runs = 0;
    const run = () => guard.run("df1", "step", { index }, () => (runs++, result));
    assertEquals([await run(), await run(), runs], [result ?? null, result ?? null, 1]);
  }
});

testOnBackends("IdempotencyGuard.run() does again what threw", async (scene) => {
  const guard = guardOf(scene);
  const failure = new TypeError("no network");
  assertEquals(
    await guard.run("df1", "call", {}, () => Promise.reject(failure)).catch((error) => error),
    failure,
  );
  assertEquals(await guard.run("df1", "call", {}, () => "done"), "done");
});

testOnBackends("IdempotencyGuard.run() refuses a result that JSON does not have", async (scene) => {
  const guard = guardOf(scene);
  const error = await assertRejects(() => guard.run("df1", "odd", {}, () => ({ n: NaN })), StorageError);
  assertEquals(error.code, "invalid_value");
  assertEquals(await guard.run("df1", "odd", {}, () => 1), 1);
});

testOnBackends("IdempotencyGuard.run() takes over from a caller that died", async (scene) => {
  const guard = guardOf(scene, { leaseMs: 1000 });
  const key = guard.key("df1", "step", {});
  await scene.stores.idempotency.reserve(key, { owner: "dead", leaseMs: 1000 });
  assertEquals(await guard.run("df1", "step", {}, () => "again"), "again");
  assertEquals(await scene.stores.idempotency.complete(key, "dead", "late"), false);
  assertEquals(await guard.run("df1", "step", {}, () => "never"), "again");
});

testOnBackends("IdempotencyGuard.run() keeps its lease as long as the step takes", async (scene) => {
  const guard = guardOf(scene, { leaseMs: 1000 });
  let runs = 0;
  const step = async () => {
    await scene.clock.sleep(10_000);
    return ++runs;
  };
  assertEquals(await atOnce(3, () => guard.run("df1", "long", {}, step)), [1, 1, 1]);
});

testOnBackends("IdempotencyGuard.run() gives the winner's answer when its lease was lost", async (scene) => {
  const guard = guardOf(scene, { leaseMs: 1000 });
  const answer = await guard.run("df1", "step", {}, async () => {
    // The machine slept: no renewal came in time, and another caller has done it.
    await scene.stores.idempotency.set(guard.key("df1", "step", {}), "theirs");
    return "mine";
  });
  assertEquals(answer, "theirs");
});

testOnBackends("IdempotencyGuard.run() B12 waits only so long", async (scene) => {
  const guard = guardOf(scene, { timeoutSec: 2 });
  const key = guard.key("df1", "step", {});
  await scene.stores.idempotency.reserve(key, { owner: "other", leaseMs: 60_000 });
  const error = await assertRejects(() => guard.run("df1", "step", {}, () => 1), ResourceContentionError);
  assertEquals([error.code, error.details["owner"]], ["lock_timeout", "other"]);
});

testOnBackends("IdempotencyGuard.once() refuses a key with other arguments", async (scene) => {
  const guard = guardOf(scene);
  assertEquals(await guard.once("key", () => "first", { fingerprint: "a" }), "first");
  assertEquals(await guard.once("key", () => "second", { fingerprint: "a" }), "first");
  const error = await assertRejects(() => guard.once("key", () => "third", { fingerprint: "b" }), AppError);
  assertEquals([error.code, error.exit], ["idempotency_mismatch", 13]);
});

Deno.test("IdempotencyGuard refuses a backend that cannot reserve", () => {
  const old = { get: () => Promise.resolve(null), set: () => Promise.resolve() };
  const error = assertThrows(
    () => new IdempotencyGuard(old as Partial<IdempotencyStorage> as IdempotencyStorage),
    AppError,
  );
  assertEquals(error.details["missing"], ["reserve", "complete", "abandon", "renew"]);
});
