/**
 * Every operation of the nine stores.
 *
 * @module
 */
import type { StorageBundle } from "../../core/state/mod.ts";
import { extended, list, more, type Operation, read, write } from "./operation.ts";

/** What is stored: the same text as in `reference_pattern.py`. */
export const JSON_TEXT = '{"goal": "pay the invoice", "step": 3, "done": ["read", "check"]}';
/** The same as a value. */
export const JSON_VALUE: Readonly<Record<string, unknown>> = JSON.parse(JSON_TEXT);

/** Stand for any write and any read of the reference where it has nothing of the kind. */
const ANY_WRITE = ["context.setSession"];
const ANY_READ = ["context.getSession"];

const LEASE = { owner: "bench", leaseMs: 60_000 };
const AMOUNTS = { cpu: 1, memory: 1 };
const CAPACITIES = { cpu: 1e9, memory: 1e9 };
const EVER_MICROS = Number.MAX_SAFE_INTEGER;

/** The operations on these stores, in an order in which each finds what it needs. */
export function storeOperations(stores: StorageBundle): Operation[] {
  return [
    ...agentRegistry(stores),
    ...context(stores),
    ...idempotency(stores),
    ...decisionAudit(stores),
    ...saga(stores),
    ...resourceLock(stores),
    ...intentRetry(stores),
    ...escalation(stores),
    ...lifecycle(stores),
  ];
}

/** Ends a round: what has grown is empty again. */
export function pruneOperations(stores: StorageBundle): Operation[] {
  const prune = (slot: string, run: () => Promise<number>) =>
    more(`${slot}.prune`, ANY_WRITE, 1, { once: true, run });
  return [
    prune("context", () => stores.context.prune(EVER_MICROS)),
    prune("idempotency", () => stores.idempotency.prune(EVER_MICROS)),
    prune("decisionAudit", () => stores.decisionAudit.prune(EVER_MICROS / 2)),
    prune("intentRetry", () => stores.intentRetry.prune(EVER_MICROS)),
    prune("escalation", () => stores.escalation.prune(EVER_MICROS)),
    prune("lifecycle", () => stores.lifecycle.prune(EVER_MICROS, ["ACTIVE", "VALIDATING"])),
  ];
}

function agentRegistry({ agentRegistry: store }: StorageBundle): Operation[] {
  const agent = (key: number) => ({
    agentId: `agent-${key}`,
    contractJson: JSON_TEXT,
    priority: 1,
    agentVersion: "1.0",
    sessionToken: "token",
  });
  return [
    write(
      "agentRegistry.upsertAgent",
      (key) => store.upsertAgent(`agent-${key}`, JSON_TEXT, 1, "ACTIVE", "1.0", "token"),
    ),
    write("agentRegistry.updateStatus", (key) => store.updateStatus(`agent-${key}`, "ACTIVE", "none")),
    read("agentRegistry.getAgent", (key) => store.getAgent(`agent-${key}`)),
    read("agentRegistry.getStatus", (key) => store.getStatus(`agent-${key}`)),
    list("agentRegistry.listActiveAgents", () => store.listActiveAgents()),
    more("agentRegistry.listAgents", ["agentRegistry.listActiveAgents"], 0, () => store.listAgents()),
    more(
      "agentRegistry.registerUnlessBarred",
      ["agentRegistry.upsertAgent"],
      1,
      (key) => store.registerUnlessBarred(agent(key)),
    ),
    more(
      "agentRegistry.changeStatus",
      ["agentRegistry.getStatus", "agentRegistry.updateStatus"],
      1,
      (key) => store.changeStatus(`agent-${key}`, ["ACTIVE"], "ACTIVE", null),
    ),
  ];
}

