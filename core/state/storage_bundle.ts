/**
 * The nine stores together.
 *
 * @module
 */
import type { AgentRegistryStorage } from "./contracts/agent_registry.ts";
import type { ContextStorage } from "./contracts/context.ts";
import type { DecisionAuditStorage } from "./contracts/decision_audit.ts";
import type { EscalationStorage } from "./contracts/escalation.ts";
import type { IdempotencyStorage } from "./contracts/idempotency.ts";
import type { IntentRetryStorage } from "./contracts/intent_retry.ts";
import type { LifecycleStorage } from "./contracts/lifecycle.ts";
import type { ResourceLockStorage } from "./contracts/resource_lock.ts";
import type { SagaStorage } from "./contracts/saga.ts";
import type { Store } from "./contracts/store.ts";

/** One backend for each store. Backends may be mixed. */
export interface StorageSlots {
  /** Who the agents are. */
  agentRegistry: AgentRegistryStorage;
  /** What agents know. */
  context: ContextStorage;
  /** What was already done. */
  idempotency: IdempotencyStorage;
  /** What was decided. */
  decisionAudit: DecisionAuditStorage;
  /** Flows that stopped half way. */
  saga: SagaStorage;
  /** Who holds how much of what. */
  resourceLock: ResourceLockStorage;
  /** How often a flow was turned down. */
  intentRetry: IntentRetryStorage;
  /** Questions to a human. */
  escalation: EscalationStorage;
  /** Where each flow stands. */
  lifecycle: LifecycleStorage;
}

/**
 * Nine stores to be used and closed together. Any object with the methods of a contract can take its slot.
 *
 * @example
 * ```ts
 * import { memoryStorage } from "./memory_storage.ts";
 * import { StorageBundle } from "./storage_bundle.ts";
 * import { assertStrictEquals } from "@std/assert";
 * const mine = memoryStorage().context;
 * await using bundle = new StorageBundle({ ...memoryStorage(), context: mine });
 * assertStrictEquals(bundle.context, mine);
 * ```
 */
export class StorageBundle implements StorageSlots, AsyncDisposable {
  /** Who the agents are. */
  agentRegistry: AgentRegistryStorage;
  /** What agents know. */
  context: ContextStorage;
  /** What was already done. */
  idempotency: IdempotencyStorage;
  /** What was decided. */
  decisionAudit: DecisionAuditStorage;
  /** Flows that stopped half way. */
  saga: SagaStorage;
  /** Who holds how much of what. */
  resourceLock: ResourceLockStorage;
  /** How often a flow was turned down. */
  intentRetry: IntentRetryStorage;
  /** Questions to a human. */
  escalation: EscalationStorage;
  /** Where each flow stands. */
  lifecycle: LifecycleStorage;

  /** Puts nine backends together. */
  constructor(slots: StorageSlots) {
    this.agentRegistry = slots.agentRegistry;
    this.context = slots.context;
    this.idempotency = slots.idempotency;
    this.decisionAudit = slots.decisionAudit;
    this.saga = slots.saga;
    this.resourceLock = slots.resourceLock;
    this.intentRetry = slots.intentRetry;
    this.escalation = slots.escalation;
    this.lifecycle = slots.lifecycle;
  }

  /** Closes every store that can be closed, all of them even if one fails; harmless when repeated. */
  async close(): Promise<void> {
    const stores: readonly Store[] = Object.values(this);
    const results = await Promise.allSettled(stores.map((store) => store.close?.()));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /** {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
