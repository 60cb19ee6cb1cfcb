/**
 * The life of a container: create, start, states, wait, stop, remove, events.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import {
  assertCode,
  LONG_MS,
  readOutputText,
  safety,
  started,
  startedCommand,
  statusOf,
  untilOutput,
} from "./runtime_bench.ts";
import { type Law, type Supports } from "./runtime_bench.ts";

const GRACE = { graceMs: 20_000 };

/** Registers the laws with `law`. */
export function lifecycleLaws(law: Law, supports: Supports): void {
  // create, start, states

  law("a created container is not running and has no exit", {}, async (bench) => {
    const spec = bench.behave(bench.newSpec(), {});
    const { id } = await bench.runtime.create(spec);
    const status = await statusOf(bench.runtime, spec.name);
    assertNotEquals(id, "");
    assertNotEquals(status.state, "running");
    assertEquals([status.name, status.exit, status.startedAtMicros], [spec.name, null, null]);
  });

  law("start makes it running", {}, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS });
    const status = await statusOf(bench.runtime, name);
    assertEquals([status.state, status.exit], ["running", null]);
    assertEquals(typeof status.startedAtMicros, "number");
  });

  law("start of a running container is harmless", {}, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS });
    const before = await statusOf(bench.runtime, name);
    await bench.runtime.start(name);
    assertEquals(await statusOf(bench.runtime, name), before);
  });

  law("start of an absent container is container_absent", {}, async (bench) => {
    await assertCode("container_absent", () => bench.runtime.start(bench.newSpec().name));
  });

  law("start again runs it again and clears the exit while it runs", {}, async (bench) => {
    const spec = bench.behave(bench.newSpec(), { stdout: "ready\n", durationMs: LONG_MS });
    await bench.runtime.create(spec);
    await bench.runtime.start(spec.name);
    assert(await untilOutput(bench.runtime, spec.name, "ready"));
    await bench.runtime.stop(spec.name, GRACE);
    assertNotEquals((await statusOf(bench.runtime, spec.name)).exit, null);
    await bench.runtime.start(spec.name);
    const again = await statusOf(bench.runtime, spec.name);
    assertEquals([again.state, again.exit], ["running", null]);
  });

  law("create with a taken name is already_exists", {}, async (bench) => {
    const spec = bench.behave(bench.newSpec(), {});
    await bench.runtime.create(spec);
    await assertCode("already_exists", () => bench.runtime.create(spec));
  });

  law("create from an unknown image is image_not_found", { images: true }, async (bench) => {
    const spec = bench.newSpec({ image: "localhost/carrel-no-such-image:none" });
    await assertCode("image_not_found", () => bench.runtime.create(spec));
  });

  law("states has the matching ones only and lacks absent ones", {}, async (bench) => {
    const here = bench.behave(bench.newSpec({ labels: { "carrel.project": "here" } }), {});
    const there = bench.behave(bench.newSpec({ labels: { "carrel.project": "there" } }), {});
    await bench.runtime.create(here);
    await bench.runtime.create(there);
    const namesOf = async (query: { project?: string; names?: string[] }) =>
      [...(await bench.runtime.states(query)).keys()].sort();
    assertEquals(await namesOf({ project: "here" }), [here.name]);
    assertEquals(await namesOf({ names: [there.name, bench.newSpec().name] }), [there.name]);
    assertEquals(await namesOf({ project: "here", names: [there.name] }), []);
    assertEquals(await namesOf({ names: [] }), []);
    assertEquals(await namesOf({}), [here.name, there.name].sort());
  });

  law("another root's containers are invisible", {}, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS });
    assertEquals((await bench.otherRoot.states({})).size, 0);
    assertEquals((await bench.otherRoot.states({ names: [name] })).size, 0);
    // Where roots share an engine, who asks for it by name is told, and that it is another's.
    const asked = (await bench.otherRoot.states({ anyRoot: new Set([name]) })).get(name);
    assertEquals(asked === undefined || asked.otherRoot !== undefined, true);
    assertEquals((await statusOf(bench.runtime, name)).otherRoot, undefined);
  });

  law("labels come back", {}, async (bench) => {
    const labels = { "carrel.project": "demo", "carrel.task": "q7m2x", note: "a=b, c \"d\" 'e' ü" };
    const spec = bench.behave(bench.newSpec({ labels }), {});
    await bench.runtime.create(spec);
    const found = (await statusOf(bench.runtime, spec.name)).labels;
    for (const [key, value] of Object.entries(labels)) assertEquals(found[key], value, key);
  });

  law("a start has one moment, before and after its end", {}, async (bench) => {
    const name = await started(bench, { durationMs: 300 });
    const { startedAtMicros } = await statusOf(bench.runtime, name);
    assert(startedAtMicros !== null);
    await bench.runtime.wait(name, { signal: safety() });
    assertEquals((await statusOf(bench.runtime, name)).startedAtMicros, startedAtMicros);
  });

  // wait and exit reports

  for (const exitCode of [0, 7, 255]) {
    law(`wait gives the exact exit code ${exitCode}, its reason and its time`, {}, async (bench) => {
      const name = await started(bench, { exitCode });
      const report = await bench.runtime.wait(name, { signal: safety() });
      assertEquals([report.code, report.reason], [exitCode, "exited"]);
      const status = await statusOf(bench.runtime, name);
      assertEquals(status.exit, report);
      assertNotEquals(status.state, "running");
      assert(report.finishedAtMicros !== null && status.startedAtMicros !== null);
      assert(report.finishedAtMicros > status.startedAtMicros, "the finish is not later than the start");
    });
  }

  law("a death by signal has 128 + its number and the reason signal", { signals: true }, async (bench) => {
    const name = await startedCommand(bench, ["sh", "-c", "kill -9 $$"]);
    const { code, reason } = await bench.runtime.wait(name, { signal: safety() });
    assertEquals([code, reason], [137, "signal"]);
  });

  law("wait of an absent container is container_absent", {}, async (bench) => {
    await assertCode(
      "container_absent",
      () => bench.runtime.wait(bench.newSpec().name, { signal: safety() }),
    );
  });

  law("wait ends with wait_timeout when the container outlives it", {}, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS });
    await assertCode("wait_timeout", () => bench.runtime.wait(name, { timeoutMs: 50 }));
  });

  law("wait ends with the signal's reason when aborted", {}, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS });
    const controller = new AbortController();
    const waiting = bench.runtime.wait(name, { signal: controller.signal });
    const reason = new Error("changed my mind");
    controller.abort(reason);
    assertEquals(await assertRejects(() => waiting, Error), reason);
    const already = AbortSignal.abort(reason);
    assertEquals(await assertRejects(() => bench.runtime.wait(name, { signal: already }), Error), reason);
  });

  law("the time limit ends it", {}, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS }, { timeoutS: 1 });
    const { reason } = await bench.runtime.wait(name, { signal: safety() });
    assertEquals(reason, supports.timeoutReason ? "timeout" : "unknown");
    assertNotEquals((await statusOf(bench.runtime, name)).state, "running");
  });

  // stop and remove

  law("stop ends a container that obeys", {}, async (bench) => {
    const name = await started(bench, { stdout: "ready\n", durationMs: LONG_MS });
    assert(await untilOutput(bench.runtime, name, "ready"));
    await bench.runtime.stop(name, GRACE);
    const status = await statusOf(bench.runtime, name);
    assertNotEquals(status.state, "running");
    assertNotEquals(status.exit, null);
  });

  law("stop kills a container that ignores TERM", {}, async (bench) => {
    const name = await started(bench, { stdout: "ready\n", durationMs: LONG_MS, ignoreTerm: true });
    assert(await untilOutput(bench.runtime, name, "ready"));
    await bench.runtime.stop(name, { graceMs: 100 });
    assertNotEquals((await statusOf(bench.runtime, name)).state, "running");
  });

  law("stop of a container that does not run is harmless", {}, async (bench) => {
    const spec = bench.behave(bench.newSpec(), { exitCode: 7 });
    await bench.runtime.create(spec);
    await bench.runtime.stop(spec.name, GRACE);
    await bench.runtime.start(spec.name);
    const report = await bench.runtime.wait(spec.name, { signal: safety() });
    await bench.runtime.stop(spec.name, GRACE);
    assertEquals((await statusOf(bench.runtime, spec.name)).exit, report);
  });

  law("stop of an absent container is container_absent", {}, async (bench) => {
    await assertCode("container_absent", () => bench.runtime.stop(bench.newSpec().name, GRACE));
  });

  law("remove removes running, ended, created and absent ones alike", {}, async (bench) => {
    const running = await started(bench, { durationMs: LONG_MS, ignoreTerm: true });
    const ended = await started(bench, {});
    await bench.runtime.wait(ended, { signal: safety() });
    const spec = bench.behave(bench.newSpec(), {});
    await bench.runtime.create(spec);
    const names = [running, ended, spec.name, bench.newSpec().name];
    assertEquals(
      await bench.runtime.remove(names),
      names.map((name) => ({ name, removed: true, error: null })),
    );
    assertEquals((await bench.runtime.states({ names })).size, 0);
    assertEquals(await bench.runtime.remove([]), []);
    await bench.runtime.create(spec);
  });

  // events and concurrency

  law("events tell create, start, died and remove", {}, async (bench) => {
    const spec = bench.behave(bench.newSpec(), { durationMs: LONG_MS });
    const controller = new AbortController();
    const signal = AbortSignal.any([controller.signal, safety()]);
    const events = bench.runtime.events({ names: [spec.name] }, { signal })[Symbol.asyncIterator]();
    let next = events.next();
    const see = async (status: string) => {
      while (true) {
        const { value, done } = await next;
        assert(done !== true, `the events ended before ${status}`);
        assertEquals(value.name, spec.name);
        next = events.next();
        if (value.status === status) return;
      }
    };
    await bench.runtime.create(spec);
    await see("create");
    await bench.runtime.start(spec.name);
    await see("start");
    await bench.runtime.stop(spec.name, { graceMs: 100 });
    await see("died");
    await bench.runtime.remove([spec.name]);
    await see("remove");
    controller.abort();
    assertEquals((await next).done, true);
  });

  law("eight containers at once do not disturb each other", {}, async (bench) => {
    const codes = await Promise.all(Array.from({ length: 8 }, async (_, index) => {
      const name = await started(bench, { exitCode: index, stdout: `I am ${index}` });
      const { code } = await bench.runtime.wait(name, { signal: safety() });
      assertEquals((await readOutputText(bench.runtime, name)).stdout, `I am ${index}`);
      return code;
    }));
    assertEquals(codes, [0, 1, 2, 3, 4, 5, 6, 7]);
    assertEquals((await bench.runtime.states({})).size, 8);
  });
}
