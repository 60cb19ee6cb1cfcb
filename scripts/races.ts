/**
 * Reruns the races that the reference loses, with many real processes on one file, many times each. Prints
 * how often what must hold did not, and how long the longest write took, waiting for the others included.
 * The exit status is 1 when anything was lost.
 *
 * Usage: races.ts [--processes N] [--rounds N] [--repeats N]
 *
 * @module
 */
import { join } from "@std/path";
import { newStyle } from "../core/cli/style.ts";
import { formatTable } from "../core/cli/table.ts";
import { sqliteStorage } from "../core/state/sqlite/sqlite_storage.ts";
import { type Arena, type Race, RACES, roundName } from "../tests/support/state_races.ts";
import { newWorkerPool } from "../tests/support/worker_pool.ts";
import { numberFlag } from "./number_flag.ts";

const PROCESSES = numberFlag("processes", 64);
const ROUNDS = numberFlag("rounds", 100);
/** How often each process does what counts, in each round. */
const REPEATS = numberFlag("repeats", 4);
/** So many losses of a race are told in full. */
const TOLD_MAX = 3;

const place = await Deno.makeTempDir({ prefix: "carrel-races-" });
const rows: string[][] = [];
let lost = 0;
try {
  const dbPath = join(place, "state.db");
  await using stores = await sqliteStorage(dbPath);
  await using pool = await newWorkerPool(dbPath, { processes: PROCESSES, repeats: REPEATS });
  for (const [name, race] of Object.entries(RACES)) {
    const { violations, seconds, longestMs } = await repeatRace({ dbPath, stores, pool }, name, race);
    lost += violations;
    rows.push([
      name,
      String(ROUNDS),
      String(PROCESSES),
      String(violations),
      seconds.toFixed(1),
      longestMs.toFixed(0),
    ]);
  }
} finally {
  await Deno.remove(place, { recursive: true });
}
const columns = [
  { header: "RACE" },
  { header: "ROUNDS", align: "right" },
  { header: "PROCESSES", align: "right" },
  { header: "VIOLATIONS", align: "right" },
  { header: "SECONDS", align: "right" },
  { header: "LONGEST WRITE, MS", align: "right" },
] as const;
await print(formatTable(columns, rows, { style: newStyle(false), columns: null }));
if (lost > 0) Deno.exit(1);

async function repeatRace(arena: Arena, name: string, race: Race) {
  let violations = 0;
  const begin = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    try {
      await race(arena, roundName(name, round));
    } catch (error) {
      violations++;
      if (violations <= TOLD_MAX) await print(`${name}, round ${round}: ${error}\n`);
    }
  }
  const seconds = (performance.now() - begin) / 1000;
  const waits = (await arena.pool.all("waits", name)).map(Number);
  return { violations, seconds, longestMs: Math.max(...waits) };
}

async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}
