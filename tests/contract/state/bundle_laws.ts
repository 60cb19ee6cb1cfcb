/**
 * Laws of stores together: what is written along, and mixing.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { sharesUnit } from "../../../core/state/contracts/store.ts";
import { newMemoryStorage } from "../../../core/state/memory/memory_storage.ts";
import { StorageBundle } from "../../../core/state/storage_bundle.ts";
import { assertRefused, LONE_SURROGATE } from "./law_checks.ts";
import type { StateBench, StateLaw } from "./state_suite.ts";

const AUDIT = { dfid: "flow", event: "WITH", stepId: "s", state: "t", details: { b: 1, a: [2] } };
const ALONG = { along: { audit: AUDIT } };
const LEASE = { owner: "me", leaseMs: 1000 };
const AGENT = { agentId: "alice", contractJson: "{}", priority: 0, agentVersion: null, sessionToken: null };
const QUESTION = {
  dfid: "flow",
  agentId: "alice",
  reason: "r",
  contextJson: "{}",
  proposalJson: "{}",
  impact: "LOW",
};
const BUDGET = { maxRequests: 1, windowMs: 1000, ...ALONG };

type Step = (stores: StorageBundle) => Promise<unknown>;

/** Calls that change something and take an event along; the second call of each changes nothing. */
const CHANGES: Readonly<Record<string, { prepare?: Step; change: Step }>> = {
  "a registration": {
    change: async (stores) => {
      await stores.agentRegistry.registerUnlessBarred(AGENT, ALONG);
      await stores.agentRegistry.updateStatus("alice", "RETIRED", null);
    },
  },
  "a change of an agent's status": {
    prepare: ({ agentRegistry }) => agentRegistry.upsertAgent("alice", "{}", 0, "ACTIVE", null, null),
    change: ({ agentRegistry }) => agentRegistry.changeStatus("alice", ["ACTIVE"], "RETIRED", "old", ALONG),
  },
  "a completed key": {
    prepare: ({ idempotency }) => idempotency.reserve("key", LEASE),
    change: ({ idempotency }) => idempotency.complete("key", "me", 1, ALONG),
  },
  "a finished compensation": {
    prepare: async ({ saga }) => {
      await saga.markDirty("flow", "s", "{}");
      await saga.claimCompensation("flow", LEASE);
    },
    change: ({ saga }) => saga.finishCompensation("flow", "me", { clear: true, outcome: "ok", ...ALONG }),
  },
  "an acquisition": {
    change: async ({ resourceLock }) => {
      const dfid = `flow ${(await resourceLock.listLocks()).length}`;
      return resourceLock.acquireWithin(dfid, { a: 1 }, { a: 1 }, ALONG);
    },
  },
  "a release": {
    prepare: ({ resourceLock }) => resourceLock.acquireBatch("flow", { a: 1 }, 1),
    change: ({ resourceLock }) => resourceLock.release("flow", ALONG),
  },
  "a granted question": {
    change: ({ escalation }) => escalation.requestWithinBudget(QUESTION, BUDGET),
  },
  "a state that is set": {
    change: ({ context }) => context.compareAndSetState("alice", 0, "{}", ALONG),
  },
  "a question that is meant and decided": {
    prepare: ({ escalation }) =>
      escalation.requestWithinBudget({ ...QUESTION, requestId: "hash" }, { maxRequests: 1, windowMs: 1000 }),
    change: ({ escalation }) =>
      escalation.resolveRequest("flow", "2026-01-01 00:00:00", "ABORT", null, {
        requestId: "hash",
        ...ALONG,
      }),
  },
  "a transition": {
    change: ({ lifecycle }) => lifecycle.transitionIf("flow", null, "CREATED", ALONG),
  },
};

