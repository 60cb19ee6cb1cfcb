/**
 * State stores on a faulty machine: their writes are among the calls that go wrong, and they die with it.
 *
 * @module
 */
import { StorageBundle, type StorageSlots } from "../../core/state/storage_bundle.ts";
import type { FaultyHost } from "./faulty_host.ts";

const READS = /^(get|list|events|allEvents|head|checkpoint|chain|fingerprintOf)/;

/** The same stores, used by a process on that machine. */
export function newFaultyState(inner: StorageSlots, host: FaultyHost): StorageBundle {
  const wrap = <Slot extends keyof StorageSlots>(slot: Slot): StorageSlots[Slot] =>
    new Proxy(inner[slot], {
      get(store, name) {
        const member: unknown = Reflect.get(store, name, store);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          const call = () => member.apply(store, args);
          return READS.test(String(name))
            ? host.reading(call)
            : host.writing(`${slot}.${String(name)}`, call);
        };
      },
    });
  return new StorageBundle({
    agentRegistry: wrap("agentRegistry"),
    context: wrap("context"),
    idempotency: wrap("idempotency"),
    decisionAudit: wrap("decisionAudit"),
    saga: wrap("saga"),
    resourceLock: wrap("resourceLock"),
    intentRetry: wrap("intentRetry"),
    escalation: wrap("escalation"),
    lifecycle: wrap("lifecycle"),
  });
}
