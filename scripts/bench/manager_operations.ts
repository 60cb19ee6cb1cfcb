/**
 * The verbs of the managers, each against the calls that the reference's manager makes for it.
 *
 * @module
 */
import {
  AgentRegistry,
  ContextStore,
  EscalationManager,
  IdempotencyGuard,
  IntentRetryGovernor,
  ResourceLockManager,
  SagaCompensation,
  type StorageBundle,
  transition,
} from "../../core/state/mod.ts";
import { more, type Operation } from "./operation.ts";
import { JSON_TEXT, JSON_VALUE } from "./store_operations.ts";

/** The verbs on these stores. */
export function managerOperations(stores: StorageBundle): Operation[] {
  const registry = new AgentRegistry({ storage: stores.agentRegistry });
  const context = new ContextStore({ storage: stores.context });
  const guard = new IdempotencyGuard(stores.idempotency);
  const compensation = new SagaCompensation({ storage: stores.saga, revertCallback: () => true });
  const locks = new ResourceLockManager({ storage: stores.resourceLock, availabilityProvider: () => 1e9 });
  const governor = new IntentRetryGovernor({ storage: stores.intentRetry });
  const escalation = new EscalationManager({ storage: stores.escalation });
  const once = (key: number) => guard.run(`managed-${key}`, "step", JSON_VALUE, () => JSON_VALUE);
  const acquire = [
    "resourceLock.getLockedAmount",
    "resourceLock.getLockedAmount",
    "resourceLock.acquireBatch",
  ];
  const ask = ["escalation.getWindowCount", "escalation.recordBudgetToken", "escalation.insertRequest"];
  return [
    more(
      "AgentRegistry.handshake",
      ["agentRegistry.upsertAgent"],
      1,
      (key) => registry.handshake(`agent-${key}`, JSON_VALUE, "1.0"),
    ),
    more(
      "ContextStore.updateSession",
      ["context.getSession", "context.setSession"],
      1,
      (key) => context.updateSession(`managed-${key}`, JSON_VALUE),
    ),
    more("IdempotencyGuard.run", ["idempotency.get", "idempotency.set"], 2, once),
    more("IdempotencyGuard.run again", ["idempotency.get"], 1, once),
    more("SagaCompensation.executeCompensation", ["saga.getDirtyState", "saga.clearDirty"], 2, {
      prepare: (key) => stores.saga.markDirty(`managed-${key}`, "step", JSON_TEXT),
      run: (key) => compensation.executeCompensation(`managed-${key}`, "REVERT"),
    }),
    more(
      "ResourceLockManager.acquire",
      acquire,
      1,
      (key) => locks.acquire(`managed-${key}`, { cpu: 1, memory: 1 }),
    ),
    more(
      "ResourceLockManager.release",
      ["resourceLock.release"],
      1,
      (key) => locks.release(`managed-${key}`),
    ),
    more(
      "IntentRetryGovernor.recordRejection",
      ["intentRetry.getCount", "intentRetry.setCount"],
      1,
      (key) => governor.recordRejection(`managed-${key}`),
    ),
    more(
      "EscalationManager.requestEscalation",
      ask,
      1,
      (key) =>
        escalation.requestEscalation(`managed-${key}`, `managed-${key}`, "unsure", {}, {}, "HIGH_IMPACT"),
    ),
    more(
      "transition",
      ["lifecycle.recordTransition"],
      1,
      (key) => transition(`flow-${key}`, "ACTIVE", "VALIDATING", { storage: stores.lifecycle }),
    ),
  ];
}
