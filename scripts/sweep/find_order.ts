/**
 * Looks for an order in which calls that overlapped could have been made one after the other.
 *
 * @module
 */

/** A call as its caller saw it. */
export interface Call {
  /** Milliseconds; what ended before another one began came before it. */
  readonly begun: number;
  readonly ended: number;
}

/** What a call may do to a state: every state that its answer allows; none when the answer was impossible. */
export type Step<State, Each extends Call> = (state: State, call: Each) => readonly State[];

/** What was found. */
export type OrderVerdict<Each> =
  | { readonly kind: "order"; readonly calls: readonly Each[] }
  | { readonly kind: "none"; readonly longest: readonly Each[] }
  /** There were too many ways to look at them all. */
  | { readonly kind: "undecided" };

const STEPS_MAX = 300_000;

/**
 * Searches depth first, and never twice from the same calls and state (after Wing, Gong and Lowe). States are
 * compared as JSON.
 *
 * @example
 * ```ts
 * import { findOrder } from "./find_order.ts";
 * import { assertEquals } from "@std/assert";
 * const calls = [{ begun: 0, ended: 9, saw: 1 }, { begun: 1, ended: 2, saw: 0 }];
 * const { kind } = findOrder(0, calls, (count, { saw }) => saw === count ? [count + 1] : []);
 * assertEquals(kind, "order");
 * ```
 */
export function findOrder<State, Each extends Call>(
  initial: State,
  calls: readonly Each[],
  step: Step<State, Each>,
  stepsMax = STEPS_MAX,
): OrderVerdict<Each> {
  const sorted = calls.toSorted((a, b) => a.begun - b.begun);
  const isTaken = new Array<boolean>(sorted.length).fill(false);
  const order: Each[] = [];
  const seen = new Set<string>();
  let longest: readonly Each[] = [];
  let left = stepsMax;

  const search = (state: State): boolean => {
    if (order.length === sorted.length) return true;
    if (left-- <= 0) return false;
    const first = isTaken.indexOf(false);
    const here = `${first} ${openOnes(isTaken, first)} ${JSON.stringify(state)}`;
    if (seen.has(here)) return false;
    seen.add(here);
    for (const [at, call] of candidates(sorted, isTaken, first)) {
      for (const next of step(state, call)) {
        isTaken[at] = true;
        order.push(call);
        if (order.length > longest.length) longest = [...order];
        if (search(next)) return true;
        order.pop();
        isTaken[at] = false;
      }
    }
    return false;
  };

  if (search(initial)) return { kind: "order", calls: order };
  return left <= 0 ? { kind: "undecided" } : { kind: "none", longest };
}

/** Calls that can be the next one: none of the others ended before it began. */
function candidates<Each extends Call>(
  sorted: readonly Each[],
  isTaken: readonly boolean[],
  first: number,
): [number, Each][] {
  const open: [number, Each][] = [];
  let earliestEnd = Infinity;
  for (let at = first; at < sorted.length; at++) {
    const call = sorted[at];
    if (call === undefined || isTaken[at] === true) continue;
    if (call.begun > earliestEnd) break;
    earliestEnd = Math.min(earliestEnd, call.ended);
    open.push([at, call]);
  }
  return open.filter(([, { begun }]) => begun <= earliestEnd);
}

/** Which ones after the first that is not taken are. */
function openOnes(isTaken: readonly boolean[], first: number): string {
  return isTaken.slice(first, isTaken.lastIndexOf(true) + 1).map((taken) => taken ? "1" : "0").join("");
}
