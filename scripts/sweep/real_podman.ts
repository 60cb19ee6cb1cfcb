/**
 * Kills on real podman: `deno task sweep:podman`.
 *
 * Each command that has to do with a container is killed at moments spread over its run, while podman and the
 * container go on. Then the same request is made again, under the same key, and everything is looked for: one
 * task, its container and no other, one answer, a doctor who is content. Runs rootful and rootless.
 *
 *   --kills N      moments of each command (default 20)
 *   --seed N       which moments
 *   --scorecard    writes its part of docs/scorecard.md and docs/scorecard.json
 *
 * CARREL_BIN names the program, else it is dist/carrel; CARREL_TEST_IMAGE the image, else localhost/carrel-test.
 *
 * @module
 */
import { join } from "@std/path";
import { numberFlag } from "../number_flag.ts";
import { KILLED_LINES, type KilledLine } from "./killed_lines.ts";
import { Place } from "./place.ts";
import { newRandom } from "./random_operation.ts";
import { PodmanScene } from "./podman_scene.ts";
import { say } from "./say.ts";
import { writeScorecard } from "./scorecard.ts";
import { sweptProgram } from "./swept_program.ts";

/** What the kills of one command have come to. */
interface Struck {
  readonly line: string;
  readonly kills: number;
  /** How many came before the command had ended. */
  readonly inTime: number;
  readonly violations: readonly string[];
}

const KILLED = 137;
const kills = numberFlag("kills", 20);
const seed = numberFlag("seed", 1);
const program = sweptProgram();
const image = Deno.env.get("CARREL_TEST_IMAGE") || "localhost/carrel-test";
const random = newRandom(seed);
const begun = performance.now();
const base = await Deno.makeTempDir({ prefix: "carrel-podman-" });
const struck: Struck[] = [];
for (const line of KILLED_LINES) {
  struck.push(await killLine(line));
  await say(wordStruck(struck.at(-1)));
}
await Deno.remove(base, { recursive: true });
const seconds = Math.round((performance.now() - begun) / 1000);
const user = Deno.uid() === 0 ? "rootful" : "rootless";
if (Deno.args.includes("--scorecard")) {
  await writeScorecard({ name: `${user} podman`, text: formatScore(), figures: { seed, seconds, struck } });
}
const failed = struck.reduce((sum, { violations }) => sum + violations.length, 0);
const attempts = struck.reduce((sum, each) => sum + each.kills, 0);
await say(`${Math.max(attempts - failed, 0)} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);

async function killLine(line: KilledLine): Promise<Struck> {
  const undisturbed = await attempt(line, null);
  const violations: string[] = [];
  let inTime = 0;
  for (let kill = 0; kill < kills; kill++) {
    const { code, sight, problems } = await attempt(line, undisturbed.ms * random());
    if (code === KILLED) inTime++;
    const changed = [
      ...sight.filter((seen) => !undisturbed.sight.includes(seen)).map((seen) => `too much: ${seen}`),
      ...undisturbed.sight.filter((seen) => !sight.includes(seen)).map((seen) => `missing: ${seen}`),
    ];
    const all = [...problems, ...changed];
    if (all.length > 0) violations.push(all.join("; "));
  }
  return { line: line.name, kills, inTime, violations };
}

async function attempt(line: KilledLine, killAfterMs: number | null) {
  await using place = new Place(join(base, "place"), program, "real");
  await using scene = await PodmanScene.prepare(place, line, image);
  const { code, ms, stderr } = await scene.request(killAfterMs === null ? {} : { killAfterMs });
  if (killAfterMs === null && code !== 0) throw new Deno.errors.InvalidData(`${line.name}: ${stderr}`);
  const problems = await scene.converge();
  return { code, ms, problems, sight: await scene.look() };
}

function wordStruck(each: Struck | undefined): string {
  if (each === undefined) return "";
  const { line, inTime, violations } = each;
  const complaints = violations.map((text) => `\n  ${text}`).join("");
  return `${line}: killed ${inTime} of ${kills} times, violations ${violations.length}${complaints}`;
}

function formatScore(): string {
  return [
    `## Real podman, ${user}`,
    "",
    `\`deno task sweep:podman --scorecard --kills ${kills} --seed ${seed}\`, ${seconds} s: carrel is killed at random`,
    "moments of its run; podman and the container go on.",
    "",
    "| command | moments | before its end | violations |",
    "| --- | ---: | ---: | ---: |",
    ...struck.map((each) => `| ${each.line} | ${each.kills} | ${each.inTime} | ${each.violations.length} |`),
  ].join("\n");
}
