import { assertEquals } from "@std/assert";
import { newMemoryClock } from "../../../core/host/memory_clock.ts";
import { sharesUnit } from "../../../core/state/contracts/store.ts";
import { MemoryLifecycleStorage } from "../../../core/state/memory/memory_lifecycle_storage.ts";
import { MemoryIntentRetryStorage } from "../../../core/state/memory/memory_intent_retry_storage.ts";
import { newMemoryStorage } from "../../../core/state/memory/memory_storage.ts";
import { assertRefused } from "./law_checks.ts";
import { stateSuite } from "./state_suite.ts";

stateSuite("memory", (clock) => {
  const bundle = newMemoryStorage({ clock });
  return Promise.resolve({
    bundle: () => bundle,
    turn: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => bundle.close(),
  });
});

Deno.test("MemoryLifecycleStorage on its own refuses to write along", async () => {
  const clock = newMemoryClock();
  const lifecycle = new MemoryLifecycleStorage({ clock });
  assertEquals(sharesUnit(lifecycle, new MemoryIntentRetryStorage({ clock })), false);
  const audit = { dfid: "flow", event: "X" };
  await assertRefused(() => lifecycle.transitionIf("flow", null, "CREATED", { along: { audit } }));
  await assertRefused(() =>
    lifecycle.transitionIf("flow", null, "CREATED", { along: { resetRetries: "flow" } })
  );
  assertEquals(await lifecycle.getTransitions(), []);
});
