/**
 * What seeding a workspace costs, beside what the system's own tools cost in the same run.
 *
 * A repository with a history is made up, cached, and then in turn seeded by carrel, copied with
 * `cp -a --reflink=auto` and cloned with `git clone --local`, each round in another order. A ratio is the median
 * of the rounds' ratios: what else the machine does changes from round to round.
 *
 * @module
 */
import { join } from "@std/path";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { type Carrel, openCarrel, seedWorkspaceFromCloneCache, syncCloneCache } from "../../core/mod.ts";

/** A seed may cost so many times a plain copy of the same tree. */
const SEED_BAR = 1.1;

/** What is measured, milliseconds of each round. */
export interface SeedFigures {
  readonly files: number;
  readonly bytes: number;
  readonly seedMs: readonly number[];
  readonly copyMs: readonly number[];
  readonly cloneMs: readonly number[];
}

const DIRECTORIES = 400;
const FILES_PER_DIRECTORY = 50;
const COMMITS = 50;
const ROUNDS = 7;

/** Makes the repository and measures; everything is in a temporary directory that goes away. */
export async function measureSeed(rounds: number = ROUNDS): Promise<SeedFigures> {
  const place = await Deno.makeTempDir({ prefix: "carrel-bench-" });
  try {
    const upstream = join(place, "upstream.git");
    await makeRepository(upstream);
    const carrel = await openBench(place, upstream);
    const { path: cache } = await syncCloneCache(carrel, "bench");
    const figures = { seedMs: [] as number[], copyMs: [] as number[], cloneMs: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      const target = (what: string) => join(place, `${what}-${round}`);
      const works = [
        ["seedMs", () => seed(carrel, target("seed"))],
        ["copyMs", () => run("cp", "-a", "--reflink=auto", "--", `${cache}/.`, target("copy"))],
        ["cloneMs", () => run("git", "clone", "--quiet", "--local", upstream, target("clone"))],
      ] as const;
      for (let turn = 0; turn < works.length; turn++) {
        const [name, work] = works[(round + turn) % works.length] ?? works[0];
        const ms = await timed(work);
        // The first round fills the machine's caches.
        if (round > 0) figures[name].push(ms);
      }
      await run("rm", "-rf", target("seed"), target("copy"), target("clone"));
    }
    return { ...await sizeOf(cache), ...figures };
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

async function openBench(place: string, upstream: string): Promise<Carrel> {
  const configDir = join(place, "config");
  await Deno.mkdir(join(configDir, "projects/bench"), { recursive: true });
  const settings = `run: {runtime: fake}\ngit: {upstream_url: "${upstream}"}\n`;
  await Deno.writeTextFile(join(configDir, "projects/bench/project.yml"), settings);
  return await openCarrel({ root: join(place, "root"), configDir, host: newDenoHost() });
}

async function seed(carrel: Carrel, workspace: string): Promise<void> {
  const isSeeded = await seedWorkspaceFromCloneCache(carrel, workspace, "bench", { originUrl: "/upstream" });
  if (!isSeeded) throw new TypeError("the workspace was not seeded");
}

/** Milliseconds that something takes, begun when the disk has nothing left to write. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  await run("sync");
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/** A repository of made-up text: many files, each changed now and then. */
async function makeRepository(dir: string): Promise<void> {
  await run("git", "init", "--quiet", "--bare", "--initial-branch", "main", dir);
  const child = new Deno.Command("git", {
    args: ["-C", dir, "fast-import", "--quiet"],
    stdin: "piped",
    stdout: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const encoder = new TextEncoder();
  for (let commit = 0; commit < COMMITS; commit++) await writer.write(encoder.encode(commitText(commit)));
  await writer.close();
  if (!(await child.status).success) throw new TypeError("git fast-import failed");
  await run("git", "-C", dir, "repack", "-adq");
}

/** One commit for fast-import: the first writes every file, each later one a fiftieth of them. */
function commitText(commit: number): string {
  const lines = [
    "commit refs/heads/main",
    `committer Ada <ada@localhost> ${1_700_000_000 + commit} +0000`,
    "data 6",
    "change",
  ];
  for (let index = 0; index < DIRECTORIES * FILES_PER_DIRECTORY; index++) {
    if (commit > 0 && index % COMMITS !== commit) continue;
    const text = fileText(index, commit);
    lines.push(`M 100644 inline d${index % DIRECTORIES}/f${index}.txt`, `data ${text.length}`, text);
  }
  return `${lines.join("\n")}\n`;
}

/** Between half and eight kilobytes, as the files of a usual repository. */
function fileText(index: number, commit: number): string {
  const count = 10 + (index * 7919) % 150;
  return Array.from(
    { length: count },
    (_, line) => `line ${line} of ${index}: ${(index * line * 2654435761) % 1e9} ${commit}`,
  )
    .join("\n");
}

async function sizeOf(dir: string): Promise<{ files: number; bytes: number }> {
  const sizes = (await run("find", dir, "-type", "f", "-printf", "%s\\n")).trim().split("\n").map(Number);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function run(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  if (!success) throw new TypeError(`${program} failed: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

/** The figures in words, and whether they are within the bar. */
export function reportSeed(
  { files, bytes, seedMs, copyMs, cloneMs }: SeedFigures,
): { readonly lines: readonly string[]; readonly withinBar: boolean } {
  const against = (others: readonly number[]) =>
    median(seedMs.map((ms, round) => ms / (others[round] ?? NaN)));
  const row = (name: string, rounds: readonly number[]) =>
    `${name.padEnd(22)}${median(rounds).toFixed(0).padStart(6)} ms`;
  const ratio = against(copyMs);
  const lines = [
    `a clone of ${files} files, ${(bytes / 1e6).toFixed(0)} MB; medians of ${seedMs.length} rounds`,
    row("seed", seedMs),
    `${row("cp -a --reflink=auto", copyMs)}   seed / cp    ${ratio.toFixed(2)} (bar ${SEED_BAR})`,
    `${row("git clone --local", cloneMs)}   seed / clone ${against(cloneMs).toFixed(2)}`,
  ];
  return { lines, withinBar: ratio <= SEED_BAR };
}

/** The middle one of some numbers. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
