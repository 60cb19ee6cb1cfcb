import { assertEquals, assertThrows } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import {
  type CompensationAction,
  SagaCompensation,
  type SagaCompensationOptions,
} from "../../../core/state/managers/saga_compensation.ts";
import { type Scene, testOnBackends } from "./scene.ts";

function sagaOf({ stores, clock, random }: Scene, options: SagaCompensationOptions = {}): SagaCompensation {
  return new SagaCompensation({ storage: stores.saga, clock, random, ...options });
}

testOnBackends("SagaCompensation S1 marks, lists and shows", async (scene) => {
  const saga = sagaOf(scene);
  for (const dfid of ["zz", "10", "aa"]) await saga.markDirty(dfid, "charge", { paid: 5 });
  assertEquals(await saga.getDirtyFlows(), ["zz", "10", "aa"]);
  const state = await saga.getDirtyState("zz");
  assertEquals([state?.failed_step, state?.partial_state, state?.attempts], ["charge", { paid: 5 }, 0]);
  assertEquals(await saga.getDirtyState("none"), null);
});

testOnBackends("SagaCompensation S2 REVERT calls back once and clears", async (scene) => {
  const calls: unknown[] = [];
  const saga = sagaOf(scene, { revertCallback: (...args) => (calls.push(args), true) });
  await saga.markDirty("df1", "charge", { paid: 5 });
  assertEquals(await saga.executeCompensation("df1", "REVERT"), { success: true, message: "REVERT" });
  assertEquals(await saga.executeCompensation("df1", "REVERT"), {
    success: false,
    message: "Flow not in dirty state",
  });
  assertEquals([calls, await saga.getDirtyFlows()], [[["df1", { paid: 5 }]], []]);
});

testOnBackends("SagaCompensation S3 ALERT_HUMAN calls back and leaves the flow dirty", async (scene) => {
  const calls: unknown[] = [];
  const saga = sagaOf(scene, { alertHumanCallback: (...args) => (calls.push(args), false) });
  await saga.markDirty("df1", "charge", { paid: 5 });
  assertEquals((await saga.executeCompensation("df1", "ALERT_HUMAN")).success, true);
  assertEquals([calls, await saga.getDirtyFlows()], [[["df1", { paid: 5 }]], ["df1"]]);
});

testOnBackends("SagaCompensation S4 NOOP succeeds and leaves the flow dirty", async (scene) => {
  const saga = sagaOf(scene);
  assertEquals((await saga.executeCompensation("df1", "NOOP")).success, false);
  await saga.markDirty("df1", "charge", {});
  assertEquals(await saga.executeCompensation("df1", "NOOP"), { success: true, message: "NOOP" });
  assertEquals((await saga.getDirtyState("df1"))?.attempts, 0);
});

testOnBackends("SagaCompensation CLOSE_ALL clears when its callback says so", async (scene) => {
  let answer: unknown = 0;
  const saga = sagaOf(scene, { closeAllCallback: () => answer });
  await saga.markDirty("df1", "charge", {});
  assertEquals((await saga.executeCompensation("df1", "CLOSE_ALL")).success, false);
  assertEquals((await saga.getDirtyState("df1"))?.attempts, 1);
  answer = "yes";
  assertEquals((await saga.executeCompensation("df1", "CLOSE_ALL")).success, true);
  assertEquals(await saga.getDirtyFlows(), []);
});

testOnBackends("SagaCompensation says which callback is missing", async (scene) => {
  const saga = sagaOf(scene);
  await saga.markDirty("df1", "charge", {});
  const messages = [];
  for (const action of ["REVERT", "CLOSE_ALL", "ALERT_HUMAN", "DANCE"]) {
    const { success, message } = await saga.executeCompensation("df1", action as CompensationAction);
    messages.push([success, message]);
  }
  assertEquals(messages, [
    [false, "No revert callback"],
    [false, "No close_all callback"],
    [false, "No alert_human callback"],
    [false, "Unknown action: DANCE"],
  ]);
});

testOnBackends("SagaCompensation throws what a callback throws, the flow stays dirty", async (scene) => {
  const failure = new TypeError("bank closed\nsecond line");
  const saga = sagaOf(scene, { revertCallback: () => Promise.reject(failure) });
  await saga.markDirty("df1", "charge", {});
  assertEquals(await saga.executeCompensation("df1", "REVERT").catch((error) => error), failure);
  const state = await saga.getDirtyState("df1");
  assertEquals([state?.attempts, state?.last_outcome], [1, "REVERT failed: bank closed"]);
  assertEquals(
    (await sagaOf(scene, { revertCallback: () => true }).executeCompensation("df1", "REVERT")).success,
    true,
  );
});

testOnBackends("SagaCompensation B21 two workers do not compensate the same flow", async (scene) => {
  let running = 0;
  let most = 0;
  const revertCallback = async () => {
    most = Math.max(most, ++running);
    await scene.clock.sleep(5000);
    running--;
    return true;
  };
  // Longer than the lease, which is renewed meanwhile.
  const worker = () => sagaOf(scene, { revertCallback, leaseMs: 1000 });
  await worker().markDirty("df1", "charge", {});
  const results = await Promise.all([1, 2, 3].map(() => worker().executeCompensation("df1", "REVERT")));
  assertEquals([most, results.filter(({ success }) => success).length], [1, 1]);
});

testOnBackends(
  "SagaCompensation B21 continues after a worker that died, and counts attempts",
  async (scene) => {
    const saga = sagaOf(scene, { revertCallback: () => true });
    await saga.markDirty("df1", "charge", {});
    await scene.stores.saga.claimCompensation("df1", { owner: "dead", leaseMs: 1000 });
    assertEquals((await saga.executeCompensation("df1", "REVERT")).success, false);
    await scene.clock.advance(1001);
    assertEquals((await saga.getDirtyState("df1"))?.attempts, 1);
    assertEquals((await saga.executeCompensation("df1", "REVERT")).success, true);
  },
);

testOnBackends("SagaCompensation does not clear what was marked anew meanwhile", async (scene) => {
  const saga = sagaOf(scene, {
    revertCallback: async (dfid) => {
      await scene.stores.saga.markDirty(dfid, "second", "{}");
      return true;
    },
  });
  await saga.markDirty("df1", "first", {});
  assertEquals((await saga.executeCompensation("df1", "REVERT")).success, false);
  assertEquals((await saga.getDirtyState("df1"))?.failed_step, "second");
});

testOnBackends("SagaCompensation B22 writes the audit as the attempt ends", async (scene) => {
  const saga = sagaOf(scene, { revertCallback: () => true });
  await saga.markDirty("df1", "charge", {});
  await saga.executeCompensation("df1", "REVERT", { audit: { dfid: "df1", event: "REVERTED" } });
  assertEquals((await scene.stores.decisionAudit.eventsForDfid("df1")).map(({ event }) => event), [
    "REVERTED",
  ]);
});

Deno.test("SagaCompensation refuses to be without a store", () => {
  assertThrows(() => new SagaCompensation(null, () => true), AppError, "Provide either");
});
