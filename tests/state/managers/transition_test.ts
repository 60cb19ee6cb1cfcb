import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import type { LifecycleStorage } from "../../../core/state/contracts/lifecycle.ts";
import {
  FLOW_STATUSES,
  type FlowStatus,
  isFinalFlowStatus,
  nextFlowStatuses,
} from "../../../core/state/managers/flow_status.ts";
import { IntentRetryGovernor } from "../../../core/state/managers/intent_retry_governor.ts";
import { transition } from "../../../core/state/managers/transition.ts";
import { memoryStorage } from "../../../core/state/memory_storage.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import { atOnce, testOnBackends, withDbPath } from "./scene.ts";

Deno.test("nextFlowStatuses() leads from the beginning to every state, and from every state to an end", () => {
  const reach = (from: FlowStatus, seen = new Set<FlowStatus>()): Set<FlowStatus> => {
    seen.add(from);
    for (const next of nextFlowStatuses(from)) if (!seen.has(next)) reach(next, seen);
    return seen;
  };
  assertEquals([...reach("CREATED")].sort(), [...FLOW_STATUSES].sort());
  for (const status of FLOW_STATUSES) assert([...reach(status)].some(isFinalFlowStatus), status);
  assertEquals(FLOW_STATUSES.filter(isFinalFlowStatus), ["CLOSED", "ABORTED"]);
});

testOnBackends(
  "transition() L1 L09 B17 follows the intended path and keeps its history",
  async ({ stores }) => {
    const storage = stores.lifecycle;
    const path: FlowStatus[] = ["CREATED", "ACTIVE", "VALIDATING", "ACCEPTED", "EXECUTING", "CLOSED"];
    for (const [index, to] of path.entries()) {
      await transition("df1", path[index - 1] ?? null, to, {
        storage,
      });
    }
    assertEquals(await storage.getStatus("df1"), "CLOSED");
    const steps = (await storage.getTransitions("df1")).map((
      { from_status, to_status },
    ) => [from_status, to_status]);
    assertEquals(steps, path.map((to, index) => [path[index - 1] ?? null, to]));
  },
);

testOnBackends("transition() takes a flow that was begun elsewhere", async ({ stores }) => {
  await transition("df1", "VALIDATING", "ESCALATED", { storage: stores.lifecycle });
  assertEquals(await stores.lifecycle.getStatus("df1"), "ESCALATED");
});

Deno.test("transition() L2 needs no storage to check the rules", async () => {
  await transition("df1", "CREATED", "ACTIVE");
  await assertRejects(() => transition("df1", "CLOSED", "CREATED"), AppError);
});

testOnBackends("transition() L3 L4 L5 forgets rejections at the end of a flow only", async ({ stores }) => {
  const { lifecycle: storage, intentRetry } = stores;
  for (const [index, counts] of [intentRetry, memoryStorage().intentRetry].entries()) {
    const governor = new IntentRetryGovernor({ storage: counts });
    for (const end of ["CLOSED", "ABORTED"] as const) {
      const dfid = `df${index}-${end}`;
      await governor.recordRejection(dfid);
      await transition(dfid, "CREATED", "ACTIVE", governor, null, { storage });
      assertEquals(await governor.getCount(dfid), 1);
      await transition(dfid, "ACTIVE", end, governor, null, { storage });
      assertEquals(await governor.getCount(dfid), 0);
    }
  }
});

testOnBackends("transition() L11 forgets nothing unless the step is stored", async ({ stores }) => {
  const { lifecycle: storage, intentRetry } = stores;
  const retryGovernor = new IntentRetryGovernor({ storage: intentRetry });
  await retryGovernor.recordRejection("df1");
  await transition("df1", null, "CREATED", { storage });
  await assertRejects(() => transition("df1", "ACTIVE", "CLOSED", { storage, retryGovernor }), AppError);
  await assertRejects(() => transition("df1", "CLOSED", "ABORTED", { storage, retryGovernor }), AppError);
  const broken: LifecycleStorage = Object.create(storage, {
    transitionIf: { value: () => Promise.reject(new AppError("disk_full", "no space left")) },
  });
  await assertRejects(
    () => transition("df1", "CREATED", "ABORTED", { storage: broken, retryGovernor }),
    AppError,
  );
  assertEquals(await retryGovernor.getCount("df1"), 1);
});

Deno.test("transition() L6 L7 writes to a file, unless a storage is given", () =>
  withDbPath(async (dbPath) => {
    await transition("df1", "CREATED", "ACTIVE", null, dbPath);
    const { lifecycle: storage } = memoryStorage();
    await transition("df2", "CREATED", "ACTIVE", { storage, dbPath });
    await using stores = await sqliteStorage(dbPath);
    assertEquals((await stores.lifecycle.getTransitions()).map(({ dfid }) => dfid), ["df1"]);
    assertEquals((await storage.getTransitions()).map(({ dfid }) => dfid), ["df2"]);
  }));

testOnBackends(
  "transition() L10 B17 refuses what the rules or the flow's state forbid",
  async ({ stores }) => {
    const { lifecycle: storage } = stores;
    await transition("df1", null, "CREATED", { storage });
    const refused = async (from: FlowStatus | null, to: FlowStatus) =>
      (await assertRejects(() => transition("df1", from, to, { storage }), AppError)).code;
    assertEquals(await refused(null, "CREATED"), "wrong_state");
    assertEquals(await refused(null, "ACTIVE"), "wrong_state");
    assertEquals(await refused("CREATED", "CREATED"), "wrong_state");
    assertEquals(await refused("CREATED", "EXECUTING"), "wrong_state");
    assertEquals(await refused("ACTIVE", "VALIDATING"), "wrong_state");
    assertEquals(await refused("CREATED", "toString" as FlowStatus), "invalid_value");
    assertEquals(await storage.getStatus("df1"), "CREATED");
  },
);

testOnBackends("transition() of parallel callers succeeds once", async ({ stores }) => {
  const { lifecycle: storage } = stores;
  await transition("df1", null, "CREATED", { storage });
  const moved = await atOnce(
    10,
    () => transition("df1", "CREATED", "ACTIVE", { storage }).then(() => true, () => false),
  );
  assertEquals(moved.filter(Boolean).length, 1);
  assertEquals((await storage.getTransitions("df1")).length, 2);
});

testOnBackends("transition() B22 writes the audit with the step", async ({ stores }) => {
  const { lifecycle: storage } = stores;
  const audit = { dfid: "df1", event: "MOVED" };
  await transition("df1", null, "CREATED", { storage, audit });
  await assertRejects(() => transition("df1", "ACTIVE", "CLOSED", { storage, audit }), AppError);
  assertEquals((await stores.decisionAudit.eventsForDfid("df1")).length, 1);
});
