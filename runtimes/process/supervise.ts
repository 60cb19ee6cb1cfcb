/**
 * The supervisor: a small process of its own that starts a command, keeps its output and records its end.
 *
 * It can be killed at any time. A command runs only once it is on record, so that it can be stopped, and is not
 * started twice.
 *
 * @module
 */
import { isAppError } from "../../core/error.ts";
import type { Child, Host } from "../../core/port/host.ts";
import { writeJsonFile } from "../json_file.ts";
import { findProgram } from "./find_program.ts";
import { GO, holdCommand, HOLDER } from "./held_command.ts";
import { obstacleTo } from "./obstacle_to.ts";
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
  const held = await holdChild(host, spec);
  if (!("child" in held)) {
    await answer(host, paths, held.exit, held.message);
    return 0;
  }
  const { child } = held;
  const log = new ProcessLog(host, spec);
  // A log that cannot be written is no reason to block or end the command.
  const output = pumpOutput(host.clock, child, (stream, data) => log.append(stream, data).catch(() => {}));
  try {
    await recordRun(host, paths, child.pid, startedAtMicros);
    await held.letGo();
    await answer(host, paths, null, "started");
  } catch (error) {
    // What cannot be recorded, or answered for, must not run.
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

/**
 * Starts the command, held until it is on record: it ends by itself when this process dies before that. As a child
 * of `spawn` it has a session, so that signals reach all of it and nothing else.
 */
async function holdChild(
  host: Host,
  spec: ProcessSpec,
): Promise<
  { readonly child: Child; letGo(): Promise<void> } | { readonly exit: number; readonly message: string }
> {
  const [name, ...args] = spec.argv;
  const env = { ...baseEnv(host.env.get), ...spec.env };
  const program = await findProgram(host.files, name, { path: env["PATH"], directory: spec.directory });
  if (!program.found) return program;
  try {
    const obstacle = await obstacleTo(host, program.path, spec.directory);
    if (obstacle !== null) return { exit: CANNOT_START_EXIT, message: `cannot run ${name}: ${obstacle}` };
    const input = Promise.withResolvers<Uint8Array>();
    const child = host.processes.spawn({
      ...await holdCommand(host.files, { path: program.path, args, env }),
      cwd: spec.directory,
      stdin: input.promise,
    });
    const letGo = (): Promise<void> => {
      input.resolve(GO);
      return child.fed;
    };
    return { child, letGo };
  } catch (error) {
    if (!isAppError(error)) throw error;
    // Unless it is the shell that is missing, the command is what the system complains of.
    const message = error.details["missing"] === true
      ? error.message
      : error.message.replaceAll(HOLDER, name);
    return { exit: CANNOT_START_EXIT, message };
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
