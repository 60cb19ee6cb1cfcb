/**
 * The states in which a disk may be found after the power has gone.
 *
 * After each call, what was flushed is there: the data that a flush of the file has followed, the names that a
 * flush of their directory has followed. Of the rest (pending) any part may be there, in any order. All parts
 * are too many: enumerated are none, all, only names, only contents, all but one, only one, and all with one write
 * half done. A rename is one change: it is there or it is not, and is made durable by a flush of the directory that
 * it leads to.
 *
 * @module
 */
import type { Event, StorageHistory } from "./storage_history.ts";
import type { StorageTree } from "./storage_tree.ts";

/** One such state. */
export interface CrashState {
  /** `WHICH PART #NUMBER: OF WHAT, after CALL PATH`; numbers are counted for each kind of part. */
  readonly key: string;
  /** Indices of the events whose changes are there. */
  readonly kept: readonly number[];
  /** The one of them of which only the first half is there. */
  readonly torn: number | null;
  /** The command had said everything. */
  readonly isAnswered: boolean;
}

/** All of them, each once, in the order in which the power goes. */
export function crashStates(
  { events, answeredAt }: Pick<StorageHistory, "events" | "answeredAt">,
): CrashState[] {
  const states = new Map<string, CrashState>();
  const numbers = new Map<string, number>();
  for (const [at, { label }] of events.entries()) {
    const isAnswered = at >= answeredAt;
    for (const { part, of, kept, torn } of partsAfter(events, at)) {
      const identity = `${isAnswered} ${torn} ${kept.join(" ")}`;
      if (states.has(identity)) continue;
      const name = isAnswered ? `answered, ${part}` : part;
      const number = (numbers.get(name) ?? 0) + 1;
      numbers.set(name, number);
      const what = of === null ? "" : `${of}, `;
      states.set(identity, { key: `${name} #${number}: ${what}after ${label}`, kept, torn, isAnswered });
    }
  }
  return [...states.values()];
}

/** The tree in such a state. */
export function crashedTree({ before, events }: StorageHistory, { kept, torn }: CrashState): StorageTree {
  const tree = before.copy();
  for (const at of kept) {
    const change = events[at]?.change;
    if (change == null) continue;
    if (at !== torn || change.kind !== "data") tree.apply(change);
    else tree.apply({ ...change, bytes: change.bytes.subarray(0, Math.floor(change.bytes.length / 2)) });
  }
  return tree;
}

interface Part {
  /** Which of the pending changes are there. */
  readonly part: string;
  /** The one that is told apart. */
  readonly of: string | null;
  readonly kept: readonly number[];
  readonly torn: number | null;
}

function partsAfter(events: readonly Event[], at: number): Part[] {
  const happened = events.slice(0, at + 1).map((event, index) => ({ ...event, index }))
    .filter(({ change }) => change !== null);
  const pending = happened.filter(({ durableAt }) => durableAt > at);
  const keep = (isKept: (event: typeof pending[number]) => boolean) =>
    happened.filter((event) => event.durableAt <= at || isKept(event)).map(({ index }) => index);
  const whole = (part: string, isKept: (event: typeof pending[number]) => boolean): Part => ({
    part,
    of: null,
    kept: keep(isKept),
    torn: null,
  });
  const isName = ({ change }: Event) => change?.kind === "names";
  return [
    whole("nothing pending", () => false),
    whole("all", () => true),
    whole("only names", isName),
    whole("only contents", (event) => !isName(event)),
    ...pending.flatMap(({ index: told, label: of, change }): Part[] => [
      { part: "all but one", of, kept: keep(({ index }) => index !== told), torn: null },
      { part: "only one", of, kept: keep(({ index }) => index === told), torn: null },
      ...change?.kind === "data" && change.bytes.length > 1
        ? [{ part: "one half done", of, kept: keep(() => true), torn: told }]
        : [],
    ]),
  ];
}
