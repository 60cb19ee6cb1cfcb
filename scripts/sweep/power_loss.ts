/**
 * The power-loss replay over the compiled program: `deno task sweep:power`.
 *
 * Each changing command is run once under strace, which writes down every byte that it and its children (git, cp,
 * rm) write. From that, states are made in which the disk may be found when the power has gone: what was flushed
 * is there, of the rest any part may be (`crash_states.ts`). In each of them everything that was promised is
 * looked for, through carrel's commands alone: what had been answered is there, the next command works, the same
 * request converges, the doctor has nothing to complain of.
 *
 * SQLite's database and write-ahead log are replayed like every other file, write by write. Its shared memory
 * (`-shm`) is written without calls and is left empty: whoever opens the database first makes it anew.
 * That nothing else was missed is checked: all calls together must make of the tree before the tree after.
 *
 * What is not shown: modes are taken to be durable at once; a flush is believed, also by a disk that lies; moves
 * across file systems. The runtime is `fake`, whose containers are on carrel's own disk and are replayed like
 * everything else; those of `podman` and `process` would have stopped.
 *
 *   --quick           a sample of each command's states
 *   --verbs A,B       only commands whose name contains A or B
 *   --json FILE       the results as JSON
 *   --scorecard       writes its part of docs/scorecard.md
 *   --states N        so many states of each command
 *   --seed N          which states a sample has
 *
 * CARREL_BIN names the program; else it is dist/carrel.
 *
 * @module
 */
import { formatReplayScore, wordReplay } from "./format_replay.ts";
import { complaintsOf, summaryLine } from "./format_report.ts";
import { chooseJobs, inPlaces } from "./in_places.ts";
import { parseOptions } from "./parse_options.ts";
import { replayVerb } from "./replay_verb.ts";
import { say } from "./say.ts";
import { writeScorecard } from "./scorecard.ts";
import { tracedProgram } from "./swept_program.ts";

const options = parseOptions(Deno.args);
const program = await tracedProgram();

const begun = performance.now();
const jobs = chooseJobs(options.verbs).filter(({ runtime }) => runtime === "fake");
const reports = await inPlaces(program, jobs, async (place, { verb, runtime }) => {
  const replayed = await replayVerb(place, verb, runtime, { count: options.states, seed: options.seed });
  await say(wordReplay(replayed));
  for (const line of complaintsOf([replayed.states])) await say(line);
  return replayed;
});
const seconds = Math.round((performance.now() - begun) / 1000);
const { seed, states: count } = options;
const report = { seed, states: count, quick: options.quick, seconds, reports };
if (options.json !== null) await Deno.writeTextFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.scorecard) {
  await writeScorecard({ name: "power loss", text: formatReplayScore(report), figures: report });
}
const { text, failed } = summaryLine(reports.map(({ states }) => states), []);
await say(`${seconds} s`);
await say(text);
Deno.exit(failed === 0 ? 0 : 1);
