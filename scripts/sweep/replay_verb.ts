/**
 * Replays what one command has written into the states in which the power can leave the disk.
 *
 * @module
 */
import { afterPowerLoss } from "./attempt.ts";
import { crashedTree, crashStates } from "./crash_states.ts";
import type { Place } from "./place.ts";
import { sampleStates } from "./sample_states.ts";
import { newScene } from "./scene.ts";
import { readHistory } from "./storage_history.ts";
import { differences, readTree, writeTree } from "./storage_tree.ts";
import { describeUndisturbed, strike, type Tally } from "./sweep_verb.ts";
import type { RuntimeName, SweptVerb } from "./verbs.ts";
import { lookAround } from "./world.ts";

/** What the replay of one command has come to. */
export interface ReplayReport {
  readonly verb: string;
  readonly runtime: RuntimeName;
  readonly states: Tally;
}

/** What SQLite writes through memory, where no trace sees it; it is made anew by whoever opens the database first. */
const IN_MEMORY = /\.db-shm$/;

/** Replays it; `InvalidData` when the trace does not explain what is on disk after an undisturbed run. */
export async function replayVerb(
  place: Place,
  verb: SweptVerb,
  runtime: RuntimeName,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<ReplayReport> {
  const scene = await newScene(place, verb, runtime);
  const before = await lookAround(place);
  await place.reset();
  const tree = await readTree(place.dir);
  const recorded = await place.recorded(scene.words);
  const after = await readTree(place.dir);
  const expected = await describeUndisturbed(scene, before, recorded);
  const history = readHistory(recorded.calls, tree, { dir: place.dir, worthless: IN_MEMORY });
  const unexplained = differences(history.after, after, IN_MEMORY);
  if (unexplained.length > 0) {
    throw new Deno.errors.InvalidData(`${verb.name}: the trace does not explain ${unexplained.join(" ")}`);
  }
  const all = crashStates(history);
  const states = await strike(all, sampleStates(all, count, seed), async (state) => {
    await place.reset();
    await writeTree(crashedTree(history, state), place.dir);
    return { struck: state.key, aftermath: await afterPowerLoss(scene, expected, state) };
  });
  return { verb: verb.name, runtime, states };
}
