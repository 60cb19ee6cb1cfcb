/**
 * The kill and error sweep over the compiled program: `deno task sweep`.
 *
 * Each changing command is killed at every one of its writes, renames, removals, syncs and spawns, and each of
 * its calls on carrel's own files is made to fail; after each, everything that was promised is looked for,
 * through carrel's commands alone.
 *
 *   --quick           a sample of each command's points
 *   --verbs A,B       only commands whose name contains A or B
 *   --json FILE       the results as JSON
 *   --scorecard       writes docs/scorecard.md
 *   --kills N, --errors N, --faults N    so many points of each command
 *   --seed N          which points a sample has
 *
 * CARREL_BIN names the program; else it is dist/carrel.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { missingVerbs } from "./missing_verbs.ts";
import { parseOptions } from "./parse_options.ts";
import { Place } from "./place.ts";
import { complaintsOf, formatReport, formatScore, summaryLine, wordTallies } from "./format_report.ts";
import { writeScorecard } from "./scorecard.ts";
import { sweepVerb, type VerbReport } from "./sweep_verb.ts";
import { VERBS } from "./verbs.ts";

const REPOSITORY = fromFileUrl(new URL("../..", import.meta.url));
const PARALLEL = 2;

const options = parseOptions(Deno.args);
const program = Deno.env.get("CARREL_BIN") || join(REPOSITORY, "dist/carrel");

if (!await hasStrace()) {
  await say("skipped: strace is not installed (apt-get install -y strace)");
  Deno.exit(0);
}
const missing = await missingVerbs(program, VERBS);
for (const command of missing) {
  await say(`not swept: \`carrel ${command}\` changes something; give it a row in verbs.ts`);
}

const begun = performance.now();
const reports = await sweepAll();
const seconds = Math.round((performance.now() - begun) / 1000);
const report = { seed: options.seed, quick: options.quick, seconds, missing, reports };
await say(formatReport(reports));
if (options.json !== null) await Deno.writeTextFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.scorecard) {
  await writeScorecard(join(REPOSITORY, "docs/scorecard.md"), "kills and errors", formatScore(report));
}
const { text, failed } = summaryLine(reports, missing);
await say(text);
Deno.exit(failed === 0 ? 0 : 1);

/** Each place takes the next command when it is done with one. */
async function sweepAll(): Promise<VerbReport[]> {
  const jobs = VERBS
    .filter(({ name }) => options.verbs === null || options.verbs.some((part) => name.includes(part)))
    .flatMap((verb) => verb.runtimes.map((runtime) => ({ verb, runtime })));
  const done: VerbReport[] = [];
  const base = await Deno.makeTempDir({ prefix: "carrel-sweep-" });
  const work = async (slot: number) => {
    await using place = new Place(join(base, `${slot}`), program);
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const swept = await sweepVerb(place, job.verb, job.runtime, options.size);
      done.push(swept);
      await say(wordTallies(swept));
      for (const line of complaintsOf(swept)) await say(line);
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, (_, slot) => work(slot)));
  } finally {
    await Deno.remove(base, { recursive: true });
  }
  return done.toSorted((a, b) => a.verb.localeCompare(b.verb) || a.runtime.localeCompare(b.runtime));
}

async function hasStrace(): Promise<boolean> {
  try {
    return (await new Deno.Command("strace", { args: ["-V"], stdout: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function say(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}
