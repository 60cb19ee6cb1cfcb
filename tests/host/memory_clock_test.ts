import { assertEquals } from "@std/assert";
import { newMemoryClock } from "../../core/host/memory_clock.ts";

Deno.test("newMemoryClock() starts at a fixed instant and ticks with each reading", () => {
  const clock = newMemoryClock();
  const start = Date.UTC(2026, 0, 1) * 1000;
  assertEquals([clock.nowMicros(), clock.nowMicros()], [start + 1, start + 2]);
  assertEquals(clock.peekMicros(), start + 2);
  const still = newMemoryClock({ startMicros: 5, tickMicros: 0 });
  assertEquals([still.nowMicros(), still.nowMicros()], [5, 5]);
});

Deno.test("advance() moves both clocks, at once when nobody sleeps", () => {
  const clock = newMemoryClock({ tickMicros: 0, startMicros: 0 });
  void clock.advance(1500);
  assertEquals([clock.nowMicros(), clock.monotonicMs()], [1_500_000, 1500]);
});

Deno.test("advance() wakes sleepers at their own times, also those who go to sleep again", async () => {
  const clock = newMemoryClock({ sleep: "manual", startMicros: 0 });
  const woken: number[] = [];
  const tick = async () => {
    for (let round = 0; round < 3; round++) {
      await clock.sleep(10);
      woken.push(clock.monotonicMs());
    }
  };
  const ticking = tick();
  await clock.advance(25);
  assertEquals([woken, clock.monotonicMs()], [[10, 20], 25]);
  await clock.advance(5);
  await ticking;
  assertEquals(woken, [10, 20, 30]);
});

Deno.test("sleep() jumps to the next sleeper only when the others have had their turn", async () => {
  const clock = newMemoryClock({ startMicros: 0 });
  const heard: string[] = [];
  await Promise.all([
    clock.sleep(1000).then(() => heard.push(`late at ${clock.monotonicMs()}`)),
    (async () => {
      await clock.sleep(1);
      await clock.sleep(1);
      heard.push(`early at ${clock.monotonicMs()}`);
    })(),
  ]);
  assertEquals(heard, ["early at 2", "late at 1000"]);
});
