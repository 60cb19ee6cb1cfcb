/**
 * The supervisor on a scripted machine: ends, limits, refusals, failing disks.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type MemoryHost, newMemoryHost } from "../../../core/host/memory_host.ts";
import type { ScriptedResult } from "../../../core/host/memory_processes.ts";
import { probeProcesses } from "../../../runtimes/process/probe_processes.ts";
import {
  processPaths,
  readProcessExit,
  readProcessRun,
  readProcessStart,
} from "../../../runtimes/process/process_record.ts";
import { ProcessRuntime } from "../../../runtimes/process/process_runtime.ts";
import { supervise } from "../../../runtimes/process/supervise.ts";
import type { Processes } from "../../../core/port/host.ts";
import { newFaultyHost } from "../../support/faulty_host.ts";
import { newTestSpec } from "../../support/test_spec.ts";

const NAME = "demo-run-q7m2x";
const PATHS = processPaths(`/srv/core/process/${NAME}`);

/** A machine with one created container whose command does this once it is let go; `mayRun` is a shell's answer. */
async function newMachine(
  result: ScriptedResult,
  { timeoutS = null, mayRun = 0 }: { timeoutS?: number | null; mayRun?: number } = {},
): Promise<MemoryHost> {
  const host = newMemoryHost();
  host.files.put("/usr/bin/tool", "", 0o755);
  host.files.symlink(String(host.processes.start().pid), "/proc/self");
  for (const directory of ["/proc/1001", "/bench/workspace", "/bench/logs"]) host.files.putDir(directory);
  host.processes.onCommand(({ argv, how, stdin }) => {
    if (argv[0] !== "/bin/sh") return undefined;
    if (how === "run") return { code: mayRun };
    return new TextDecoder().decode(stdin) === "go\n" ? result : { code: 1 };
  });
  const runtime = new ProcessRuntime(host, "/srv/core");
  await runtime.create(newTestSpec(NAME, "/bench", { command: ["tool", "a b"], timeoutS }));
  return host;
}

Deno.test("supervise() starts the command in its directory and records its end", async () => {
  const host = await newMachine({ code: 7, stdout: "out\n", stderr: "err" });
  await supervise(host, PATHS.directory);
  const command = host.processes.commands.find(({ how }) => how === "spawn");
  assertEquals(command?.argv.slice(-2), ["/usr/bin/tool", "a b"]);
  assertEquals([command?.cwd, command?.clearEnv], ["/bench/workspace", true]);
  assertEquals((await readProcessStart(host.files, PATHS))?.exit, null);
  const exit = await readProcessExit(host.files, PATHS);
  const run = await readProcessRun(host.files, PATHS);
  assertEquals([exit?.code, exit?.reason, exit?.started_at_micros], [7, "exited", run?.started_at_micros]);
  const log = await host.files.readText(`/bench/logs/${NAME}.log`);
  assertEquals(log.split("\n").map((line) => line.split(" ").slice(1).join(" ")).sort(), [
    "",
    "stderr P err",
    "stdout F out",
  ]);
});

Deno.test("supervise() records a death by signal", async () => {
  const host = await newMachine({ signal: "SIGSEGV" });
  await supervise(host, PATHS.directory);
  const exit = await readProcessExit(host.files, PATHS);
  assertEquals([exit?.code, exit?.reason], [139, "signal"]);
});

Deno.test("supervise() ends a command whose time is up, and says so", async () => {
  const host = await newMachine({ durationMs: 3_600_000 }, { timeoutS: 60 });
  await supervise(host, PATHS.directory);
  const exit = await readProcessExit(host.files, PATHS);
  assertEquals([exit?.code, exit?.reason], [143, "timeout"]);
  const run = await readProcessRun(host.files, PATHS);
  const seconds = Math.floor(((exit?.finished_at_micros ?? 0) - (run?.started_at_micros ?? 0)) / 1_000_000);
  assertEquals(seconds, 60);
});

Deno.test("supervise() lets a command be that ends within its time", async () => {
  const host = await newMachine({ durationMs: 59_000 }, { timeoutS: 60 });
  await supervise(host, PATHS.directory);
  assertEquals((await readProcessExit(host.files, PATHS))?.reason, "exited");
});

Deno.test("supervise() answers a start that cannot be, and records no run", async () => {
  const host = await newMachine({});
  await host.files.removeFile("/usr/bin/tool");
  await supervise(host, PATHS.directory);
  assertEquals((await readProcessStart(host.files, PATHS))?.exit, 127);
  assertEquals(await readProcessRun(host.files, PATHS), null);
});

Deno.test("supervise() answers what the system would refuse to run, and does not hold it", async () => {
  const refused = async (mayRun: number) => {
    const host = await newMachine({}, { mayRun });
    host.files.put("/usr/bin/tool", "#! /bin/none -x\n", 0o755);
    await supervise(host, PATHS.directory);
    assertEquals(host.processes.commands.map(({ how }) => how), ["run"]);
    assertEquals(host.processes.commands[0]?.argv.slice(-2), ["/usr/bin/tool", "/bin/none"]);
    const start = await readProcessStart(host.files, PATHS);
    return [start?.exit, start?.message];
  };
  assertEquals(await refused(3), [125, "cannot run tool: permission denied"]);
  assertEquals(await refused(4), [
    125,
    "cannot run tool: its interpreter /bin/none is missing, or not executable",
  ]);
});

Deno.test("supervise() lets the command go when its run is on record, and answers after that", async () => {
  const counted = newFaultyHost(await newMachine({}));
  const before: string[] = [];
  const spawn: Processes["spawn"] = (spec) => {
    if (spec.stdin instanceof Promise) spec.stdin.then(() => before.push(...counted.trace));
    return counted.processes.spawn(spec);
  };
  await supervise({ ...counted, processes: { ...counted.processes, spawn } }, PATHS.directory);
  assertEquals(before.slice(-2).map((call) => call.replace(/^.* to /, "")), [
    PATHS.run,
    `syncDir ${PATHS.directory}`,
  ]);
  assertEquals(before.some((call) => call.includes("start.json")), false);
  assertEquals((await readProcessStart(counted.files, PATHS))?.exit, null);
});

Deno.test("supervise() leaves no command running that is on no record, whichever call fails", async () => {
  const counted = newFaultyHost(await newMachine({ durationMs: 1000 }));
  await supervise(counted, PATHS.directory);
  assertEquals(counted.calls > 0, true);
  for (let at = 1; at <= counted.calls; at++) {
    const host = await newMachine({ durationMs: 1000 });
    await supervise(newFaultyHost(host, { at, with: "disk_full" }), PATHS.directory).catch(() => {});
    const spawned = host.processes.commands.find(({ how }) => how === "spawn");
    if (spawned !== undefined) assertEquals(await host.processes.identify(spawned.pid), null);
  }
});

Deno.test("supervise() of a container that is gone does nothing", async () => {
  const host = newMemoryHost();
  assertEquals(await supervise(host, "/srv/core/process/none"), 1);
  assertEquals(host.processes.commands, []);
});

Deno.test("probeProcesses() says what is missing", async () => {
  const host = await newMachine({});
  assertEquals((await probeProcesses(host)).works, true);
  await host.files.removeFile("/proc/self");
  const { works, detail } = await probeProcesses(host);
  assertEquals([works, detail.startsWith("cannot tell processes apart: ")], [false, true]);
});