function context({ context: store }: StorageBundle): Operation[] {
  const versions = new Map<number, number>();
  const remember = async (key: number) =>
    versions.set(key, (await store.getStateVersioned(`agent-${key}`))?.version ?? 0);
  const both = (verb: string) => [`context.${verb}Session`, `context.${verb}State`];
  return [
    write("context.setSession", (key) => store.setSession(`flow-${key}`, JSON_TEXT)),
    write("context.setState", (key) => store.setState(`agent-${key}`, JSON_TEXT)),
    read("context.getSession", (key) => store.getSession(`flow-${key}`)),
    read("context.getState", (key) => store.getState(`agent-${key}`)),
    more(
      "context.getStateVersioned",
      ["context.getState"],
      0,
      (key) => store.getStateVersioned(`agent-${key}`),
    ),
    more("context.readContext", both("get"), 0, (key) => store.readContext(`agent-${key}`, `flow-${key}`)),
    more(
      "context.mergeSession",
      ["context.getSession", "context.setSession"],
      1,
      (key) => store.mergeSession(`flow-${key}`, JSON_TEXT),
    ),
    more(
      "context.mergeState",
      ["context.getState", "context.setState"],
      1,
      (key) => store.mergeState(`agent-${key}`, JSON_TEXT),
    ),
    more("context.compareAndSetState", ["context.getState", "context.setState"], 1, {
      prepare: remember,
      run: (key) => store.compareAndSetState(`agent-${key}`, versions.get(key) ?? 0, JSON_TEXT),
    }),
  ];
}

function idempotency({ idempotency: store }: StorageBundle): Operation[] {
  const reserve = (key: number) => store.reserve(`reserved-${key}`, LEASE);
  return [
    write("idempotency.set", (key) => store.set(`key-${key}`, JSON_VALUE)),
    read("idempotency.get", (key) => store.get(`key-${key}`)),
    more("idempotency.fingerprintOf", ANY_READ, 0, (key) => store.fingerprintOf(`key-${key}`)),
    more("idempotency.reserve", ["idempotency.get"], 1, reserve),
    more(
      "idempotency.renew",
      ANY_WRITE,
      1,
      (key) => store.renew(`reserved-${key}`, LEASE.owner, LEASE.leaseMs),
    ),
    more("idempotency.abandon", ANY_WRITE, 1, (key) => store.abandon(`reserved-${key}`, LEASE.owner)),
    more("idempotency.complete", ["idempotency.set"], 1, {
      prepare: reserve,
      run: (key) => store.complete(`reserved-${key}`, LEASE.owner, JSON_VALUE),
    }),
  ];
}

function decisionAudit({ decisionAudit: store }: StorageBundle): Operation[] {
  const options = { stepId: "step", state: "ACTIVE", details: JSON_VALUE };
  return [
    extended(
      "decisionAudit.record",
      "a link of the chain of hashes",
      (key) => store.record(`flow-${key}`, "STEP", options),
    ),
    read("decisionAudit.eventsForDfid", (key) => store.eventsForDfid(`flow-${key}`)),
    list("decisionAudit.allEventsChronological", () => store.allEventsChronological()),
    more("decisionAudit.chain", ["decisionAudit.allEventsChronological"], 0, () => store.chain()),
    more("decisionAudit.head", ANY_READ, 0, () => store.head()),
    more("decisionAudit.checkpoint", ANY_READ, 0, () => store.checkpoint()),
  ];
}

function saga({ saga: store }: StorageBundle): Operation[] {
  const end = { clear: false, outcome: "failed" };
  return [
    write("saga.markDirty", (key) => store.markDirty(`flow-${key}`, "step", JSON_TEXT)),
    list("saga.getDirtyFlows", () => store.getDirtyFlows()),
    read("saga.getDirtyState", (key) => store.getDirtyState(`flow-${key}`)),
    more(
      "saga.claimCompensation",
      ["saga.getDirtyState"],
      1,
      (key) => store.claimCompensation(`flow-${key}`, LEASE),
    ),
    more(
      "saga.renewCompensation",
      ANY_WRITE,
      1,
      (key) => store.renewCompensation(`flow-${key}`, LEASE.owner, LEASE.leaseMs),
    ),
    more(
      "saga.finishCompensation",
      ["saga.clearDirty"],
      1,
      (key) => store.finishCompensation(`flow-${key}`, LEASE.owner, end),
    ),
    write("saga.clearDirty", (key) => store.clearDirty(`flow-${key}`)),
  ];
}

