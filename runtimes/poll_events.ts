/**
 * Events for runtimes that have no event stream of their own: two looks at the states tell what happened.
 *
 * @module
 */
import type { Clock } from "../core/port/host.ts";
import type { ContainerStatus, RuntimeEvent } from "../core/port/runtime.ts";

type States = ReadonlyMap<string, ContainerStatus>;

const INTERVAL_MS = 200;

/**
 * Yields what changes in `look()` from now on until the signal is aborted. What came and went between two
 * looks is not seen. Errors of `look` end the stream.
 */
export function pollEvents(
  clock: Clock,
  look: () => Promise<States>,
  signal: AbortSignal,
): AsyncIterable<RuntimeEvent> {
  // Not when the first item is pulled: what happens between the call and the first look counts.
  return changes(clock, look, signal, clock.nowMicros());
}

async function* changes(
  clock: Clock,
  look: () => Promise<States>,
  signal: AbortSignal,
  sinceMicros: number,
): AsyncGenerator<RuntimeEvent> {
  let before: States | null = null;
  while (!signal.aborted) {
    const now = await look();
    yield* diffStates(before ?? statesAt(now, sinceMicros), now, clock.nowMicros());
    before = now;
    try {
      await clock.sleep(INTERVAL_MS, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/**
 * The events that lead from `before` to `after`; removals, which leave no time behind, happen `nowMicros`.
 *
 * @example
 * ```ts
 * import { diffStates } from "./poll_events.ts";
 * import { assertEquals } from "@std/assert";
 * const made = { id: "1", name: "a", state: "created", labels: {}, image: "", createdAtMicros: 5 };
 * const status = { ...made, startedAtMicros: null, exit: null };
 * assertEquals(diffStates(new Map(), new Map([["a", status]]), 9), [
 *   { name: "a", status: "create", timeMicros: 5, exitCode: null },
 * ]);
 * ```
 */
export function diffStates(before: States, after: States, nowMicros: number): RuntimeEvent[] {
  const events: RuntimeEvent[] = [];
  const add = (name: string, status: string, timeMicros: number | null, exitCode: number | null = null) =>
    events.push({ name, status, timeMicros: timeMicros ?? nowMicros, exitCode });
  for (const [name, old] of before) {
    if (after.get(name)?.id !== old.id) add(name, "remove", nowMicros);
  }
  for (const [name, status] of after) {
    const same = before.get(name);
    const old = same?.id === status.id ? same : undefined;
    if (old === undefined) add(name, "create", status.createdAtMicros);
    const restarted = status.startedAtMicros !== (old?.startedAtMicros ?? null);
    // It ended and was started again between the looks; how it ended is no longer on record.
    const endedUnseen = old !== undefined && old.startedAtMicros !== null && old.exit === null;
    if (restarted && endedUnseen) add(name, "died", status.startedAtMicros);
    if (restarted) add(name, "start", status.startedAtMicros);
    if (status.exit !== null && (restarted || (old?.exit ?? null) === null)) {
      add(name, "died", status.exit.finishedAtMicros, status.exit.code);
    }
  }
  return events;
}

/** What the states looked like at a time in the past, as far as their own times tell. */
function statesAt(states: States, atMicros: number): States {
  const known = (time: number | null) => time !== null && time < atMicros;
  return new Map(
    [...states].filter(([, status]) => known(status.createdAtMicros)).map(([name, status]) => [name, {
      ...status,
      startedAtMicros: known(status.startedAtMicros) ? status.startedAtMicros : null,
      exit: known(status.exit?.finishedAtMicros ?? null) ? status.exit : null,
    }]),
  );
}
