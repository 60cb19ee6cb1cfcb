/**
 * Measures what opening the state store costs a compiled program that does nothing else, as a part of what
 * an empty compiled program takes in the same run.
 *
 * Usage: startup.ts [--runs N]; compiles as `scripts/compile.ts` does
 *
 * @module
 */
import { join } from "@std/path";
import { sqliteStorage } from "../../core/state/sqlite/sqlite_storage.ts";
import { numberFlag } from "../number_flag.ts";
import { compileBenchProgram } from "./compile_bench_program.ts";
import { quantile } from "./quantile.ts";

const RUNS = numberFlag("runs", 60);
/** Until the files are in memory. */
const RUNS_BEFORE = 3;
const BAR = 0.25;

const place = await Deno.makeTempDir({ prefix: "carrel-startup-" });
try {
  const empty = await compileBenchProgram("empty_program", place);
  const open = await compileBenchProgram("open_store_program", place);
  const db = join(place, "state.db");
  await (await sqliteStorage(db)).close();
  const times: { empty: number; open: number }[] = [];
  for (let run = 0; run < RUNS_BEFORE + RUNS; run++) {
    times.push({ empty: await timeOf(empty, []), open: await timeOf(open, [db]) });
  }
  const measured = times.slice(RUNS_BEFORE);
  const at = (part: number) =>
    quantile(measured.map(({ open }) => open), part) / quantile(measured.map(({ empty }) => empty), part) - 1;
  await print(
    `Opening the store costs ${percent(at(0.5))} of an empty program's run (median of ${RUNS} runs each, ` +
      `in turn; first quartile ${percent(at(0.25))}, fastest ${percent(at(0))}). The bar is ${
        percent(BAR)
      }.\n`,
  );
} finally {
  await Deno.remove(place, { recursive: true });
}

async function timeOf(program: string, args: readonly string[]): Promise<number> {
  const begin = performance.now();
  const { success } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) throw new TypeError(`${program} failed`);
  return performance.now() - begin;
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}