function resourceLock({ resourceLock: store }: StorageBundle): Operation[] {
  const tokens = new Map<number, number>();
  const acquireWithin = async (key: number) => {
    const answer = await store.acquireWithin(`more-${key}`, AMOUNTS, CAPACITIES);
    if (answer.kind === "acquired") tokens.set(key, answer.token);
  };
  const checked = [
    "resourceLock.getLockedAmount",
    "resourceLock.getLockedAmount",
    "resourceLock.acquireBatch",
  ];
  return [
    extended(
      "resourceLock.acquireBatch",
      "a hold with a fencing token",
      (key) => store.acquireBatch(`flow-${key}`, AMOUNTS, 5),
    ),
    read("resourceLock.getLockedAmount", (key) => store.getLockedAmount("cpu", `flow-${key}`)),
    more("resourceLock.listLocks", ANY_READ, 0, () => store.listLocks()),
    extended("resourceLock.release", "what is over ends too", (key) => store.release(`flow-${key}`)),
    more("resourceLock.enqueue", ANY_WRITE, 1, (key) => store.enqueue(`wait-${key}`, AMOUNTS)),
    more("resourceLock.listTickets", ANY_READ, 0, () => store.listTickets()),
    more("resourceLock.leave", ANY_WRITE, 1, (key) => store.leave(`wait-${key}`)),
    more("resourceLock.acquireWithin", checked, 1, acquireWithin),
    more(
      "resourceLock.renew",
      ANY_WRITE,
      1,
      (key) => store.renew(`more-${key}`, tokens.get(key) ?? 0, 60_000),
    ),
    more(
      "resourceLock.release by token",
      ["resourceLock.release"],
      1,
      (key) => store.release(`more-${key}`, { token: tokens.get(key) ?? 0 }),
    ),
  ];
}

function intentRetry({ intentRetry: store }: StorageBundle): Operation[] {
  return [
    write("intentRetry.setCount", (key) => store.setCount(`flow-${key}`, 1)),
    read("intentRetry.getCount", (key) => store.getCount(`flow-${key}`)),
    more(
      "intentRetry.increment",
      ["intentRetry.getCount", "intentRetry.setCount"],
      1,
      (key) => store.increment(`flow-${key}`),
    ),
    write("intentRetry.delete", (key) => store.delete(`flow-${key}`)),
  ];
}

function escalation({ escalation: store }: StorageBundle): Operation[] {
  const request = (key: number, dfid = `flow-${key}`) => ({
    dfid,
    agentId: `asker-${key}`,
    reason: "unsure",
    contextJson: JSON_TEXT,
    proposalJson: JSON_TEXT,
    impact: "HIGH_IMPACT",
  });
  const insertRequest = (key: number) => {
    const { dfid, agentId, reason, contextJson, proposalJson, impact } = request(key);
    return store.insertRequest(dfid, agentId, reason, contextJson, proposalJson, impact);
  };
  const budget = { maxRequests: 3, windowMs: 3_600_000 };
  const asked = ["escalation.getWindowCount", "escalation.recordBudgetToken", "escalation.insertRequest"];
  return [
    write("escalation.recordBudgetToken", (key) => store.recordBudgetToken(`agent-${key}`)),
    read("escalation.getWindowCount", (key) => store.getWindowCount(`agent-${key}`, "2026-01-01 00:00:00")),
    write("escalation.insertRequest", insertRequest),
    list("escalation.getPendingRequests", () => store.getPendingRequests()),
    more("escalation.getRequest", ANY_READ, 0, (key) => store.getRequest(`flow-${key}`)),
    extended(
      "escalation.resolveRequest",
      "the decision is kept in a list",
      (key) => store.resolveRequest(`flow-${key}`, "2026-01-01T00:00:00+00:00", "OVERRIDE", null),
    ),
    more("escalation.getDecisions", ANY_READ, 0, (key) => store.getDecisions(`flow-${key}`)),
    more(
      "escalation.requestWithinBudget",
      asked,
      1,
      (key) => store.requestWithinBudget(request(key, `more-${key}`), budget),
    ),
  ];
}

function lifecycle({ lifecycle: store }: StorageBundle): Operation[] {
  return [
    extended(
      "lifecycle.recordTransition",
      "where the flow stands now",
      (key) => store.recordTransition(`flow-${key}`, "CREATED", "ACTIVE"),
    ),
    more(
      "lifecycle.transitionIf",
      ["lifecycle.recordTransition"],
      1,
      (key) => store.transitionIf(`flow-${key}`, "ACTIVE", "ACTIVE"),
    ),
    more("lifecycle.getStatus", ANY_READ, 0, (key) => store.getStatus(`flow-${key}`)),
    more("lifecycle.getTransitions", ANY_READ, 0, (key) => store.getTransitions(`flow-${key}`)),
    more("lifecycle.listFlows", ANY_READ, 0, () => store.listFlows()),
    more("lifecycle.listNewestFlows", ANY_READ, 0, () => store.listNewestFlows({ limit: 10 })),
  ];
}
