/**
 * `storage usage` beside `du -s --apparent-size` on a tree of many files, and the memory it takes.
 *
 * @module
 */
import { join } from "@std/path";
import { openCarrel, TaskStorageInfo } from "../../core/mod.ts";
import { runProgram } from "./run_program.ts";
import { type ComparisonResult, sideBySide } from "./side_by_side.ts";

const BAR = 1;
const ROUNDS = 9;
const FILES_PER_DIRECTORY = 25;
const DIRECTORIES_PER_PACKAGE = 4;

/** What the bench found. */
export interface UsageBench {
  readonly comparisons: readonly ComparisonResult[];
  /** By how much the measuring raised the peak memory of this process. */
  readonly peakGrowthBytes: number;
}

/**
 * Measures a task with so many files. With `CARREL_BIN` in the environment the whole command is told too: its
 * start is the same for any number of files.
 */
export async function benchStorageUsage(files: number): Promise<UsageBench> {
  const root = await Deno.makeTempDir({ prefix: "carrel-bench-" });
  try {
    const taskDir = join(root, "sandbox-live", "tasks", "demo", "q7m2x");
    await makeTree(join(taskDir, "workspace-dangerous"), files);
    const carrel = await openCarrel({ root, configDir: join(root, "config") });
    const before = peakBytes();
    await TaskStorageInfo.measure(carrel, taskDir);
    const peakGrowthBytes = peakBytes() - before;
    const theirs = () => runProgram(["du", "-s", "--apparent-size", root]);
    const measuring = await sideBySide({
      what: "measuring / du",
      bar: BAR,
      rounds: ROUNDS,
      ours: () => TaskStorageInfo.measure(carrel, taskDir),
      theirs,
    });
    const binary = Deno.env.get("CARREL_BIN");
    const command = binary === undefined ? [] : [
      await sideBySide({
        what: "carrel storage usage / du",
        bar: null,
        rounds: ROUNDS,
        ours: () =>
          runProgram([binary, "storage", "usage", "--root", root, "--config-dir", join(root, "config")]),
        theirs,
      }),
    ];
    return { comparisons: [measuring, ...command], peakGrowthBytes };
  } finally {
    await runProgram(["rm", "-rf", root]);
  }
}

/** A tree in the shape of many packages: a few levels, small files. */
async function makeTree(workspace: string, files: number): Promise<void> {
  const content = new Uint8Array(1500);
  for (let made = 0, at = 0; made < files; at++) {
    const name = `pkg${Math.floor(at / DIRECTORIES_PER_PACKAGE)}`;
    const directory = join(workspace, "node_modules", name, `lib${at % DIRECTORIES_PER_PACKAGE}`);
    await Deno.mkdir(directory, { recursive: true });
    for (let file = 0; file < FILES_PER_DIRECTORY && made < files; file++, made++) {
      Deno.writeFileSync(join(directory, `file${file}.js`), content.subarray(0, (made * 37) % 1500));
    }
  }
}

/** The most memory that this process has had so far. */
function peakBytes(): number {
  const [, kib] = /^VmHWM:\s*(\d+) kB/m.exec(Deno.readTextFileSync("/proc/self/status")) ?? [];
  return Number(kib) * 1024;
}
