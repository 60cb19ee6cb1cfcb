/**
 * All nine stores in memory.
 *
 * @module
 */
import { StorageBundle } from "../storage_bundle.ts";
import { MemoryAgentRegistryStorage } from "./memory_agent_registry_storage.ts";
import { MemoryContextStorage } from "./memory_context_storage.ts";
import { MemoryDecisionAuditStorage } from "./memory_decision_audit_storage.ts";
import { MemoryEscalationStorage } from "./memory_escalation_storage.ts";
import { MemoryIdempotencyStorage } from "./memory_idempotency_storage.ts";
import { MemoryIntentRetryStorage } from "./memory_intent_retry_storage.ts";
import { MemoryLifecycleStorage } from "./memory_lifecycle_storage.ts";
import { MemoryResourceLockStorage } from "./memory_resource_lock_storage.ts";
import { MemorySagaStorage } from "./memory_saga_storage.ts";
import { type MemoryOptions, MemoryUnit } from "./memory_unit.ts";

/** A new bundle of nine empty stores of one unit; nothing outlives it. */
export function newMemoryStorage({ clock }: Pick<MemoryOptions, "clock">): StorageBundle {
  const options = { clock, unit: new MemoryUnit() };
  return new StorageBundle({
    agentRegistry: new MemoryAgentRegistryStorage(options),
    context: new MemoryContextStorage(options),
    idempotency: new MemoryIdempotencyStorage(options),
    decisionAudit: new MemoryDecisionAuditStorage(options),
    saga: new MemorySagaStorage(options),
    resourceLock: new MemoryResourceLockStorage(options),
    intentRetry: new MemoryIntentRetryStorage(options),
    escalation: new MemoryEscalationStorage(options),
    lifecycle: new MemoryLifecycleStorage(options),
  });
}
