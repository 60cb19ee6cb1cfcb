/**
 * The kill and error sweep over the compiled program: `deno task sweep`.
 *
 * Each changing command is killed at every one of its writes, renames, removals, syncs and spawns, and when what it
 * has spawned begins to run; each of its calls on carrel's own files is made to fail. After each, everything that
 * was promised is looked for, through carrel's commands alone.
 *
 *   --quick           a sample of each command's points
 *   --verbs A,B       only commands whose name contains A or B
 *   --json FILE       the results as JSON
 *   --scorecard       writes its part of docs/scorecard.md and docs/scorecard.json
 *   --kills N, --errors N, --faults N    so many points of each command
 *   --seed N          which points a sample has
 *
 * CARREL_BIN names the program; else it is dist/carrel.
 *
 * @module
 */
import { chooseJobs, inPlaces } from "./in_places.ts";
import { missingVerbs } from "./missing_verbs.ts";
import { parseOptions } from "./parse_options.ts";
import {
  complaintsOf,
  formatReport,
  formatScore,
  summaryLine,
  talliesOf,
  wordTallies,
} from "./format_report.ts";
import { say } from "./say.ts";
import { writeScorecard } from "./scorecard.ts";
import { tracedProgram } from "./swept_program.ts";
import { sweepVerb } from "./sweep_verb.ts";
import { VERBS } from "./verbs.ts";

const options = parseOptions(Deno.args);
const program = await tracedProgram();

const missing = await missingVerbs(program, VERBS);
for (const command of missing) {
  await say(`not swept: \`carrel ${command}\` changes something; give it a row in verbs.ts`);
}

const begun = performance.now();
const reports = await inPlaces(program, chooseJobs(options.verbs), async (place, { verb, runtime }) => {
  const swept = await sweepVerb(place, verb, runtime, options.size);
  await say(wordTallies(swept));
  for (const line of complaintsOf(talliesOf(swept))) await say(line);
  return swept;
});
const seconds = Math.round((performance.now() - begun) / 1000);
const { kills, errors, seed } = options.size;
const report = { size: { kills, errors, seed }, quick: options.quick, seconds, missing, reports };
await say(formatReport(reports));
if (options.json !== null) await Deno.writeTextFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.scorecard) {
  await writeScorecard({ name: "kills and errors", text: formatScore(report), figures: report });
}
const { text, failed } = summaryLine(reports.flatMap(talliesOf), missing);
await say(text);
Deno.exit(failed === 0 ? 0 : 1);
