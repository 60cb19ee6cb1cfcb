/**
 * Events read off two looks at the states.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { newMemoryClock } from "../../core/host/memory_clock.ts";
import type { ContainerStatus } from "../../core/port/runtime.ts";
import { diffStates, pollEvents } from "../../runtimes/poll_events.ts";

const CREATED: ContainerStatus = {
  id: "1",
  name: "a",
  state: "created",
  labels: {},
  image: "",
  createdAtMicros: 10,
  startedAtMicros: null,
  exit: null,
};
const RUNNING: ContainerStatus = { ...CREATED, state: "running", startedAtMicros: 20 };
const EXITED: ContainerStatus = {
  ...RUNNING,
  state: "exited",
  exit: { code: 7, reason: "exited", finishedAtMicros: 30 },
};

const states = (...list: ContainerStatus[]) => new Map(list.map((status) => [status.name, status]));
const words = (before: ContainerStatus[], after: ContainerStatus[]) =>
  diffStates(states(...before), states(...after), 99).map(({ status, timeMicros, exitCode }) =>
    `${status} ${timeMicros} ${exitCode}`
  );

Deno.test("diffStates() tells every step that was taken between two looks", () => {
  assertEquals(words([], [EXITED]), ["create 10 null", "start 20 null", "died 30 7"]);
  assertEquals(words([CREATED], [RUNNING]), ["start 20 null"]);
  assertEquals(words([RUNNING], [EXITED]), ["died 30 7"]);
  assertEquals(words([EXITED], []), ["remove 99 null"]);
  assertEquals(words([EXITED], [EXITED]), []);
});

Deno.test("diffStates() sees that a container was started again", () => {
  const again = { ...RUNNING, startedAtMicros: 40 };
  assertEquals(words([EXITED], [again]), ["start 40 null"]);
  assertEquals(words([RUNNING], [again]), ["died 40 null", "start 40 null"]);
});

Deno.test("diffStates() sees that a name went to another container", () => {
  assertEquals(words([EXITED], [{ ...CREATED, id: "2" }]), ["remove 99 null", "create 10 null"]);
});

Deno.test("pollEvents() tells what happened after the call and nothing from before", async () => {
  const clock = newMemoryClock({ startMicros: 25, tickMicros: 0 });
  const controller = new AbortController();
  const seen: string[] = [];
  // Created and started before the call at 25, ended at 30 before the first look.
  for await (
    const { status } of pollEvents(clock, () => Promise.resolve(states(EXITED)), controller.signal)
  ) {
    seen.push(status);
    controller.abort();
  }
  assertEquals(seen, ["died"]);
});
