/**
 * The supervisor: a small process of its own that starts a command, keeps its output and records its end.
 *
 * @module
 */
import { isAppError } from "../../core/error.ts";
import type { Child, Host } from "../../core/port/host.ts";
import { writeJsonFile } from "../json_file.ts";
import { findProgram } from "./find_program.ts";
import { baseEnv } from "./process_command.ts";
import {
  type ProcessExit,
  type ProcessPaths,
  processPaths,
  type ProcessRun,
  type ProcessSpec,
  type ProcessStart,
  readProcessSpec,
} from "./process_record.ts";
import { ProcessLog } from "./process_log.ts";
import { identifySelf } from "./process_liveness.ts";
import { pumpOutput } from "./pump.ts";
import { signalExitCode } from "../../core/signal_exit_code.ts";

/** The hidden argument with which the program starts itself as a supervisor. */
export const SUPERVISE_ARGUMENT = "__supervise";

const CANNOT_START_EXIT = 125;
/** How long a command whose time is up may take to obey TERM. */
const LIMIT_GRACE_MS = 2000;
const MS_PER_S = 1000;

/**
 * Runs the command of the container in `directory` to its end. Returns the exit status of the supervisor
 * itself, which nobody reads: what happened is in `start.json`, `run.json` and `exit.json`.
 */
export async function supervise(host: Host, directory: string): Promise<number> {
  const paths = processPaths(directory);
  const spec = await readProcessSpec(host.files, paths);
  if (spec === null) return 1;
  const startedAtMicros = host.clock.nowMicros();
  const child = await startChild(host, spec);
  if (!("pid" in child)) {
    await answer(host, paths, child.exit, child.message);
    return 0;
  }
  const log = new ProcessLog(host, spec);
  // A log that cannot be written is no reason to block or end the command.
  const output = pumpOutput(host.clock, child, (stream, data) => log.append(stream, data).catch(() => {}));
  try {
    await recordRun(host, paths, child.pid, startedAtMicros);
    await answer(host, paths, null, "started");
  } catch (error) {
    // A command that is on no record must not run.
    child.kill("SIGKILL");
    host.processes.kill(-child.pid, "SIGKILL");
    throw error;
  }
  const end = await awaitEnd(host, child, spec.timeout_s);
  // What the command left behind in its session ends with it, as in a container.
  host.processes.kill(-child.pid, "SIGKILL");
  await output.close();
  const exit: ProcessExit = {
    version: 1,
    ...end,
    started_at_micros: startedAtMicros,
    // The wall clock may have been set back.
    finished_at_micros: Math.max(end.finished_at_micros, startedAtMicros + 1),
  };
  await writeJsonFile(host, paths.exit, exit);
  return 0;
}

/** Starts the command; as a child of `spawn` it has a session, so that signals reach all of it and nothing else. */
async function startChild(
  host: Host,
  spec: ProcessSpec,
): Promise<Child | { readonly exit: number; readonly message: string }> {
  const env = { ...baseEnv(host.env.get), ...spec.env };
  const program = await findProgram(host.files, spec.argv[0], {
    path: env["PATH"],
    directory: spec.directory,
  });
  if (!program.found) return program;
  try {
    return host.processes.spawn({ argv: spec.argv, cwd: spec.directory, env, clearEnv: true });
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { exit: CANNOT_START_EXIT, message: error.message };
  }
}

async function recordRun(
  host: Host,
  paths: ProcessPaths,
  childPid: number,
  startedAtMicros: number,
): Promise<void> {
  const run: ProcessRun = {
    version: 1,
    boot_id: await host.system.bootId(),
    supervisor: await identifySelf(host),
    child: await host.processes.identify(childPid),
    started_at_micros: startedAtMicros,
  };
  await writeJsonFile(host, paths.run, run);
}

async function answer(host: Host, paths: ProcessPaths, exit: number | null, message: string): Promise<void> {
  const start: ProcessStart = { version: 1, exit, message };
  await writeJsonFile(host, paths.start, start);
}

/** How the command ended, by itself or because its time was up. */
async function awaitEnd(
  host: Host,
  child: Child,
  timeoutS: number | null,
): Promise<Pick<ProcessExit, "code" | "reason" | "finished_at_micros">> {
  const ended = new AbortController();
  let timedOut = false;
  async function limit(seconds: number): Promise<void> {
    await host.clock.sleep(seconds * MS_PER_S, ended.signal);
    timedOut = host.processes.kill(-child.pid, "SIGTERM");
    await host.clock.sleep(LIMIT_GRACE_MS, ended.signal);
    host.processes.kill(-child.pid, "SIGKILL");
  }
  const limited = timeoutS === null ? Promise.resolve() : limit(timeoutS).catch(() => {});
  const { code, signal } = await child.status;
  const finished_at_micros = host.clock.nowMicros();
  ended.abort();
  await limited;
  return {
    code: signal === null ? code : signalExitCode(signal),
    reason: timedOut ? "timeout" : signal === null ? "exited" : "signal",
    finished_at_micros,
  };
}
