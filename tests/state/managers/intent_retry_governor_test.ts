import { assertEquals } from "@std/assert";
import {
  IntentRetryGovernor,
  REASONING_EXHAUSTION,
} from "../../../core/state/managers/intent_retry_governor.ts";
import { atOnce, testOnBackends, withDbPath } from "./scene.ts";

testOnBackends("IntentRetryGovernor N1 N2 counts, aborts, forgets", async ({ stores }) => {
  const governor = new IntentRetryGovernor({ storage: stores.intentRetry });
  const seen = [];
  for (let i = 0; i < 3; i++) {
    seen.push(await governor.recordRejection("df1"), await governor.shouldAbort("df1"));
  }
  assertEquals(seen, [1, false, 2, false, 3, true]);
  assertEquals(await governor.shouldAbort("df2"), false);
  await governor.reset("df1");
  assertEquals([await governor.shouldAbort("df1"), await governor.recordRejection("df1")], [false, 1]);
});

testOnBackends("IntentRetryGovernor N06 B2 loses no rejection of parallel callers", async ({ stores }) => {
  const governor = new IntentRetryGovernor({ storage: stores.intentRetry });
  const counts = await atOnce(200, () => governor.recordRejection("df1"));
  assertEquals(
    counts.toSorted((one, other) => one - other),
    Array.from({ length: 200 }, (_, index) => index + 1),
  );
});

/** A judge as the reference's: who has used up the attempts is not heard, a rejection counts, acceptance does not. */
async function judge(sound: boolean, governor: IntentRetryGovernor): Promise<string> {
  if (await governor.shouldAbort("df1")) return REASONING_EXHAUSTION;
  if (sound) return "ACCEPT";
  await governor.recordRejection("df1");
  return "REJECT";
}

testOnBackends("IntentRetryGovernor N3 ends a judge's patience after two rejections", async ({ stores }) => {
  const governor = new IntentRetryGovernor({ storage: stores.intentRetry, maxRetries: 2 });
  const verdicts = [];
  for (const sound of [false, true, false, false, true]) verdicts.push(await judge(sound, governor));
  assertEquals(verdicts, ["REJECT", "ACCEPT", "REJECT", REASONING_EXHAUSTION, REASONING_EXHAUSTION]);
  assertEquals(await governor.getCount("df1"), 2, "who is not heard is not counted");
});

Deno.test("IntentRetryGovernor counts in memory, or in a file", () =>
  withDbPath(async (dbPath) => {
    const inMemory = new IntentRetryGovernor(null, 1);
    assertEquals([await inMemory.recordRejection("df1"), await inMemory.shouldAbort("df1")], [1, true]);
    {
      await using first = new IntentRetryGovernor(dbPath, 2);
      await first.recordRejection("df1");
    }
    await using second = new IntentRetryGovernor({ dbPath, maxRetries: 2 });
    assertEquals([await second.recordRejection("df1"), await second.shouldAbort("df1")], [2, true]);
  }));
