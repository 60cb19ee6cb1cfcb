/**
 * A supervisor is killed at each of its writes and spawns: no command ever runs that is on no record.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { isAppError } from "../../../core/error.ts";
import { newDenoHost } from "../../../core/host/deno_host.ts";
import { ProcessRuntime } from "../../../runtimes/process/process_runtime.ts";
import { processPaths, readProcessExit, readProcessRun } from "../../../runtimes/process/process_record.ts";
import { safety, statusOf } from "../../contract/runtime_bench.ts";
import { type Death, dyingSupervisorArgv } from "../../support/dying_supervisor_main.ts";
import { newProcessBench } from "../../support/process_bench.ts";
import { SUPERVISOR_ARGV } from "../../support/supervise_main.ts";

const SETTLE_MS = 10_000;

/** Starts a command under a supervisor that dies there, and then once more; true when its end was recorded. */
async function isSeenToItsEnd(death: Death): Promise<boolean> {
  const point = `${death.leaving} of call ${death.at}`;
  await using bench = await newProcessBench(dyingSupervisorArgv(death));
  const { files } = bench.host;
  // It says who it is, so that a run that is on no record is seen.
  const spec = bench.newSpec({ command: ["sh", "-c", "echo $$ >>ran"] });
  const paths = processPaths(join(bench.directory, "root", "process", spec.name));
  const ran = async () => {
    const text = await bench.readWorkspace("ran").catch(() => "");
    return text.split("\n").filter((line) => line !== "").map(Number);
  };
  await bench.runtime.create(spec);
  const isStarted = await bench.runtime.start(spec.name).then(() => true, (error) => {
    if (!isAppError(error, "start_failed")) throw error;
    return false;
  });
  await untilEmpty(join(bench.directory, "workspace"));
  const first = await ran();
  const run = await readProcessRun(files, paths);
  assertEquals(first, first.length === 0 ? [] : [run?.child?.pid], `${point}: a command without a record`);
  assert(!isStarted || first.length === 1, `${point}: started, but it never ran`);
  if (run !== null) await bench.runtime.wait(spec.name, { signal: safety() });
  const { state } = await statusOf(bench.runtime, spec.name);
  assertEquals(state, run === null ? "created" : "exited", point);
  const isEndRecorded = await readProcessExit(files, paths) !== null;

  const again = new ProcessRuntime(newDenoHost({ selfArgv: SUPERVISOR_ARGV }), join(bench.directory, "root"));
  await again.start(spec.name);
  assertEquals((await again.wait(spec.name, { signal: safety() })).code, 0, point);
  assertEquals((await ran()).length, first.length + 1, `${point}: the next start`);
  return isEndRecorded;
}

/** Until no process works in the directory. */
async function untilEmpty(directory: string): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  while (isInUse(directory)) {
    assert(performance.now() < deadline, `something still runs in ${directory}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isInUse(directory: string): boolean {
  return [...Deno.readDirSync("/proc")].some(({ name }) => {
    try {
      return /^\d+$/.test(name) && Deno.readLinkSync(`/proc/${name}/cwd`) === directory;
    } catch {
      // It has ended meanwhile, or is another user's.
      return false;
    }
  });
}

Deno.test("supervise() leaves no command without a record, wherever it is killed", async () => {
  let points = 0;
  for (const leaving of ["all", "nothing"] as const) {
    for (let at = 1; !await isSeenToItsEnd({ at, leaving }); at++) points++;
  }
  assert(points >= 14, `${points} points: its calls are counted`);
});
