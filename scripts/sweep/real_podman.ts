/**
 * Kills on real podman: `deno task sweep:podman`.
 *
 * Each command that has to do with a container is killed while podman and the container go on. Then the same request
 * is made again, under the same key, and everything is looked for: one task, its container and no other, one
 * answer, a doctor who is content.
 *
 * Rootful, where strace is there, it is killed at points of its own run: before it writes, renames, removes, syncs
 * or spawns, and when what it has spawned begins to run. Rootless or without strace, it is killed at moments.
 *
 *   --kills N      points or moments of each command (default 20)
 *   --seed N       which ones
 *   --scorecard    writes its part of docs/scorecard.md and docs/scorecard.json
 *
 * CARREL_BIN names the program, else it is dist/carrel; CARREL_TEST_IMAGE the image, else localhost/carrel-test.
 *
 * @module
 */
import { numberFlag } from "../number_flag.ts";
import { whyNoStrace } from "../why_no_strace.ts";
import { formatPodmanScore, type KillMode, type StruckLine, wordStruck } from "./format_podman.ts";
import { complaintsOf, summaryLine } from "./format_report.ts";
import { KILLED_LINES } from "./killed_lines.ts";
import { killAtMoments, killAtPoints } from "./kill_line.ts";
import { say } from "./say.ts";
import { writeScorecard } from "./scorecard.ts";
import { sweptProgram } from "./swept_program.ts";

const kills = numberFlag("kills", 20);
const seed = numberFlag("seed", 1);
const image = Deno.env.get("CARREL_TEST_IMAGE") || "localhost/carrel-test";
const user = Deno.uid() === 0 ? "rootful" : "rootless";
const obstacle = user === "rootful" ? await whyNoStrace() : "podman is rootless";
const mode: KillMode = obstacle === null ? "points" : "moments";
if (obstacle !== null) await say(`kills are timed: ${obstacle}`);

const begun = performance.now();
const base = await Deno.makeTempDir({ prefix: "carrel-podman-" });
const killing = { base, program: sweptProgram(), image, kills, seed };
const struck: StruckLine[] = [];
for (const line of KILLED_LINES) {
  const tally = await (mode === "points" ? killAtPoints : killAtMoments)(killing, line);
  struck.push({ line: line.name, ...tally });
  await say(wordStruck(mode, { line: line.name, ...tally }));
  for (const complaint of complaintsOf([tally])) await say(complaint);
}
await Deno.remove(base, { recursive: true });
const seconds = Math.round((performance.now() - begun) / 1000);
if (Deno.args.includes("--scorecard")) {
  const text = formatPodmanScore({ user, mode, kills, seed, seconds, struck });
  await writeScorecard({ name: `${user} podman`, text, figures: { mode, seed, seconds, struck } });
}
const { text, failed } = summaryLine(struck, []);
await say(text);
Deno.exit(failed === 0 ? 0 : 1);
