import { assert, assertEquals } from "@std/assert";
import * as carrel from "../../core/mod.ts";
import * as state from "../../core/state/mod.ts";
import type {
  AgentRegistryStorage,
  ContextStorage,
  DecisionAuditStorage,
  EscalationStorage,
  IdempotencyStorage,
  IntentRetryStorage,
  LifecycleStorage,
  ResourceLockStorage,
  SagaStorage,
} from "../../core/mod.ts";

const STORES = [
  "AgentRegistry",
  "Context",
  "DecisionAudit",
  "Escalation",
  "Idempotency",
  "IntentRetry",
  "Lifecycle",
  "ResourceLock",
  "Saga",
] as const;

/** The other public names of the reference's storage package and of its managers, in camelCase. */
const REFERENCE_NAMES = [
  "AgentRegistry",
  "AuditStore",
  "ContextStore",
  "EscalationManager",
  "IdempotencyGuard",
  "InsufficientCapacityError",
  "IntentRetryGovernor",
  "REASONING_EXHAUSTION",
  "ResourceContentionError",
  "ResourceLockManager",
  "SagaCompensation",
  "StorageBundle",
  "StorageError",
  "dumpsJsonDict",
  "ensureDb",
  "memoryStorage",
  "sqliteStorage",
  "transition",
] as const satisfies readonly (keyof typeof carrel)[];

/** Compiles only if every contract is exported, and is what the slot of a bundle takes. */
type Slots = {
  agentRegistry: AgentRegistryStorage;
  context: ContextStorage;
  decisionAudit: DecisionAuditStorage;
  escalation: EscalationStorage;
  idempotency: IdempotencyStorage;
  intentRetry: IntentRetryStorage;
  lifecycle: LifecycleStorage;
  resourceLock: ResourceLockStorage;
  saga: SagaStorage;
};

Deno.test("core/mod.ts has every name of the state store", () => {
  const classes = STORES.flatMap((store) => [`Memory${store}Storage`, `Sqlite${store}Storage`]);
  assertEquals(classes.length, 18);
  for (const name of [...classes, ...REFERENCE_NAMES]) assert(Object.hasOwn(carrel, name), name);
  for (const name of Object.keys(state)) assert(Object.hasOwn(carrel, name), name);
});

Deno.test("memoryStorage() has the nine slots, of the classes of their names", () => {
  const stores: Slots = carrel.memoryStorage();
  const names = Object.values(stores).map((store) => store.constructor.name);
  assertEquals(names.sort(), STORES.map((store) => `Memory${store}Storage`));
});
