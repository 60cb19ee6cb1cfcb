/**
 * The laws of the clock, randomness, the environment, ports and system facts.
 *
 * @module
 */
import { assert, assertEquals, assertGreaterOrEqual, assertMatch, assertRejects } from "@std/assert";
import { AppError } from "../../core/error.ts";
import type { HostLaw } from "./host_suite.ts";

const IN_2020_MICROS = Date.UTC(2020, 0, 1) * 1000;

/** Registers them. */
export function worldLaws(law: HostLaw): void {
  // deno-lint-ignore require-await
  law("wall time is a whole number of microseconds that does not go back", async ({ host: { clock } }) => {
    const [first, second] = [clock.nowMicros(), clock.nowMicros()];
    assert(Number.isSafeInteger(first) && first > IN_2020_MICROS);
    assertGreaterOrEqual(second, first);
  });

  law("sleep takes its time on both clocks", async ({ host: { clock } }) => {
    const [micros, ms] = [clock.nowMicros(), clock.monotonicMs()];
    await clock.sleep(20);
    assertGreaterOrEqual(clock.monotonicMs() - ms, 19);
    assertGreaterOrEqual(clock.nowMicros() - micros, 19_000);
  });

  law("sleepers wake in the order of their times", async ({ host: { clock } }) => {
    const woken: number[] = [];
    await Promise.all([60, 1, 30].map(async (ms) => {
      await clock.sleep(ms);
      woken.push(ms);
    }));
    assertEquals(woken, [1, 30, 60]);
  });

  law("an abort ends a sleep with its reason", async ({ host: { clock } }) => {
    const abort = new AbortController();
    const reason = new AppError("wait_timeout", "enough");
    const sleeping = clock.sleep(3_600_000, abort.signal);
    abort.abort(reason);
    assertEquals(await assertRejects(() => sleeping, AppError), reason);
    assertEquals(await assertRejects(() => clock.sleep(1, abort.signal), AppError), reason);
  });

  // deno-lint-ignore require-await
  law("random bytes are as many as asked for, and differ", async ({ host: { random } }) => {
    assertEquals(random.bytes(0).length, 0);
    const [a, b] = [random.bytes(32), random.bytes(32)];
    assertEquals([a.length, b.length], [32, 32]);
    assert(a.some((byte, at) => byte !== b[at]));
  });

  // deno-lint-ignore require-await
  law("the environment is the same one by one and as a whole", async ({ host: { env } }) => {
    const all = env.all();
    assert(all.PATH !== undefined);
    for (const [name, value] of Object.entries(all)) assertEquals(env.get(name), value);
    assertEquals(env.get("CARREL_NO_SUCH_VARIABLE"), undefined);
    assertEquals(env.get("constructor"), undefined);
  });

  law("a port is free or answers, as somebody listens or not", async ({ host: { network }, listen }) => {
    const listener = listen();
    assertEquals([await network.portIsFree(listener.port), await network.portAnswers(listener.port, 5000)], [
      false,
      true,
    ]);
    listener[Symbol.dispose]();
    assertEquals([await network.portIsFree(listener.port), await network.portAnswers(listener.port, 5000)], [
      true,
      false,
    ]);
  });

  law("system facts are well formed", async ({ host: { system } }) => {
    assert(Number.isInteger(system.uid) && Number.isInteger(system.gid));
    assertMatch(system.homeDir, /^\//);
    assertMatch(system.cwd, /^\//);
    assertMatch(system.hostname, /./);
    assertMatch(system.selfArgv[0], /^\//);
    assertMatch(await system.bootId(), /^[0-9a-f-]{36}$/);
    assertEquals(await system.bootId(), await system.bootId());
    assertMatch(await system.pidNamespace(), /^pid:\[\d+\]$/);
  });
}
