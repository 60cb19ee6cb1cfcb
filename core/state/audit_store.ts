/**
 * The audit and the stored results as one thing to hold.
 *
 * @module
 */
import type {
  AuditEvent,
  AuditHead,
  AuditOptions,
  DecisionAuditStorage,
} from "./contracts/decision_audit.ts";
import type { IdempotencyStorage } from "./contracts/idempotency.ts";
import type { Page } from "./contracts/store.ts";
import type { JsonValue } from "./json_value.ts";

/**
 * Events and results of flows, over two stores that belong to somebody else.
 *
 * @example
 * ```ts
 * import { AuditStore } from "./audit_store.ts";
 * import { memoryStorage } from "./memory_storage.ts";
 * import { assertEquals } from "@std/assert";
 * const { decisionAudit, idempotency } = memoryStorage();
 * const audit = new AuditStore(decisionAudit, idempotency);
 * await audit.record("flow", "PAID", { details: { amount: 5 } });
 * await audit.saveIdempotentResult("key", "flow", { ok: true });
 * assertEquals(await audit.getIdempotentResult("key"), { ok: true, _dfid: "flow" });
 * ```
 */
export class AuditStore {
  readonly #decisionAudit: DecisionAuditStorage;
  readonly #idempotency: IdempotencyStorage;

  /** Uses the two stores; it does not own them. */
  constructor(decisionAudit: DecisionAuditStorage, idempotency: IdempotencyStorage) {
    this.#decisionAudit = decisionAudit;
    this.#idempotency = idempotency;
  }

  /** Does nothing: the stores are closed by whoever opened them. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Appends an event; returns the chain's new head. */
  record(dfid: string, event: string, options?: AuditOptions): Promise<AuditHead> {
    return this.#decisionAudit.record(dfid, event, options);
  }

  /** The result of a key, with `_dfid` if it was saved here; null when there is none. */
  getIdempotentResult(key: string): Promise<JsonValue> {
    return this.#idempotency.get(key);
  }

  /** Stores a copy of the result with `_dfid` set to the flow. The key is used as it is. */
  saveIdempotentResult(key: string, dfid: string, result: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#idempotency.set(key, { ...result, _dfid: dfid });
  }

  /** Events of one flow. */
  eventsForDfid(dfid: string, page?: Page): Promise<AuditEvent[]> {
    return this.#decisionAudit.eventsForDfid(dfid, page);
  }

  /** Events of all flows, in the order of recording. */
  allEventsChronological(page?: Page): Promise<AuditEvent[]> {
    return this.#decisionAudit.allEventsChronological(page);
  }
}
