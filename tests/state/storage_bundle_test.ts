import { assertEquals, assertRejects } from "@std/assert";
import { newMemoryClock } from "../../core/host/memory_clock.ts";
import { StorageError } from "../../core/state/errors.ts";
import { newMemoryStorage } from "../../core/state/memory/memory_storage.ts";
import { StorageBundle } from "../../core/state/storage_bundle.ts";

Deno.test("StorageBundle has exactly nine slots", () => {
  assertEquals(Object.keys(newMemoryStorage({ clock: newMemoryClock() })), [
    "agentRegistry",
    "context",
    "idempotency",
    "decisionAudit",
    "saga",
    "resourceLock",
    "intentRetry",
    "escalation",
    "lifecycle",
  ]);
});

Deno.test("StorageBundle.close() closes every store, even if one fails", async () => {
  const slots = newMemoryStorage({ clock: newMemoryClock() });
  const closed: string[] = [];
  slots.context.close = () => Promise.reject(new StorageError("no"));
  slots.lifecycle.close = () => Promise.resolve(void closed.push("lifecycle"));
  await assertRejects(() => new StorageBundle(slots).close(), StorageError, "no");
  assertEquals(closed, ["lifecycle"]);
});
