/**
 * Laws of counts of rejections.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { assertRefused, atOnce, LONE_SURROGATE } from "./law_checks.ts";
import type { StateLaw } from "./state_suite.ts";

/** Registers them. */
export function intentRetryLaws(law: StateLaw): void {
  law("N05 an unseen flow has count 0; a set count stands, negative ones too", async ({ bundle, turn }) => {
    assertEquals(await bundle().intentRetry.getCount("flow"), 0);
    await bundle().intentRetry.setCount("flow", 3);
    await bundle().intentRetry.setCount("other", -2);
    await turn();
    assertEquals(await bundle().intentRetry.getCount("flow"), 3);
    assertEquals(await bundle().intentRetry.increment("other"), -1);
  });

  law("N06 B2 increments made at once are all counted", async ({ bundle, turn }) => {
    const { intentRetry } = bundle();
    const counts = await atOnce(200, () => intentRetry.increment("flow"));
    assertEquals(new Set(counts).size, 200);
    await turn();
    assertEquals(await bundle().intentRetry.getCount("flow"), 200);
  });

  law("N07 deleting twice is harmless", async ({ bundle }) => {
    const { intentRetry } = bundle();
    await intentRetry.increment("flow");
    await intentRetry.delete("flow");
    await intentRetry.delete("flow");
    assertEquals(await intentRetry.getCount("flow"), 0);
    assertEquals(await intentRetry.increment("flow"), 1);
  });

  law("a count that is no integer is refused", async ({ bundle }) => {
    const { intentRetry } = bundle();
    for (const count of [NaN, 0.5, Infinity, 2 ** 53]) {
      await assertRefused(() => intentRetry.setCount("flow", count));
    }
    await assertRefused(() => intentRetry.increment(LONE_SURROGATE));
    assertEquals(await intentRetry.getCount("flow"), 0);
  });

  law("B14 retention forgets counts that have not changed for long", async ({ bundle, clock }) => {
    const { intentRetry } = bundle();
    await intentRetry.increment("old");
    await intentRetry.increment("touched");
    await clock.advance(1000);
    const before = clock.nowMicros();
    await intentRetry.increment("touched");
    assertEquals(await intentRetry.prune(before), 1);
    assertEquals([await intentRetry.getCount("old"), await intentRetry.getCount("touched")], [0, 2]);
  });
}
