/**
 * Processes of the real machine.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { invariant } from "../invariant.ts";
import type { Child, Clock, CommandResult, CommandSpec, ExitStatus, Processes } from "../port/host.ts";
import type { ProcessIdentity, ProcessSignal } from "../port/host.ts";
import { fromOsError } from "./from_os_error.ts";
import { readProcessStat } from "./process_stat.ts";
import { programMissing } from "./program_missing.ts";
import { collectStream } from "./stream_collector.ts";
import { toBytes } from "./to_bytes.ts";

/** Between the request to end and the end by force. */
const KILL_GRACE_MS = 2000;

/** The real {@linkcode Processes}. The clock times the limits. */
export function newDenoProcesses(clock: Clock): Processes {
  return {
    run: (spec) => run(clock, spec),

    spawn: (spec): Child => {
      const { stdin = "null" } = spec;
      const child = start(spec, {
        stdin: typeof stdin === "string" ? stdin : "piped",
        stdout: "piped",
        stderr: "piped",
        detached: stdin !== "inherit",
      });
      const fed = typeof stdin === "string" ? Promise.resolve() : feed(child, stdin);
      return {
        pid: child.pid,
        stdout: child.stdout,
        stderr: child.stderr,
        fed,
        status: child.status.then(toExitStatus),
        kill: (signal) => killChild(child, signal),
      };
    },

    attach: async (spec, onStart) => {
      const child = start(spec, { stdin: "inherit", stdout: "inherit", stderr: "inherit" });
      onStart?.({ pid: child.pid, kill: (signal) => killChild(child, signal) });
      return toExitStatus(await child.status);
    },

    detach: async (spec): Promise<ProcessIdentity> => {
      await Promise.resolve();
      const child = start(spec, { stdin: "null", stdout: "null", stderr: "null", detached: true });
      child.unref();
      // Until this function yields, the child cannot have been reaped: even a dead one has its entry.
      const stat = readProcessStat(child.pid);
      invariant(stat !== null, "a child is in /proc until it is reaped");
      return { pid: child.pid, startTicks: stat.startTicks };
    },

    identify: async (pid) => {
      await Promise.resolve();
      const stat = readProcessStat(pid);
      return stat === null || stat.ended ? null : { pid, startTicks: stat.startTicks };
    },

    kill: (pid, signal) => {
      invariant(Number.isInteger(pid) && pid !== 0 && pid !== -1, `no process has the id ${pid}`);
      try {
        Deno.kill(pid, signal);
        return true;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return false;
        throw fromOsError(error, `send ${signal} to process ${pid}`);
      }
    },
  };
}

async function run(
  clock: Clock,
  spec: Parameters<Processes["run"]>[0],
): Promise<CommandResult> {
  spec.signal?.throwIfAborted();
  const child = start(spec, {
    stdin: spec.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  });
  const stdout = collectStream(child.stdout);
  const stderr = collectStream(child.stderr);
  const finished = new AbortController();
  let timedOut = false;

  // A grandchild may hold the pipes open after the child's death; then they are let go by force.
  const end = async () => {
    killChild(child, "SIGTERM");
    await clock.sleep(KILL_GRACE_MS, finished.signal);
    killChild(child, "SIGKILL");
    stdout.stop();
    stderr.stop();
  };
  const limit = async (timeoutMs: number) => {
    await clock.sleep(timeoutMs, finished.signal);
    timedOut = true;
    await end();
  };
  const abort = () => void end().catch(ignore);
  spec.signal?.addEventListener("abort", abort, { once: true });
  if (spec.timeoutMs !== undefined) limit(spec.timeoutMs).catch(ignore);
  try {
    if (spec.stdin !== undefined) feed(child, toBytes(spec.stdin));
    const [out, err, status] = await Promise.all([stdout.bytes, stderr.bytes, child.status]);
    spec.signal?.throwIfAborted();
    return { ...toExitStatus(status), stdout: out, stderr: err, timedOut };
  } finally {
    finished.abort();
    spec.signal?.removeEventListener("abort", abort);
  }
}

function start(spec: CommandSpec, streams: Deno.CommandOptions): Deno.ChildProcess {
  const [program, ...args] = spec.argv;
  const options: Deno.CommandOptions = { ...streams, args };
  if (spec.cwd !== undefined) options.cwd = spec.cwd;
  if (spec.env !== undefined) options.env = spec.env;
  if (spec.clearEnv !== undefined) options.clearEnv = spec.clearEnv;
  try {
    return new Deno.Command(program, options).spawn();
  } catch (error) {
    throw spawnFailure(program, spec.cwd, error);
  }
}

function spawnFailure(program: string, cwd: string | undefined, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  // Deno reports both as NotFound; only the text tells a missing directory from a missing program.
  if (error instanceof Deno.errors.NotFound && !(cwd !== undefined && reason.includes("No such cwd"))) {
    return programMissing(program, error);
  }
  return new AppError("command_failed", `cannot run ${program}: ${reason}`, {
    cause: error,
    details: { missing: false, program },
  });
}

/**
 * Writes the child's input while its output is being read; a child may end without reading it all. Input that does
 * not come is an end of input.
 */
async function feed(child: Deno.ChildProcess, input: Uint8Array | Promise<Uint8Array>): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(await input);
  } catch {
    // Its exit status tells whether it minded.
  }
  await writer.close().catch(ignore);
}

function killChild(child: Deno.ChildProcess, signal: ProcessSignal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended already.
  }
}

function toExitStatus(status: Deno.CommandStatus): ExitStatus {
  return status.signal === null ? { code: status.code, signal: null } : { code: null, signal: status.signal };
}

function ignore(): void {}
