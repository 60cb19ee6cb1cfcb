/**
 * `carrel task exec`
 *
 * @module
 */
import type { Outcome } from "../cli/define_command.ts";
import { AppError, isAppError } from "../error.ts";
import { execInTask } from "../engine/exec_task.ts";
import { formatTimestamp } from "../meta/time.ts";
import { findTask } from "../query/find_task.ts";
import type { Clock } from "../port/host.ts";
import { command } from "./app.ts";
import { taskArguments, timeoutFlag } from "./arguments.ts";
import { resolveEnv } from "../engine/launch_settings.ts";
import { parseEnvFlags } from "./env_flags.ts";
import { newOutputWriter } from "./output_writer.ts";
import { Interrupted, leaveOn } from "./signal_exit.ts";

/** Status of `exec` for failures that are carrel's own and not the command's. */
const EXIT_EXEC_FAILED = 125;

/** Runs a command in a running task. */
export default command({
  summary: "Run a command in a running task",
  description: [
    "The exit code is the command's. 125 means that carrel itself failed (the error's `exit` says how), 126 that the command is not executable, 127 that it was not found.",
    "When the time is up or with Ctrl-C carrel leaves. Inside a container the command may go on; it ends with the task (`carrel task stop`).",
  ].join("\n\n"),
  examples: [
    { line: "carrel task exec demo/q7 -- make test", note: "exits as make does" },
    { line: "carrel task exec -i demo/q7 -- sh < script.sh", note: "stdin reaches the command" },
  ],
  positionals: [taskArguments],
  flags: {
    interactive: { kind: "boolean", short: "i", summary: "pass stdin on" },
    workdir: { kind: "value", placeholder: "DIR", summary: "working directory inside" },
    env: { kind: "repeated", placeholder: "NAME[=VALUE]", summary: "a variable for the command" },
    timeout: { ...timeoutFlag, summary: "how long to wait for the command; inside it may go on" },
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
    const { clock } = app.host;
    const writer = newOutputWriter(app);
    const leave = new AbortController();
    const over = new AbortController();
    const stopListening = leaveOn(app.terminal, ["SIGINT", "SIGTERM"], leave);
    try {
      const env = resolveEnv(app, parseEnvFlags(flags.env));
      const carrel = await app.carrel();
      const ref = await findTask(carrel, args.task);
      if (flags.timeout !== undefined) leaveAfter(clock, flags.timeout, leave, over.signal);
      const exit_code = await execInTask(carrel, ref, [program, ...words], {
        stdin: flags.interactive ? "inherit" : "null",
        env,
        signal: leave.signal,
        ...(flags.workdir === undefined ? {} : { workdir: flags.workdir }),
        // The engine tells no times for what `exec` prints.
        onOutput: (stream, data) => writer.write({ stream, time: formatTimestamp(clock.nowMicros()), data }),
      });
      await writer.end();
      return { data: { exit_code }, exit: exit_code };
    } catch (error) {
      await writer.end();
      if (error instanceof Interrupted) return { data: { exit_code: null }, exit: error.exit };
      if (!isAppError(error)) throw error;
      return { data: { exit_code: null }, error, exit: EXIT_EXEC_FAILED };
    } finally {
      over.abort();
      stopListening();
    }
  },
  text: () => "",
});

/** Gives the command up when its time is up, unless it is over before. */
function leaveAfter(clock: Clock, seconds: number, leave: AbortController, over: AbortSignal): void {
  const expire = () =>
    leave.abort(
      new AppError("runtime_timeout", `the command did not end within ${seconds} s`, {
        hint: "inside the container it may go on; `carrel task stop` ends it together with the task",
      }),
    );
  clock.sleep(seconds * 1000, over).then(expire, () => {});
}
