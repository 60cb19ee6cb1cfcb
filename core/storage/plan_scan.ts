/**
 * Divides a scan among calls of `find`.
 *
 * @module
 */
import type { Files } from "../port/host.ts";
import type { TreePart } from "./find_argv.ts";
import { findSplitDepth } from "./split_depth.ts";
import type { TreeSum } from "./tree_sum.ts";

/** One call of `find`. */
export interface ScanCall {
  /** The trees, in the order in which it comes to them. */
  readonly trees: readonly TreeSum[];
  /** What it looks at of each. */
  readonly part: TreePart;
}

/** So many paths fit on a command line, however long they are. */
const TREES_PER_CALL_MAX = 200;
/** Each call costs its start, and no more than two run at the same time. */
const CALLS_FOR_WHOLE_TREES = 2;

/** Plans the calls: first both halves of what can be divided, then the other trees. */
export async function planScan(
  files: Pick<Files, "info" | "list">,
  trees: readonly TreeSum[],
): Promise<ScanCall[]> {
  const depths = await Promise.all(trees.map(({ path }) => findSplitDepth(files, path)));
  const byDepth = Map.groupBy(trees.entries(), ([at]) => depths[at] ?? null);
  const calls: ScanCall[] = [];
  for (const [depth, members] of byDepth) {
    if (depth === null) continue;
    for (const some of chunks(members, TREES_PER_CALL_MAX)) {
      calls.push({ trees: some, part: { depth, half: "first" } });
      calls.push({ trees: some, part: { depth, half: "second" } });
    }
  }
  const whole = byDepth.get(null) ?? [];
  const share = Math.min(Math.ceil(whole.length / CALLS_FOR_WHOLE_TREES), TREES_PER_CALL_MAX);
  return [...calls, ...chunks(whole, share).map((some): ScanCall => ({ trees: some, part: "whole" }))];
}

function chunks(members: readonly (readonly [number, TreeSum])[], size: number): TreeSum[][] {
  const trees = members.map(([, tree]) => tree);
  const chunks: TreeSum[][] = [];
  while (trees.length > 0) chunks.push(trees.splice(0, size));
  return chunks;
}
