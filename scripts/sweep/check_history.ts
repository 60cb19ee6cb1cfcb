/**
 * What must hold of a history as a whole: unique ids, capacities, one execution per key.
 *
 * @module
 */
import type { Call } from "./find_order.ts";

/** A hold of a limited resource, as its holder saw it. */
export interface HoldCall extends Call {
  readonly kind: "acquire" | "release";
  readonly holder: string;
  readonly code: number;
  readonly token: number | null;
}

/** A request for a new task under a key. */
export interface KeyedCall extends Call {
  readonly key: string;
  readonly code: number;
  readonly taskId: string | null;
  readonly op: string | null;
}

/** Sentences about holds that cannot all have been given. */
export function checkCapacity(calls: readonly HoldCall[], capacity: number): string[] {
  const problems: string[] = [];
  const given = calls.filter(({ kind, code }) => kind === "acquire" && code === 0);
  const tokens = new Set(given.map(({ token }) => token));
  if (tokens.size < given.length) problems.push("one token was given twice");
  // Surely held: from the answer that gave it to the moment at which it was asked to be let go of.
  const holds = given.map((hold) => ({ from: hold.ended, to: endOf(hold, calls) }));
  for (const { from } of holds) {
    const held = holds.filter((each) => each.from <= from && from < each.to).length;
    if (held > capacity) problems.push(`${held} held at once of ${capacity}`);
  }
  for (const earlier of given) {
    const later = given.find(({ begun, token }) =>
      begun > earlier.ended && (token ?? 0) <= (earlier.token ?? 0)
    );
    if (later !== undefined) problems.push(`the token ${later.token} came after ${earlier.token}`);
  }
  return problems;
}

/** A release that overlaps the acquisition may have come after it: then nothing is sure. */
function endOf({ holder, begun }: HoldCall, calls: readonly HoldCall[]): number {
  const release = calls.find((call) =>
    call.kind === "release" && call.holder === holder && call.ended >= begun
  );
  return release?.begun ?? Infinity;
}

/**
 * Sentences about keys that stood for more than one execution, and ids that stood for more than one key.
 *
 * @example
 * ```ts
 * import { checkKeys } from "./check_history.ts";
 * import { assertEquals } from "@std/assert";
 * const call = { begun: 0, ended: 1, key: "k", code: 0, taskId: "q7w2x", op: "o" };
 * assertEquals(checkKeys([call, call]), []);
 * assertEquals(checkKeys([call, { ...call, taskId: "b8y3z" }]).length, 1);
 * ```
 */
export function checkKeys(calls: readonly KeyedCall[]): string[] {
  const problems: string[] = [];
  const owners = new Map<string, string>();
  const results = new Map<string, string>();
  for (const { key, code, taskId, op } of calls) {
    if (code !== 0) continue;
    const result = `${taskId} by ${op}`;
    const earlier = results.get(key) ?? result;
    if (earlier !== result) problems.push(`the key ${key} made ${earlier} and ${result}`);
    results.set(key, earlier);
    const owner = owners.get(taskId ?? "") ?? key;
    if (owner !== key) problems.push(`the id ${taskId} was given for ${owner} and for ${key}`);
    owners.set(taskId ?? "", owner);
  }
  return problems;
}
