/**
 * Measures every operation of the nine stores, and the verbs of their managers, in memory and in SQLite
 * (synchronous FULL and NORMAL), beside the access pattern of the reference in the same run. Prints how many
 * times faster than that pattern each is: the median over all rounds. Where there is no python3 for it,
 * carrel's own plainest write and read take its place.
 *
 * Usage: state.ts [--rounds N] [--calls N]
 *
 * @module
 */
import { join } from "@std/path";
import { countOwnSyncs, countReferenceSyncs } from "./count_syncs.ts";
import { allOperations, measureRound, type RoundTimes } from "./measure_round.ts";
import { numberFlag } from "../number_flag.ts";
import { openBackend } from "./open_backend.ts";
import { hasCounterpart, type Operation } from "./operation.ts";
import { describeReference, startReference } from "./reference_process.ts";
import { stateReport } from "./state_report.ts";
import { whyNoStrace } from "../why_no_strace.ts";

const ROUNDS = numberFlag("rounds", 20);
const CALLS = numberFlag("calls", 40);
/** Until the code is compiled and the files have their size. */
const ROUNDS_BEFORE = 3;

const description = await describeReference();
const place = await Deno.makeTempDir({ prefix: "carrel-bench-" });
try {
  await print(`${ROUNDS} rounds of ${CALLS} calls each, lists of ${CALLS} rows\n`);
  await print(
    description === null
      ? "no python3 here: times faster than carrel's own setSession or getSession at FULL\n"
      : `times faster than the reference's access pattern (${description})\n`,
  );
  const traces = await whyNoStrace() === null;
  if (!traces) await print("no strace here, or it may not trace: flushes to the disk are not counted\n");
  const { operations, rounds } = await measureRounds();
  const syncs = traces ? await countSyncs(operations) : null;
  const bars = description === null ? {} : { write: 6, read: 20 };
  await print(`\n${stateReport({ operations, rounds, syncs, bars })}`);
} finally {
  await Deno.remove(place, { recursive: true });
}

async function measureRounds(): Promise<{ operations: readonly Operation[]; rounds: RoundTimes[] }> {
  await using full = await openBackend("full", place);
  await using normal = await openBackend("normal", place);
  await using memory = await openBackend("memory", place);
  await using reference = description === null ? null : startReference(join(place, "reference.db"));
  const operations = {
    full: allOperations(full),
    normal: allOperations(normal),
    memory: allOperations(memory),
  };
  const rounds: RoundTimes[] = [];
  for (let round = 0; round < ROUNDS_BEFORE + ROUNDS; round++) {
    rounds.push(await measureRound(operations, reference, CALLS));
  }
  return { operations: operations.full, rounds: rounds.slice(ROUNDS_BEFORE) };
}

async function countSyncs(operations: readonly Operation[]) {
  const traced = join(place, "traced");
  await Deno.mkdir(traced);
  const names = operations.filter(hasCounterpart).map(({ name }) => name);
  return {
    own: await countOwnSyncs(traced, CALLS),
    reference: description === null ? new Map() : await countReferenceSyncs(traced, names, CALLS),
  };
}

async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}
