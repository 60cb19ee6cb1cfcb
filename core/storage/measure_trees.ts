/**
 * Measures trees that agents have written.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { Config } from "../config/config.ts";
import { isAppError } from "../error.ts";
import { type ScanOptions, type ScanProgress, scanTrees } from "./scan_trees.ts";
import { TreeSum } from "./tree_sum.ts";
import { DENIED, type MeasuredTree } from "./tree_usage.ts";
import { walkTree } from "./walk_tree.ts";

/** A tree to measure. */
export interface Tree {
  readonly path: string;
  /** Says which runtime its files come from. */
  readonly config: Config;
}

/**
 * Adds figures to trees. A root that is absent or a link holds nothing. What this user may not read is tried
 * again with the runtime's view of users: in a rootless container others own what they write. Errors:
 * `storage_failed` when a scan breaks off.
 */
export async function measureTrees<T extends Tree>(
  carrel: Carrel,
  trees: readonly T[],
  onProgress: (progress: ScanProgress) => void = () => {},
): Promise<(T & MeasuredTree)[]> {
  const { host } = carrel;
  const pairs = trees.map((tree) => ({ tree, sum: new TreeSum(tree.path) }));
  if (!await scanTrees(host, pairs.map(({ sum }) => sum), { onProgress })) {
    for (const pair of pairs) pair.sum = await walkTree(host.files, pair.tree.path);
  }
  const denied = pairs.filter(({ sum }) => sum.measured.unreadable.some(({ reason }) => reason === DENIED));
  for (const [config, group] of Map.groupBy(denied, ({ tree }) => tree.config)) {
    const again = group.map((pair) => ({ pair, sum: new TreeSum(pair.tree.path) }));
    if (await scanAsOwner(carrel, config, again.map(({ sum }) => sum))) {
      for (const { pair, sum } of again) pair.sum = sum;
    }
  }
  return pairs.map(({ tree, sum }) => ({ ...tree, ...sum.measured }));
}

/** Scans as the owner of what the runtime's containers make; false when that gains nothing. */
async function scanAsOwner(carrel: Carrel, config: Config, trees: readonly TreeSum[]): Promise<boolean> {
  const plugin = carrel.plugins.find(({ name }) => name === config.getOrDefault("run.runtime"));
  if (plugin === undefined) return false;
  const asOwner: ScanOptions["asOwner"] = (argv) => plugin.ownerArgv(carrel.runtimeContext(config), argv);
  try {
    const [program] = await asOwner(["find"]);
    return program !== "find" && await scanTrees(carrel.host, trees, { asOwner });
  } catch (error) {
    // What was denied stays named: that is what is wrong here, not that this was no way around it.
    if (isAppError(error)) return false;
    throw error;
  }
}
