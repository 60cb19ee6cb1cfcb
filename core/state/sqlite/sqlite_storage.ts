/**
 * The nine stores in one SQLite file.
 *
 * @module
 */
import { resolve } from "@std/path";
import { newDenoHost } from "../../host/deno_host.ts";
import { StorageError } from "../errors.ts";
import { StorageBundle } from "../storage_bundle.ts";
import { type DatabaseHost, openDatabase, type OpenDatabaseOptions } from "./open_database.ts";
import { SqliteAgentRegistryStorage } from "./sqlite_agent_registry_storage.ts";
import { SqliteContextStorage } from "./sqlite_context_storage.ts";
import { SqliteDecisionAuditStorage } from "./sqlite_decision_audit_storage.ts";
import { SqliteEscalationStorage } from "./sqlite_escalation_storage.ts";
import { SqliteIdempotencyStorage } from "./sqlite_idempotency_storage.ts";
import { SqliteIntentRetryStorage } from "./sqlite_intent_retry_storage.ts";
import { SqliteLifecycleStorage } from "./sqlite_lifecycle_storage.ts";
import { SqliteResourceLockStorage } from "./sqlite_resource_lock_storage.ts";
import { SqliteSagaStorage } from "./sqlite_saga_storage.ts";
import type { StateDatabase } from "./state_database.ts";

/** Options of {@linkcode sqliteStorage}. */
export interface SqliteStorageOptions extends OpenDatabaseOptions, Partial<DatabaseHost> {}

/**
 * Opens the file, making it if there is none, as nine stores on one connection; `close()` the bundle at the
 * end. They commit together: a change and the audit event about it are one transaction.
 *
 * @param path relative paths are relative to the working directory
 * @throws {StorageError} as `openDatabase`; `invalid_value` for `:memory:`
 *
 * @example
 * ```ts
 * import { sqliteStorage } from "./sqlite_storage.ts";
 * import { assertEquals } from "@std/assert";
 * const dir = await Deno.makeTempDir();
 * {
 *   await using stores = await sqliteStorage(`${dir}/state.db`);
 *   await stores.context.setSession("flow-1", '{"step": 1}');
 * }
 * await using again = await sqliteStorage(`${dir}/state.db`);
 * assertEquals(await again.context.getSession("flow-1"), '{"step": 1}');
 * ```
 */
export async function sqliteStorage(
  path: string,
  options: SqliteStorageOptions = {},
): Promise<StorageBundle> {
  if (path === ":memory:") {
    throw new StorageError("a store in memory is not a file", {
      code: "invalid_value",
      hint: "use memoryStorage()",
    });
  }
  return newSqliteBundle(await openDatabase(resolve(path), { ...newDenoHost(), ...options }, options));
}

/** The nine stores of an open database. */
export function newSqliteBundle(database: StateDatabase): StorageBundle {
  return new StorageBundle({
    agentRegistry: new SqliteAgentRegistryStorage(database),
    context: new SqliteContextStorage(database),
    idempotency: new SqliteIdempotencyStorage(database),
    decisionAudit: new SqliteDecisionAuditStorage(database),
    saga: new SqliteSagaStorage(database),
    resourceLock: new SqliteResourceLockStorage(database),
    intentRetry: new SqliteIntentRetryStorage(database),
    escalation: new SqliteEscalationStorage(database),
    lifecycle: new SqliteLifecycleStorage(database),
  });
}
