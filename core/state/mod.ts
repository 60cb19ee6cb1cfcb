/**
 * The state store: nine stores, in memory or in a SQLite file, and the managers that work on them.
 *
 * @module
 */

// Opening.
export { memoryStorage } from "./memory_storage.ts";
export { sqliteStorage, type SqliteStorageOptions } from "./sqlite/sqlite_storage.ts";
export { ensureDb, type TableMaker } from "./sqlite/ensure_db.ts";
export { StorageBundle, type StorageSlots } from "./storage_bundle.ts";
export { AuditStore } from "./audit_store.ts";
export type { StateWorld, StateWorldOptions } from "./state_world.ts";

// Errors, and the JSON dialect.
export {
  InsufficientCapacityError,
  ResourceContentionError,
  type StorageCode,
  StorageError,
  type StorageErrorOptions,
} from "./errors.ts";
export { dumpsJsonDict, type DumpsOptions, PyFloat, PyStr } from "./json_dialect.ts";
export type { JsonValue } from "./json_value.ts";

// Contracts.
export type * from "./contracts/agent_registry.ts";
export type * from "./contracts/context.ts";
export type * from "./contracts/decision_audit.ts";
export type * from "./contracts/escalation.ts";
export type * from "./contracts/idempotency.ts";
export type * from "./contracts/intent_retry.ts";
export type * from "./contracts/lifecycle.ts";
export type * from "./contracts/resource_lock.ts";
export type * from "./contracts/saga.ts";
export type { Along, AlongOption, DirtyMark, Lease, Page, Store } from "./contracts/store.ts";
export { sharesUnit } from "./contracts/store.ts";

// The chain of the audit.
export {
  type AuditContent,
  auditHash,
  type AuditProblem,
  type AuditVerdict,
  EMPTY_HEAD,
  GENESIS_HASH,
  verifyAuditChain,
  type VerifyOptions,
} from "./audit_chain.ts";

// Backends: in memory.
export { MemoryAgentRegistryStorage } from "./memory/memory_agent_registry_storage.ts";
export { MemoryContextStorage } from "./memory/memory_context_storage.ts";
export { MemoryDecisionAuditStorage } from "./memory/memory_decision_audit_storage.ts";
export { MemoryEscalationStorage } from "./memory/memory_escalation_storage.ts";
export { MemoryIdempotencyStorage } from "./memory/memory_idempotency_storage.ts";
export { MemoryIntentRetryStorage } from "./memory/memory_intent_retry_storage.ts";
export { MemoryLifecycleStorage } from "./memory/memory_lifecycle_storage.ts";
export { MemoryResourceLockStorage } from "./memory/memory_resource_lock_storage.ts";
export { MemorySagaStorage } from "./memory/memory_saga_storage.ts";
export { type Commit, type MemoryOptions, MemoryUnit, type SagaNeighbour } from "./memory/memory_unit.ts";

// Backends: in a SQLite file.
export { type DatabaseHost, openDatabase, type OpenDatabaseOptions } from "./sqlite/open_database.ts";
export type { StateDatabase, StateDatabaseParts } from "./sqlite/state_database.ts";
export type { Cell, Connection, ConnectionOptions, ForeignCell } from "./sqlite/connection.ts";
export { checkIntegrity } from "./sqlite/integrity.ts";
export type { Schema } from "./sqlite/migrate.ts";
export { SqliteAgentRegistryStorage } from "./sqlite/sqlite_agent_registry_storage.ts";
export { SqliteContextStorage } from "./sqlite/sqlite_context_storage.ts";
export { SqliteDecisionAuditStorage } from "./sqlite/sqlite_decision_audit_storage.ts";
export { SqliteEscalationStorage } from "./sqlite/sqlite_escalation_storage.ts";
export { SqliteIdempotencyStorage } from "./sqlite/sqlite_idempotency_storage.ts";
export { SqliteIntentRetryStorage } from "./sqlite/sqlite_intent_retry_storage.ts";
export { SqliteLifecycleStorage } from "./sqlite/sqlite_lifecycle_storage.ts";
export { SqliteResourceLockStorage } from "./sqlite/sqlite_resource_lock_storage.ts";
export { SqliteSagaStorage } from "./sqlite/sqlite_saga_storage.ts";
export { SqliteStore } from "./sqlite/sqlite_store.ts";

// Files of the reference.
export { importReference, type ImportReferenceOptions } from "./import/import_reference.ts";
export type * from "./import/import_report.ts";
export type { PrivateDirHost } from "./import/with_private_dir.ts";

// Managers.
export type { OwnerJudge } from "./managers/take_over.ts";
export {
  AgentRegistry,
  type AgentRegistryOptions,
  type AgentStatusWord,
  type HandshakeResult,
} from "./managers/agent_registry.ts";
export { acceptsAgentVersion } from "./managers/agent_version.ts";
export {
  type AgentState,
  ContextStore,
  type ContextStoreOptions,
  type JsonObject,
  type WorkingContext,
} from "./managers/context_store.ts";
export {
  ESCALATION_DECISIONS,
  type EscalationDecisionWord,
  escalationFromModel,
  EscalationManager,
  type EscalationManagerOptions,
  type EscalationModel,
  type EscalationPolicy,
  type EscalationRequestOptions,
  type EscalationResult,
} from "./managers/escalation_manager.ts";
export {
  FLOW_STATUSES,
  type FlowStatus,
  isFinalFlowStatus,
  isFlowStatus,
  nextFlowStatuses,
} from "./managers/flow_status.ts";
export { type FlowTransitionOptions, transition } from "./managers/transition.ts";
export {
  IdempotencyGuard,
  type IdempotencyGuardOptions,
  type OnceOptions,
} from "./managers/idempotency_guard.ts";
export { idempotencyKey, type IdempotencyKeyOptions } from "./managers/idempotency_key.ts";
export {
  IntentRetryGovernor,
  type IntentRetryGovernorOptions,
  REASONING_EXHAUSTION,
} from "./managers/intent_retry_governor.ts";
export {
  type ContainerOwner,
  judgeProcessOwner,
  type LeaseOwner,
  type LockOwner,
  type OwnerHost,
  type OwnerVerdict,
  type ProcessOwner,
  processOwner,
} from "./managers/lock_owner.ts";
export type { ArgumentList, ManagerOptions } from "./managers/manager_arguments.ts";
export type { AuditOption } from "./managers/audit_option.ts";
export {
  type AcquireLockOptions,
  type AvailabilityProvider,
  type HoldResult,
  type LockResult,
  ResourceLockManager,
  type ResourceLockManagerOptions,
} from "./managers/resource_lock_manager.ts";
export {
  type AlertHumanCallback,
  type CloseAllCallback,
  type CompensationAction,
  type CompensationOptions,
  type CompensationResult,
  type RevertCallback,
  SagaCompensation,
  type SagaCompensationOptions,
} from "./managers/saga_compensation.ts";
