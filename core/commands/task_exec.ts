/**
 * `carrel task exec`
 *
 * @module
 */
import type { Outcome } from "../cli/define_command.ts";
import { AppError, isAppError } from "../error.ts";
import { execInTask } from "../engine/exec_task.ts";
import { findTask } from "../query/find_task.ts";
import { command } from "./app.ts";
import { taskArguments, timeoutFlag } from "./arguments.ts";
import { resolveEnv } from "../engine/launch_settings.ts";
import { parseEnvFlags } from "./env_flags.ts";
import { writeChunk } from "./follow.ts";

/** Status of `exec` for failures that are carrel's own and not the command's. */
const EXIT_EXEC_FAILED = 125;

/** Somebody asked carrel to end; the reason of an abort. */
class Interrupted extends Error {
  constructor(readonly exit: number) {
    super("interrupted");
  }
}

/** Runs a command in a running task. */
export default command({
  summary: "Run a command in a running task",
  description:
    "The exit code is the command's. 125 means that carrel itself failed (the error's `exit` says how), 126 that the command is not executable, 127 that it was not found.",
  examples: [
    { line: "carrel task exec demo/q7 -- make test", note: "exits as make does" },
    { line: "carrel task exec -i demo/q7 -- sh < script.sh", note: "stdin reaches the command" },
  ],
  positionals: [taskArguments],
  flags: {
    interactive: { kind: "boolean", short: "i", summary: "pass stdin on" },
    workdir: { kind: "value", placeholder: "DIR", summary: "working directory inside" },
    env: { kind: "repeated", placeholder: "NAME[=VALUE]", summary: "a variable for the command" },
    timeout: timeoutFlag,
  },
  rest: "COMMAND...",
  streams: true,
  async run(app, { args, flags, rest }): Promise<Outcome<{ exit_code: number | null }>> {
    const [program, ...words] = rest;
    if (program === undefined) {
      throw new AppError("usage", "no command was given", {
        hint: "write it after --: carrel task exec PROJECT/TASK -- COMMAND",
      });
    }
    const env = resolveEnv(app, parseEnvFlags(flags.env));
    const interrupt = new AbortController();
    const removers = [
      app.terminal.onSignal("SIGINT", () => interrupt.abort(new Interrupted(130))),
      app.terminal.onSignal("SIGTERM", () => interrupt.abort(new Interrupted(143))),
    ];
    try {
      const carrel = await app.carrel();
      const ref = await findTask(carrel, args.task);
      const exit_code = await execInTask(carrel, ref, [program, ...words], {
        stdin: flags.interactive ? "inherit" : "null",
        env,
        signal: interrupt.signal,
        ...(flags.workdir === undefined ? {} : { workdir: flags.workdir }),
        ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
        onOutput: (stream, data) => writeChunk(app, { stream, time: null, data }),
      });
      return { data: { exit_code }, exit: exit_code };
    } catch (error) {
      if (error instanceof Interrupted) return { data: { exit_code: null }, exit: error.exit };
      if (!isAppError(error)) throw error;
      return { data: { exit_code: null }, error, exit: EXIT_EXEC_FAILED };
    } finally {
      for (const remove of removers) remove();
    }
  },
  text: () => "",
});
