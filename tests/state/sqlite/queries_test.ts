import { assertEquals, assertInstanceOf } from "@std/assert";
import type { StorageBundle } from "../../../core/state/storage_bundle.ts";
import { sqliteStorage } from "../../../core/state/sqlite/sqlite_storage.ts";
import { SqliteStore } from "../../../core/state/sqlite/sqlite_store.ts";
import { newScratch } from "./scratch.ts";

/** What may be read as a whole: one row, the words of a call, the value of a subquery. */
const SMALL = ["audit_checkpoint", "json_each", "CONSTANT", "sqlite_schema"];

/** Uses every method of every store, on the way that writes most. */
async function useEverything(stores: StorageBundle): Promise<void> {
  const { agentRegistry, context, idempotency, decisionAudit, saga } = stores;
  const { resourceLock, intentRetry, escalation, lifecycle } = stores;
  const along = { audit: { dfid: "f", event: "E" }, resetRetries: "f" };
  const agent = { agentId: "a", contractJson: "{}", priority: 0, agentVersion: null, sessionToken: null };

  await agentRegistry.upsertAgent("a", "{}", 0, "ACTIVE", null, null);
  await agentRegistry.registerUnlessBarred(agent, { along });
  await agentRegistry.changeStatus("a", ["ACTIVE"], "SUSPENDED", "why", { along });
  await agentRegistry.updateStatus("a", "ACTIVE", null);
  await agentRegistry.getAgent("a");
  await agentRegistry.getStatus("a");
  await agentRegistry.listActiveAgents();
  await agentRegistry.listAgents();

  await context.setSession("f", "{}");
  await context.mergeSession("f", "{}");
  await context.getSession("f");
  await context.setState("a", "{}");
  await context.mergeState("a", "{}");
  await context.compareAndSetState("a", 2, "{}");
  await context.getState("a");
  await context.getStateVersioned("a");
  await context.readContext("a", "f");
  await context.prune(0);

  await idempotency.reserve("k", { owner: "o", leaseMs: 1000 });
  await idempotency.renew("k", "o", 1000);
  await idempotency.complete("k", "o", {}, { along });
  await idempotency.abandon("k", "o");
  await idempotency.set("k", {});
  await idempotency.get("k");
  await idempotency.fingerprintOf("k");
  await idempotency.prune(0);

  await decisionAudit.record("f", "E");
  await decisionAudit.eventsForDfid("f");
  await decisionAudit.allEventsChronological();
  await decisionAudit.chain();
  await decisionAudit.head();
  await decisionAudit.checkpoint();
  await decisionAudit.prune(8e15);

  for (const clear of [false, true]) {
    await saga.markDirty("f", "step", "{}");
    await saga.claimCompensation("f", { owner: "o", leaseMs: 1000 });
    await saga.renewCompensation("f", "o", 1000);
    await saga.finishCompensation("f", "o", { clear, outcome: "", along });
  }
  await saga.getDirtyFlows();
  await saga.getDirtyState("f");
  await saga.clearDirty("f");

  await resourceLock.enqueue("f", { r: 1 });
  await resourceLock.listTickets();
  await resourceLock.acquireBatch("f", { r: 1 }, 1);
  await resourceLock.acquireWithin("f", { r: 2 }, { r: 3 }, { along });
  await resourceLock.renew("f", 2, 1000);
  await resourceLock.listLocks();
  await resourceLock.getLockedAmount("r", "g");
  await resourceLock.release("f", { along });
  await resourceLock.enqueue("g", { r: 1 }, { ttlMs: 0 });
  await resourceLock.leave("f");

  await intentRetry.setCount("f", 1);
  await intentRetry.increment("f");
  await intentRetry.getCount("f");
  await intentRetry.delete("f");
  await intentRetry.prune(0);

  const request = {
    dfid: "f",
    agentId: "a",
    reason: "",
    contextJson: "{}",
    proposalJson: "{}",
    impact: "",
    requestId: "r",
  };
  await escalation.insertRequest("f", "a", "", "{}", "{}", "");
  await escalation.requestWithinBudget(request, { maxRequests: 3, windowMs: 1000, along });
  await escalation.recordBudgetToken("a");
  await escalation.getWindowCount("a", "2026-01-01T00:00:00Z");
  await escalation.getPendingRequests();
  await escalation.getRequest("f");
  await escalation.resolveRequest("f", "2026-01-01T00:00:00Z", "ABORT", null, { along });
  await escalation.getDecisions();
  await escalation.getDecisions("f");
  await escalation.prune(0);

  await lifecycle.recordTransition("f", null, "CREATED");
  await lifecycle.transitionIf("f", "CREATED", "ACTIVE", { along });
  await lifecycle.getStatus("f");
  await lifecycle.getTransitions();
  await lifecycle.getTransitions("f");
  await lifecycle.listFlows();
  await lifecycle.listFlows({ statuses: ["ACTIVE", "CLOSED"] });
  await lifecycle.listNewestFlows();
  await lifecycle.listNewestFlows({ statuses: ["ACTIVE", "CLOSED"] });
  await lifecycle.prune(0, ["CLOSED"]);
}

/** A store that notes the methods that are called. */
function watched<Watched extends object>(store: Watched, called: Set<string>): Watched {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      called.add(String(name));
      return member.bind(target);
    },
  });
}

function methodsOf(store: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(store)).filter((name) => name !== "constructor");
}

Deno.test("every query of every store finds its rows through an index", async () => {
  await using scratch = newScratch();
  await using stores = await sqliteStorage(scratch.path, scratch.host);
  assertInstanceOf(stores.context, SqliteStore);
  const { unit } = stores.context;
  const unused: string[] = [];
  const watches = Object.entries(stores).map(([slot, store]) => {
    const called = new Set<string>();
    Object.assign(stores, { [slot]: watched(store, called) });
    return () => unused.push(...methodsOf(store).filter((method) => !called.has(method)));
  });
  await useEverything(stores);
  watches.forEach((collect) => collect());
  assertEquals(unused, [], "every method is tried");

  const queries = unit.preparedTexts.filter((text) => /^(SELECT|INSERT|UPDATE|DELETE)/.test(text));
  const scans = await unit.read((connection) =>
    queries.flatMap((query) =>
      connection.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`)
        .filter(({ detail }) => isScan(detail))
        .map(({ detail }) => `${detail}: ${query}`)
    )
  );
  assertEquals(scans, []);
});

/** Whether a step of a plan reads a whole table that grows, or its index from end to end. */
function isScan(detail: string): boolean {
  const [, what = ""] = /^SCAN (\S+)/.exec(detail) ?? [];
  return what !== "" && !SMALL.includes(what);
}

Deno.test("isScan() finds a scan", async () => {
  await using scratch = newScratch();
  await using stores = await sqliteStorage(scratch.path, scratch.host);
  assertInstanceOf(stores.context, SqliteStore);
  const plan = await stores.context.unit.read((connection) =>
    connection.all<{ detail: string }>("EXPLAIN QUERY PLAN SELECT * FROM sessions AS s WHERE data = '{}'")
  );
  assertEquals(plan.map(({ detail }) => isScan(detail)), [true]);
});
