/**
 * What seeding a workspace costs, beside what the system's own tools cost in the same run.
 *
 * A repository with a history is made up, cached, and then in turn seeded by carrel, copied with
 * `cp -a --reflink=auto` and cloned with `git clone --local`, each round in another order. A seed and a copy are
 * measured as the tools leave them, and with a `sync -f` that a power loss cannot undo. A ratio is the median of
 * the rounds' ratios: what else the machine does changes from round to round.
 *
 * @module
 */
import { join } from "@std/path";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { type Carrel, openCarrel, seedWorkspaceFromCloneCache, syncCloneCache } from "../../core/mod.ts";
import { copySeed, flushSeed, placeSeed } from "../../core/storage/seed_workspace.ts";

/** A seed may cost so many times a plain copy of the same tree. */
const SEED_BAR = 1.1;

/** What is done in each round. */
type Work = "seed" | "copy" | "clone" | "flushed seed" | "flushed copy";

/** What is measured, milliseconds of each round. */
export interface SeedFigures {
  readonly files: number;
  readonly bytes: number;
  readonly ms: Readonly<Record<Work, readonly number[]>>;
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
    const copy = (to: string) => run("cp", "-a", "--reflink=auto", "--", `${cache}/.`, to);
    const works: readonly (readonly [Work, (to: string) => Promise<unknown>])[] = [
      ["seed", (to) => seed(carrel, to)],
      ["copy", copy],
      ["clone", (to) => run("git", "clone", "--quiet", "--local", upstream, to)],
      ["flushed seed", (to) => flushedSeed(carrel, to)],
      ["flushed copy", (to) => copy(to).then(() => run("sync", "-f", "--", to))],
    ];
    const ms = { seed: [], copy: [], clone: [], "flushed seed": [], "flushed copy": [] } as Record<
      Work,
      number[]
    >;
    for (let round = 0; round <= rounds; round++) {
      for (let turn = 0; turn < works.length; turn++) {
        const [name, work] = works[(round + turn) % works.length] ?? works[0]!;
        // Nothing is removed before the end: a disk is busy for long after a large removal.
        const took = await timed(() => work(join(place, `${name}-${round}`)));
        // The first round fills the machine's caches.
        if (round > 0) ms[name].push(took);
      }
    }
    return { ...await sizeOf(cache), ms };
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

/** A seed as a task's first launch makes it, but for what the launch does while it is flushed. */
async function flushedSeed(carrel: Carrel, workspace: string): Promise<void> {
  const project = parseProjectId("bench");
  const outcome = await copySeed(carrel, { workspace, project, originUrl: "/upstream" });
  if (outcome.kind !== "done") throw new TypeError("the workspace was not seeded");
  await flushSeed(carrel, outcome.result);
  await placeSeed(carrel, outcome.result);
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
  { files, bytes, ms }: SeedFigures,
): { readonly lines: readonly string[]; readonly withinBar: boolean } {
  const ratio = (ours: Work, theirs: Work) =>
    median(ms[ours].map((took, round) => took / (ms[theirs][round] ?? NaN)));
  const row = (name: string, work: Work) => `${name.padEnd(36)}${median(ms[work]).toFixed(0).padStart(6)} ms`;
  const [bare, flushed] = [ratio("seed", "copy"), ratio("flushed seed", "flushed copy")];
  const lines = [
    `a clone of ${files} files, ${(bytes / 1e6).toFixed(0)} MB; medians of ${ms.seed.length} rounds`,
    row("seed", "seed"),
    `${row("cp -a --reflink=auto", "copy")}   seed / cp    ${bare.toFixed(2)} (bar ${SEED_BAR})`,
    `${row("git clone --local", "clone")}   seed / clone ${ratio("seed", "clone").toFixed(2)}`,
    row("seed, flushed", "flushed seed"),
    `${row("cp -a --reflink=auto; sync -f", "flushed copy")}   seed / cp    ${
      flushed.toFixed(2)
    } (bar ${SEED_BAR})`,
  ];
  return { lines, withinBar: bare <= SEED_BAR && flushed <= SEED_BAR };
}

/** The middle one of some numbers. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
