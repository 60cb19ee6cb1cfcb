/**
 * Scans trees with `find`, two processes at a time: that outruns a walk of one's own by far, and names that
 * are no UTF-8 are nothing special.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { invariant } from "../invariant.ts";
import type { Host } from "../port/host.ts";
import { findArgv, markRoot } from "./find_argv.ts";
import { FindRecords } from "./find_records.ts";
import { planScan, type ScanCall } from "./plan_scan.ts";
import { runFind } from "./run_find.ts";
import type { TreeSum } from "./tree_sum.ts";

/** How far a scan is. */
export interface ScanProgress {
  readonly files: number;
  readonly bytes: number;
}

/** What a scan may be given. */
export interface ScanOptions {
  /** The argv that runs `find` as somebody who may read more. */
  readonly asOwner?: (argv: readonly [string, ...string[]]) => Promise<readonly [string, ...string[]]>;
  /** Is called as figures come. */
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** More of them would wait for each other in the kernel. */
const CALLS_AT_ONCE = 2;
/** The unit of `st_blocks`, whatever the file system's own blocks are. */
const BLOCK_BYTES = 512;
/** The end of a root in a path that `markRoot` has made, and in every path below it. */
const ROOT = /^.*?\/\.\/[^/]*/s;

/**
 * Adds up trees. A root that is absent or a link holds nothing. False when this machine has no `find` that
 * prints sizes. Errors: `storage_failed` when a scan breaks off.
 */
export async function scanTrees(
  host: Pick<Host, "files" | "processes">,
  trees: readonly TreeSum[],
  options: ScanOptions = {},
): Promise<boolean> {
  const scan = new Scan(host, trees, options);
  const waiting = await planScan(host.files, trees);
  let goesOn = true;
  const work = async () => {
    for (let call = waiting.shift(); goesOn && call !== undefined; call = waiting.shift()) {
      const works = await scan.run(call).catch((error) => {
        goesOn = false;
        throw error;
      });
      goesOn &&= works;
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: CALLS_AT_ONCE }, work));
  for (const worker of workers) if (worker.status === "rejected") throw worker.reason;
  return goesOn;
}

class Scan {
  readonly #host: Pick<Host, "processes">;
  readonly #options: ScanOptions;
  readonly #byRoot: ReadonlyMap<string, TreeSum>;
  readonly #progress = { files: 0, bytes: 0 };

  constructor(host: Pick<Host, "processes">, trees: readonly TreeSum[], options: ScanOptions) {
    this.#host = host;
    this.#options = options;
    this.#byRoot = new Map(trees.map((tree) => [markRoot(tree.path), tree]));
  }

  /** Makes a call; false when this is not a `find` that can do what it is asked. */
  async run({ trees, part }: ScanCall): Promise<boolean> {
    const depthMin = part === "whole" || part.half === "first" ? 0 : part.depth + 1;
    let ended = 0;
    const records = new FindRecords({
      file: (depth, bytes, blocks, inode) => {
        const tree = trees[ended];
        invariant(tree !== undefined, "the end of the last tree is the last record");
        if (depth < depthMin || !tree.add(bytes, blocks * BLOCK_BYTES, inode)) return;
        this.#progress.files++;
        this.#progress.bytes += bytes;
      },
      endOfTree: () => void ended++,
    });
    const argv = findArgv(trees.map(({ path }) => path), part);
    const end = await runFind(this.#host, await this.#options.asOwner?.(argv) ?? argv, {
      onOutput: (piece) => {
        records.push(piece);
        this.#options.onProgress?.(this.#progress);
      },
      onUnreadable: ({ path, reason }) => {
        const tree = this.#byRoot.get(ROOT.exec(path)?.[0] ?? "") ?? trees[0];
        tree?.miss(path.replace("/./", "/"), reason);
      },
    });
    if (ended === trees.length && end?.isExplained) return true;
    // One that does not know an argument says so at once.
    if (end === null || (end.code !== null && ended === 0)) return false;
    const reason = end.said || (end.signal ?? `exit status ${end.code}`);
    throw new AppError("storage_failed", `the scan broke off: ${reason}`, {
      hint: "try again; something on this machine ended find",
    });
  }
}
