/**
 * Two ways to do the same, measured in turns so that whatever else the machine does hits both.
 *
 * @module
 */

/** What is compared. */
export interface Comparison {
  readonly what: string;
  /** The most that ours may take, as a multiple of theirs; null = it is only told. */
  readonly bar: number | null;
  /** Milliseconds that ours may take besides; default: none. */
  readonly slackMs?: number;
  /** Turns; the first one, with cold caches, is not counted. */
  readonly rounds: number;
  ours(): Promise<unknown>;
  theirs(): Promise<unknown>;
  /** Clears up after each turn; not measured. */
  after?(): Promise<unknown>;
}

/** The times of a comparison, medians in milliseconds. */
export interface ComparisonResult {
  readonly what: string;
  readonly oursMs: number;
  readonly theirsMs: number;
  readonly ratio: number;
  readonly withinBar: boolean;
}

/** Runs a comparison. */
export async function sideBySide(comparison: Comparison): Promise<ComparisonResult> {
  const { what, bar, slackMs = 0, rounds, ours, theirs } = comparison;
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const theirsMs = await timed(theirs);
    const oursMs = await timed(ours);
    await comparison.after?.();
    if (round === 0) continue;
    times.theirs.push(theirsMs);
    times.ours.push(oursMs);
  }
  const [oursMs, theirsMs] = [median(times.ours), median(times.theirs)];
  const ratio = oursMs / (theirsMs + slackMs);
  return { what, oursMs, theirsMs, ratio, withinBar: bar === null || ratio <= bar };
}

/** One line for people. */
export function formatComparison({ what, oursMs, theirsMs, ratio, withinBar }: ComparisonResult): string {
  const times = `${oursMs.toFixed(0)} ms / ${theirsMs.toFixed(0)} ms`;
  return `${what}: ${ratio.toFixed(2)} (${times})${withinBar ? "" : "  OVER THE BAR"}`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
