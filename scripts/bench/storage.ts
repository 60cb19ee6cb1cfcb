/**
 * What carrel does with the disk, beside the system's own tools in the same run: measuring beside `du`, seeding
 * beside `cp -a --reflink=auto` and `git clone --local`. `deno run -A scripts/bench/storage.ts [FILES]`. Exit 1
 * when something is over its bar.
 *
 * @module
 */
import { formatComparison } from "./side_by_side.ts";
import { measureSeed, reportSeed } from "./storage_seed.ts";
import { benchStorageUsage } from "./storage_usage.ts";

const MIB = 1024 * 1024;
const FILES = 100_000;

const files = Number(Deno.args[0] ?? FILES);
const { comparisons, peakGrowthBytes } = await benchStorageUsage(files);
const seed = reportSeed(await measureSeed());
const lines = [
  `storage usage, ${files} files`,
  ...comparisons.map((comparison) => `  ${formatComparison(comparison)}`),
  `  peak memory grew by ${(peakGrowthBytes / MIB).toFixed(1)} MiB`,
  ...seed.lines,
];
await Deno.stdout.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
if ([...comparisons, seed].some(({ withinBar }) => !withinBar)) Deno.exitCode = 1;
