/**
 * Shares commands out among a few places.
 *
 * @module
 */
import { join } from "@std/path";
import { Place } from "./place.ts";
import { type RuntimeName, type SweptVerb, VERBS } from "./verbs.ts";

/** One command with one runtime. */
export interface Job {
  readonly verb: SweptVerb;
  readonly runtime: RuntimeName;
}

const PARALLEL = 2;

/** Every command whose name contains one of `parts` (all for null), with each of its runtimes. */
export function chooseJobs(parts: readonly string[] | null): Job[] {
  return VERBS
    .filter(({ name }) => parts === null || parts.some((part) => name.includes(part)))
    .flatMap((verb) => verb.runtimes.map((runtime) => ({ verb, runtime })));
}

/** Each place takes the next command when it is done with one. The results are sorted by command. */
export async function inPlaces<Report extends { readonly verb: string; readonly runtime: RuntimeName }>(
  program: string,
  jobs: readonly Job[],
  sweep: (place: Place, job: Job) => Promise<Report>,
): Promise<Report[]> {
  const left = [...jobs];
  const done: Report[] = [];
  const base = await Deno.makeTempDir({ prefix: "carrel-sweep-" });
  const work = async (slot: number) => {
    await using place = new Place(join(base, `${slot}`), program);
    for (let job = left.shift(); job !== undefined; job = left.shift()) done.push(await sweep(place, job));
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, (_, slot) => work(slot)));
  } finally {
    await Deno.remove(base, { recursive: true });
  }
  return done.toSorted((a, b) => a.verb.localeCompare(b.verb) || a.runtime.localeCompare(b.runtime));
}