/** Registers them. */
export function bundleLaws(law: StateLaw): void {
  law("B22 the nine stores of a bundle can be written together", ({ bundle }) => {
    const { decisionAudit, ...others } = bundle();
    assertEquals(Object.entries(others).filter(([, store]) => !sharesUnit(decisionAudit, store)), []);
    return Promise.resolve();
  });

  for (const [name, { prepare, change }] of Object.entries(CHANGES)) {
    law(`B22 ${name} takes its audit event along, and only if it happens`, async ({ bundle, turn }) => {
      await prepare?.(bundle());
      await change(bundle());
      await turn();
      assertEquals(await eventsOf(bundle()), ["flow WITH s t"]);
      await change(bundle());
      assertEquals((await eventsOf(bundle())).length, 1);
    });

    law(`B22 ${name} does not happen when its audit event is refused`, async ({ bundle }) => {
      await prepare?.(bundle());
      const before = await everything(bundle());
      const failing = failingAudit(bundle());
      await assertRefused(() => change(failing));
      assertEquals(await everything(bundle()), before);
    });
  }

  law("B22 each decision takes its audit event along", async ({ bundle, turn }) => {
    await bundle().escalation.insertRequest("flow", "alice", "r", "{}", "{}", "LOW");
    const at = "2026-01-01 00:00:00";
    await bundle().escalation.resolveRequest("flow", at, "ABORT", null, ALONG);
    await bundle().escalation.resolveRequest("nobody", at, "ABORT", null, ALONG);
    await turn();
    assertEquals(await eventsOf(bundle()), ["flow WITH s t"]);
  });

  law("B22 each write of a context takes its audit event along, or does not happen", async (bench) => {
    const writes: readonly Step[] = [
      ({ context }) => context.setSession("flow", '{"a": 1}', ALONG),
      ({ context }) => context.mergeSession("flow", '{"b": 2}', ALONG),
      ({ context }) => context.setState("alice", '{"a": 1}', ALONG),
      ({ context }) => context.mergeState("alice", '{"b": 2}', ALONG),
    ];
    for (const write of writes) await write(bench.bundle());
    await bench.turn();
    assertEquals(await eventsOf(bench.bundle()), writes.map(() => "flow WITH s t"));
    const before = await bench.bundle().context.readContext("alice", "flow");
    assertEquals(before, { session: '{"a": 1, "b": 2}', state: '{"a": 1, "b": 2}' });
    for (const write of writes) await assertRefused(() => write(failingAudit(bench.bundle())));
    assertEquals(await bench.bundle().context.readContext("alice", "flow"), before);
  });

  law("L11 a transition forgets the flow's rejections only if it happens", async ({ bundle, turn }) => {
    await bundle().intentRetry.setCount("flow", 3);
    await bundle().intentRetry.setCount("other", 3);
    const along = { resetRetries: "flow" };
    await bundle().lifecycle.transitionIf("flow", "ACTIVE", "CLOSED", { along });
    assertEquals(await bundle().intentRetry.getCount("flow"), 3);
    await bundle().lifecycle.transitionIf("flow", "ACTIVE", "CLOSED", { along, expected: [null] });
    await turn();
    assertEquals(
      [await bundle().intentRetry.getCount("flow"), await bundle().intentRetry.getCount("other")],
      [0, 3],
    );
  });

  law("B01 backends can be mixed", async (bench: StateBench) => {
    const memory = newMemoryStorage({ clock: bench.clock });
    const mixed = new StorageBundle({ ...bench.bundle(), context: memory.context });
    await mixed.context.setSession("flow", "{}");
    await mixed.intentRetry.increment("flow");
    assertEquals(await bench.bundle().context.getSession("flow"), null);
    assertEquals(await bench.bundle().intentRetry.getCount("flow"), 1);
    assertEquals(sharesUnit(mixed.context, mixed.intentRetry), false);
  });

  law("closing a bundle twice is harmless", async ({ bundle }) => {
    const own = new StorageBundle({ ...bundle() });
    await own.close();
    await own.close();
  });
}

/** The same stores, but every event that is written along has half a character. */
function failingAudit(stores: StorageBundle): StorageBundle {
  const spoil = (argument: unknown) =>
    typeof argument === "object" && argument !== null && "along" in argument
      ? { ...argument, along: { audit: { ...AUDIT, stepId: LONE_SURROGATE } } }
      : argument;
  const slots = Object.entries(stores).map(([slot, store]) => [
    slot,
    new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...args: unknown[]): unknown => member.apply(target, args.map(spoil));
      },
    }),
  ]);
  return new StorageBundle(Object.fromEntries(slots));
}

async function eventsOf({ decisionAudit }: StorageBundle): Promise<string[]> {
  const events = await decisionAudit.allEventsChronological();
  return events.map(({ dfid, event, step_id, state }) => [dfid, event, step_id, state].join(" "));
}

/** All that the calls of {@linkcode CHANGES} can change. */
async function everything(stores: StorageBundle): Promise<unknown> {
  return {
    agents: await stores.agentRegistry.listAgents(),
    result: await stores.idempotency.get("key"),
    dirty: await stores.saga.getDirtyState("flow"),
    locks: await stores.resourceLock.listLocks(),
    questions: await stores.escalation.getPendingRequests(),
    decisions: await stores.escalation.getDecisions(),
    state: await stores.context.getStateVersioned("alice"),
    tokens: await stores.escalation.getWindowCount("alice", "1970-01-01 00:00:00"),
    flows: await stores.lifecycle.listFlows(),
    audit: await stores.decisionAudit.head(),
  };
}
