/**
 * The law book of state stores: what `core/state/contracts` promises, tried on every backend.
 *
 * @module
 */
import type { StorageBundle } from "../../../core/state/storage_bundle.ts";
import { type MemoryClock, newMemoryClock } from "../../../core/host/memory_clock.ts";
import { agentLaws } from "./agent_laws.ts";
import { auditLaws } from "./audit_laws.ts";
import { bundleLaws } from "./bundle_laws.ts";
import { contextLaws } from "./context_laws.ts";
import { escalationLaws } from "./escalation_laws.ts";
import { idempotencyLaws } from "./idempotency_laws.ts";
import { intentRetryLaws } from "./intent_retry_laws.ts";
import { lifecycleLaws } from "./lifecycle_laws.ts";
import { resourceLockHistories } from "./resource_lock_histories.ts";
import { resourceLockLaws } from "./resource_lock_laws.ts";
import { sagaLaws } from "./saga_laws.ts";

/** A backend to try: nine empty stores that take their times from the given clock. */
export interface StateBackend extends AsyncDisposable {
  /** The stores as they are now. */
  bundle(): StorageBundle;
  /** A backend that keeps its data closes here and opens again; others do nothing. */
  turn(): Promise<void>;
}

/** What a law is tried on. */
export interface StateBench extends StateBackend {
  /** The clock of the stores; each reading moves it by one microsecond. */
  readonly clock: MemoryClock;
}

/** Registers one law as a test. */
export type StateLaw = (words: string, holds: (bench: StateBench) => Promise<void>) => void;

/** Registers the laws as tests of one backend; each gets stores of its own. */
export function stateSuite(name: string, open: (clock: MemoryClock) => Promise<StateBackend>): void {
  const law: StateLaw = (words, holds) =>
    Deno.test(`${name}: ${words}`, async () => {
      const clock = newMemoryClock();
      await using backend = await open(clock);
      await holds({
        clock,
        bundle: () => backend.bundle(),
        turn: () => backend.turn(),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
    });
  agentLaws(law);
  contextLaws(law);
  idempotencyLaws(law);
  auditLaws(law);
  sagaLaws(law);
  resourceLockLaws(law);
  resourceLockHistories(law);
  intentRetryLaws(law);
  escalationLaws(law);
  lifecycleLaws(law);
  bundleLaws(law);
}
