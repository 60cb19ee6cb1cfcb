/**
 * Strikes one command at many points, each in a fresh copy of the same scene.
 *
 * @module
 */
import { afterError, afterKill, type Aftermath, type Undisturbed } from "./attempt.ts";
import { enginePoints } from "./engine_points.ts";
import type { Place } from "./place.ts";
import { type ErrorPoint, errorPoints, killPoints, struckByError, struckByKill } from "./points.ts";
import type { Ran } from "./run_bounded.ts";
import { samplePoints } from "./sample_points.ts";
import { newScene, type Scene } from "./scene.ts";
import { sightOf } from "./sight.ts";
import type { RuntimeName, SweptVerb } from "./verbs.ts";
import { lookAround } from "./world.ts";

/** How much is struck. */
export interface SweepSize {
  /** Points per command; `Infinity` for all. */
  readonly kills: number;
  readonly errors: number;
  /** Calls of podman that go wrong. */
  readonly faults: number;
  /** Also calls that hang, which takes half a minute each. */
  readonly hangs: boolean;
  /** Which points those are. */
  readonly seed: number;
}

/** What one way of striking has come to. */
export interface Tally {
  readonly enumerated: number;
  /** How many of them were aimed at. */
  readonly aimed: number;
  /** How many of the enumerated ones were struck. */
  readonly reached: number;
  readonly attempts: number;
  readonly violations: readonly Violation[];
  /** Struck points after which a file was left that nobody named. */
  readonly leftovers: readonly Violation[];
}

/** What does not hold, after which point was struck. */
export interface Violation {
  readonly point: string;
  readonly what: string;
}

/** What the sweep of one command has come to. */
export interface VerbReport {
  readonly verb: string;
  readonly runtime: RuntimeName;
  readonly kills: Tally;
  readonly errors: Tally;
  /** The engine's own failures. */
  readonly faults: Tally;
}

/** Longer than carrel waits for any call of podman. */
const PATIENCE_MS = 200_000;
/** Threads share the work as they please: a point may need more than one try. */
const TRIES = 3;
/** What a program exits with that was killed. */
export const KILLED = 137;

/** Sweeps it. */
export async function sweepVerb(
  place: Place,
  verb: SweptVerb,
  runtime: RuntimeName,
  { kills, errors, faults, hangs, seed }: SweepSize,
): Promise<VerbReport> {
  const scene = await newScene(place, verb, runtime);
  const rules = { places: { root: place.root, config: place.config } };
  const before = await lookAround(place);
  await place.reset();
  const traced = await place.traced(scene.words);
  const podmanCalls = await place.podmanCalls();
  const expected = await describeUndisturbed(scene, before, traced);
  const toKill = killPoints(traced.calls, rules);
  const toFail = errorPoints(traced.calls, rules);
  const toMisbehave = enginePoints(podmanCalls, { hangs });
  return {
    verb: verb.name,
    runtime,
    kills: await strike(toKill, samplePoints(toKill, kills, seed), async (point) => {
      await place.reset();
      const ran = await place.traced(scene.words, { ...point, effect: "signal=SIGKILL" });
      if (ran.code !== KILLED) return { struck: null };
      return { struck: struckByKill(ran.calls, rules, point), aftermath: await afterKill(scene, expected) };
    }),
    errors: await strike(toFail, samplePoints(toFail, errors, seed), async (point: ErrorPoint) => {
      await place.reset();
      const ran = await place.traced(scene.words, { ...point, effect: `error=${point.errno}` });
      const struck = struckByError(ran.calls, rules, point);
      if (struck === null) return { struck };
      return { struck, aftermath: await afterError(scene, expected, ran) };
    }),
    faults: await strike(toMisbehave, samplePoints(toMisbehave, faults, seed), async (point) => {
      await place.reset();
      const { key, how } = point;
      await place.misbehave(point);
      const ran = await place.carrel(scene.words, how === "hang" ? { timeoutMs: PATIENCE_MS } : {});
      if (!await place.hasMisbehaved()) return { struck: null };
      const isLost = how === "lose";
      return { struck: key, aftermath: await afterError(scene, expected, ran, { isLost }) };
    }),
  };
}

/** What the command does when nothing strikes it; it has just been run. */
export async function describeUndisturbed(
  { place, verb, looks }: Scene,
  before: Undisturbed["before"],
  { code, stderr }: Ran,
): Promise<Undisturbed> {
  if (code !== 0) {
    throw new Deno.errors.InvalidData(`${verb.name}, which nothing strikes, exits ${code}: ${stderr}`);
  }
  const world = await lookAround(place, { lines: looks });
  if (before.problems.length + world.problems.length > 0) {
    throw new Deno.errors.InvalidData([...before.problems, ...world.problems].join("; "));
  }
  const sight = await sightOf(place, world);
  const isSound = (await place.carrel(["doctor", "--json"])).code === 0;
  return { code, before, sight, isSound };
}

/** What has become of one attempt: the point that was struck, and what was seen after it. */
export type Attempt = { readonly struck: null } | {
  readonly struck: string | null;
  readonly aftermath: Aftermath;
};

/** Strikes at some of the points; each attempt makes itself a scene that is as it was. */
export async function strike<Each extends { readonly key: string }>(
  points: readonly Each[],
  aimed: readonly Each[],
  attempt: (point: Each) => Promise<Attempt>,
): Promise<Tally> {
  const enumerated = new Set(points.map(({ key }) => key));
  const reached = new Set<string>();
  const violations: Violation[] = [];
  const leftovers: Violation[] = [];
  let attempts = 0;
  for (const point of aimed) {
    for (let tries = 0; tries < TRIES && !reached.has(point.key); tries++) {
      attempts++;
      const result = await attempt(point);
      if (!("aftermath" in result)) continue;
      const name = result.struck ?? `elsewhere, for ${point.key}`;
      if (enumerated.has(name)) reached.add(name);
      violations.push(...result.aftermath.violations.map((what) => ({ point: name, what })));
      leftovers.push(...result.aftermath.leftovers.map((what) => ({ point: name, what })));
    }
  }
  return {
    enumerated: enumerated.size,
    aimed: aimed.length,
    reached: reached.size,
    attempts,
    violations,
    leftovers,
  };
}
