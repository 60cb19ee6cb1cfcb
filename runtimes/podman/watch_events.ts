/**
 * The event stream: `podman events --format json`, one object a line.
 *
 * Keys are written `Name` or `name` depending on version and logger.
 *
 * @module
 */
import * as z from "zod/mini";
import type { RuntimeEvent, StateQuery } from "../../core/port/runtime.ts";
import { isWanted } from "./container_names.ts";
import { endChild } from "./end_child.ts";
import type { Engine } from "./engine.ts";
import { decodeText, parseAnswer, parseEngineTime } from "./engine_text.ts";
import { podmanFailure } from "./failure.ts";
import { splitLines } from "./split_lines.ts";

/** An event with what tells whose container it is about. */
export interface EngineEvent extends RuntimeEvent {
  readonly labels: Readonly<Record<string, string>>;
}

/** What the contract knows; podman also tells of init, cleanup, exec, attach, mount... */
const KNOWN_STATUSES: ReadonlySet<string> = new Set(
  ["create", "start", "died", "stop", "kill", "remove", "pause", "unpause"],
);

const AnyObject = z.record(z.string(), z.unknown());
const Event = z.object({
  type: z.string(),
  name: z.optional(z.string()),
  status: z.string(),
  time: z.union([z.string(), z.number()]),
  timenano: z.optional(z.number()),
  containerexitcode: z.optional(z.number()),
  attributes: z.nullish(z.record(z.string(), z.string())),
});

/**
 * Reads one line; null for what is no change in a container's life. `runtime_failed` when it is no event.
 *
 * @example
 * ```ts
 * import { parseEvent } from "./watch_events.ts";
 * import { assertEquals } from "@std/assert";
 * const line = '{"Name":"a","Status":"start","Time":"1970-01-01T00:00:01Z","Type":"container"}';
 * assertEquals(parseEvent(line), { name: "a", status: "start", timeMicros: 1_000_000, exitCode: null, labels: {} });
 * ```
 */
export function parseEvent(line: string): EngineEvent | null {
  const keys = Object.entries(parseAnswer("events", AnyObject, line)).map(([key, value]) =>
    [key.toLowerCase(), value] as const
  );
  const event = parseAnswer("events", Event, JSON.stringify(Object.fromEntries(keys)));
  const status = event.status.toLowerCase();
  if (event.type !== "container" || event.name === undefined || !KNOWN_STATUSES.has(status)) return null;
  return {
    name: event.name,
    status,
    timeMicros: timeOf(event),
    exitCode: status === "died" ? event.containerexitcode ?? null : null,
    labels: event.attributes ?? {},
  };
}

/** Changes from the time of the call until the signal is aborted. */
export function watchEvents(
  engine: Engine,
  query: StateQuery,
  signal: AbortSignal,
): AsyncIterable<RuntimeEvent> {
  // Now, not when the first one is pulled: what happens while podman starts counts.
  return follow(engine, query, signal, engine.host.clock.nowMicros());
}

async function* follow(
  engine: Engine,
  query: StateQuery,
  signal: AbortSignal,
  sinceMicros: number,
): AsyncGenerator<RuntimeEvent> {
  if (signal.aborted) return;
  const since = new Date(Math.floor(sinceMicros / 1000)).toISOString();
  const filters = ["--filter", "type=container", "--format", "json"];
  const child = await engine.client.spawn(["events", "--since", since, ...filters]);
  const complaints = new Response(child.stderr).text();
  const stop = () => void endChild(engine.host.clock, child);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const line of splitLines(child.stdout)) {
      const event = parseEvent(decodeText(line));
      if (event === null || event.timeMicros < sinceMicros || !isWanted(event, query, engine.root)) continue;
      const { labels: _, ...change } = event;
      yield change;
    }
    if (!signal.aborted) throw podmanFailure("events", await complaints);
  } finally {
    signal.removeEventListener("abort", stop);
    await endChild(engine.host.clock, child);
    await complaints;
  }
}

function timeOf({ time, timenano }: z.infer<typeof Event>): number {
  if (timenano !== undefined) return Math.floor(timenano / 1000);
  return typeof time === "number" ? time * 1_000_000 : parseEngineTime(time) ?? 0;
}
