/**
 * The flags of the sweep.
 *
 * @module
 */
import type { SweepSize } from "./sweep_verb.ts";

/** What is asked for. */
export interface SweepOptions {
  readonly quick: boolean;
  /** Parts of commands' names; null for all. */
  readonly verbs: readonly string[] | null;
  /** A file for the results. */
  readonly json: string | null;
  readonly scorecard: boolean;
  readonly seed: number;
  readonly size: SweepSize;
  /** States of the disk per command, for the power-loss replay. */
  readonly states: number;
}

const QUICK = { kills: 2, errors: 1, faults: 1, states: 3, hangs: false };
const FULL = { kills: 40, errors: 40, faults: Infinity, states: 60, hangs: true };
const WITH_A_VALUE = ["--verbs", "--json", "--seed", "--kills", "--errors", "--faults", "--states"];

/**
 * Reads them; `TypeError` for what is no flag.
 *
 * @example
 * ```ts
 * import { parseOptions } from "./parse_options.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseOptions(["--verbs", "lock,task run"]).verbs, ["lock", "task run"]);
 * ```
 */
export function parseOptions(words: readonly string[]): SweepOptions {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (["--quick", "--scorecard"].includes(word)) flags.add(word);
    else if (WITH_A_VALUE.includes(word)) {
      const value = rest.shift();
      if (value === undefined) throw new TypeError(`${word} needs a value`);
      values.set(word, value);
    } else throw new TypeError(`no flag of the sweep: ${word}`);
  }
  const quick = flags.has("--quick");
  const usual = quick ? QUICK : FULL;
  const seed = numberOf(values.get("--seed"), 1);
  return {
    quick,
    verbs: values.get("--verbs")?.split(",") ?? null,
    json: values.get("--json") ?? null,
    scorecard: flags.has("--scorecard"),
    seed,
    states: numberOf(values.get("--states"), usual.states),
    size: {
      kills: numberOf(values.get("--kills"), usual.kills),
      errors: numberOf(values.get("--errors"), usual.errors),
      faults: numberOf(values.get("--faults"), usual.faults),
      hangs: usual.hangs,
      seed,
    },
  };
}

function numberOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`no number: ${text}`);
  return value;
}
