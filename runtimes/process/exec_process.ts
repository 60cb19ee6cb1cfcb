/**
 * One more command beside a running container: same directory, same environment.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { Host } from "../../core/port/host.ts";
import type { ExecOptions } from "../../core/port/runtime.ts";
import { findProgram } from "./find_program.ts";
import { baseEnv, toHostPath } from "./process_command.ts";
import type { ProcessSpec } from "./process_record.ts";
import { pumpOutput } from "./pump.ts";
import { signalExitCode } from "../../core/signal_exit_code.ts";

/** How long a command that is no longer wanted may take to obey TERM. */
const GRACE_MS = 2000;
/** For a death by a signal that has no number. */
const UNKNOWN_SIGNAL_EXIT = 255;

/**
 * Runs the command; its exit code, 128 + N after a signal, 126 and 127 as in a shell. Paths inside the
 * container are translated in `workdir` and in environment values. Fails with `runtime_timeout`, with the
 * signal's reason when aborted, and with what `onOutput` fails with.
 */
export async function execProcess(
  host: Pick<Host, "clock" | "env" | "files" | "processes">,
  spec: ProcessSpec,
  argv: readonly [string, ...string[]],
  options: ExecOptions,
): Promise<number> {
  options.signal?.throwIfAborted();
  const toHost = (path: string) => toHostPath(spec.mounts, path) ?? path;
  const given = Object.entries(options.env ?? {}).map(([name, value]) => [name, toHost(value)]);
  const env = { ...baseEnv(host.env.get), ...spec.env, ...Object.fromEntries(given) };
  const cwd = options.workdir === undefined ? spec.directory : toHost(options.workdir);
  const program = await findProgram(host.files, argv[0], { path: env["PATH"], directory: cwd });
  if (!program.found) {
    await options.onOutput("stderr", new TextEncoder().encode(`carrel: ${program.message}\n`));
    return program.exit;
  }
  const child = host.processes.spawn({ argv, cwd, env, clearEnv: true, stdin: options.stdin ?? "null" });
  const ended = new AbortController();
  const over = new AbortController();
  const output = pumpOutput(host.clock, child, async (stream, data) => {
    try {
      await options.onOutput(stream, data);
    } catch (error) {
      // Nobody listens any more.
      over.abort(error);
    }
  });
  const unwanted = AbortSignal.any([over.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const after = (ms: number, act: () => void) => host.clock.sleep(ms, ended.signal).then(act, () => {});
  unwanted.addEventListener("abort", () => {
    child.kill("SIGTERM");
    after(GRACE_MS, () => child.kill("SIGKILL"));
  }, { once: true });
  if (options.timeoutMs !== undefined) {
    after(options.timeoutMs, () => over.abort(new AppError("runtime_timeout", `${argv[0]} took too long`)));
  }
  const { code, signal } = await child.status;
  ended.abort();
  await output.close();
  unwanted.throwIfAborted();
  return signal === null ? code ?? UNKNOWN_SIGNAL_EXIT : signalExitCode(signal) ?? UNKNOWN_SIGNAL_EXIT;
}
