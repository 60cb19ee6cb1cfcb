/**
 * Kills one command again and again while real podman works for it, each time in a new scene.
 *
 * @module
 */
import { join } from "@std/path";
import type { KilledLine } from "./killed_lines.ts";
import { Place } from "./place.ts";
import { PodmanScene } from "./podman_scene.ts";
import { killPoints, type PointRules, struckByKill } from "./points.ts";
import { newRandom } from "./random_operation.ts";
import type { Ran } from "./run_bounded.ts";
import { sampleWithSpawns } from "./sample_points.ts";
import { KILLED, strike, type Tally } from "./sweep_verb.ts";

/** What is killed, and how often. */
export interface Killing {
  /** An own directory. */
  readonly base: string;
  /** The compiled carrel. */
  readonly program: string;
  readonly image: string;
  /** Kills of each command. */
  readonly kills: number;
  /** Which points or moments those are at. */
  readonly seed: number;
}

/** The request of one attempt, and what was found when it had been made again. */
interface Attempted<Request extends Ran> {
  readonly ran: Request;
  readonly rules: PointRules;
  /** What does not hold, as sentences. */
  readonly problems: readonly string[];
  /** What there is in the end. */
  readonly sight: readonly string[];
}

/** Kills it at points of its own run that are enumerated from an undisturbed one; the engine is not traced. */
export async function killAtPoints(killing: Killing, line: KilledLine): Promise<Tally> {
  const undisturbed = await attempt(killing, line, (scene) => scene.tracedRequest());
  requireDone(line, undisturbed);
  const { rules } = undisturbed;
  const points = killPoints(undisturbed.ran.calls, rules);
  return await strike(points, sampleWithSpawns(points, killing.kills, killing.seed), async (point) => {
    const injection = { ...point, effect: "signal=SIGKILL" };
    const attempted = await attempt(killing, line, (scene) => scene.tracedRequest(injection));
    const { code, calls } = attempted.ran;
    return {
      struck: code === KILLED ? struckByKill(calls, rules, point) : null,
      aftermath: { violations: violationsOf(attempted, undisturbed), leftovers: [] },
    };
  });
}

/** Kills it at random moments of its run. */
export async function killAtMoments(killing: Killing, line: KilledLine): Promise<Tally> {
  const undisturbed = await attempt(killing, line, (scene) => scene.request());
  requireDone(line, undisturbed);
  const random = newRandom(killing.seed);
  const moments = Array.from({ length: killing.kills }, (_, at) => {
    const killAfterMs = undisturbed.ran.ms * random();
    return { key: `kill ${at + 1}, after ${killAfterMs.toFixed(1)} ms`, killAfterMs };
  });
  let inTime = 0;
  const tally = await strike(moments, moments, async ({ key, killAfterMs }) => {
    const attempted = await attempt(killing, line, (scene) => scene.request({ killAfterMs }));
    if (attempted.ran.code === KILLED) inTime++;
    return {
      struck: key,
      aftermath: { violations: violationsOf(attempted, undisturbed), leftovers: [] },
    };
  });
  return { ...tally, reached: inTime };
}

async function attempt<Request extends Ran>(
  { base, program, image }: Killing,
  line: KilledLine,
  request: (scene: PodmanScene) => Promise<Request>,
): Promise<Attempted<Request>> {
  await using place = new Place(join(base, "place"), program, "real");
  await using scene = await PodmanScene.prepare(place, line, image);
  const ran = await request(scene);
  const problems = await scene.converge();
  return {
    ran,
    rules: { places: { root: place.root, config: place.config } },
    problems,
    sight: await scene.look(),
  };
}

function requireDone({ name }: KilledLine, { ran, problems }: Attempted<Ran>): void {
  if (ran.code === 0 && problems.length === 0) return;
  const said = [`exit ${ran.code}`, ran.stderr.trim(), ...problems].join("; ");
  throw new Deno.errors.InvalidData(`${name}, which nothing strikes: ${said}`);
}

function violationsOf({ problems, sight }: Attempted<Ran>, undisturbed: Attempted<Ran>): string[] {
  return [
    ...problems,
    ...sight.filter((seen) => !undisturbed.sight.includes(seen)).map((seen) => `too much: ${seen}`),
    ...undisturbed.sight.filter((seen) => !sight.includes(seen)).map((seen) => `missing: ${seen}`),
  ];
}
