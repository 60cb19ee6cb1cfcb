/**
 * `carrel lock run`
 *
 * @module
 */
import type { Outcome } from "../cli/define_command.ts";
import { handLockTo, lockFlow, takeLock } from "../engine/named_locks.ts";
import { AppError, isAppError } from "../error.ts";
import { newUuidV7 } from "../identity/uuid.ts";
import { formatTimestamp } from "../meta/time.ts";
import type { AttachedChild, ExitStatus, ProcessSignal } from "../port/host.ts";
import type { LogStream } from "../port/runtime.ts";
import type { Terminal } from "../port/terminal.ts";
import { signalExitCode } from "../signal_exit_code.ts";
import { processOwner } from "../state/managers/lock_owner.ts";
import { type App, command } from "./app.ts";
import { waitFlags, waitOptions } from "./arguments.ts";
import { amountFlag, lockArgument } from "./lock_arguments.ts";
import { newOutputWriter } from "./output_writer.ts";

/** Exit statuses of a command that does not exist, and of one that cannot be executed, as of a shell. */
const EXIT_NOT_FOUND = 127;
const EXIT_NOT_EXECUTABLE = 126;

/** Exit status for a signal without a number, as of a shell that knows none. */
const EXIT_UNKNOWN = 128;

/** Runs a command while holding a lock. */
export default command({
  summary: "Run a command on this machine while holding a lock",
  description:
    "The command has carrel's own stdin, stdout and stderr, and its exit code is carrel's. The lock ends with " +
    "the command, however carrel's own process ends. SIGTERM and SIGHUP are passed on to the command, and carrel " +
    "waits for it. What goes wrong before the command runs has its own exit code.",
  examples: [
    { line: "carrel lock run deploy --wait -- ./deploy.sh", note: "one at a time" },
    { line: "carrel lock run gpu --amount 2 -- ./train", note: "exit 12 when there are not two left" },
  ],
  positionals: [lockArgument],
  flags: { amount: amountFlag, ...waitFlags },
  rest: "COMMAND...",
  streams: true,
  async run(app, { args, flags, rest }): Promise<Outcome<{ name: string; exit_code: number | null }>> {
    const [program, ...words] = rest;
    if (program === undefined) {
      throw new AppError("usage", "no command was given", {
        hint: "write it after --: carrel lock run NAME -- COMMAND",
      });
    }
    const carrel = await app.carrel();
    const holder = newUuidV7(carrel.host);
    const owner = await processOwner(carrel.host, carrel.host.system.pid);
    const request = { name: args.lock, amount: flags.amount, holder, ...waitOptions(app.terminal, flags) };
    await takeLock(carrel, { ...request, owner: owner ?? { kind: "lease", name: holder } });
    const passing = passSignals(app.terminal);
    let handedOver: Promise<void> = Promise.resolve();
    try {
      const { code, signal } = await runHere(app, [program, ...words], (child) => {
        passing.begin(child);
        handedOver = handLockTo(carrel, { name: args.lock, holder }, child.pid);
      });
      const exit_code = code ?? signalExitCode(signal ?? "") ?? EXIT_UNKNOWN;
      return { data: { name: args.lock, exit_code }, exit: exit_code };
    } catch (error) {
      if (!isAppError(error, "command_failed")) throw error;
      const exit = error.details.missing === true ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
      return { data: { name: args.lock, exit_code: null }, error: notRun(error), exit };
    } finally {
      await handedOver;
      await (await carrel.state()).resourceLock.release(lockFlow(holder, args.lock));
      passing.stop();
    }
  },
  text: () => "",
});

/** The command could not be started on this machine. */
function notRun(cause: AppError): AppError {
  const hint = cause.details.missing === true
    ? "see that the command is on PATH"
    : "see that the command can be executed";
  return new AppError("start_failed", cause.message, { cause, hint });
}

/** Signals on their way to the command. */
interface SignalPassing {
  /** The command has started: it gets what has come, and what will. */
  begin(child: AttachedChild): void;
  stop(): void;
}

/** Carrel outlives signals that ask it to end, so that the lock lasts until the command has ended. */
function passSignals({ onSignal }: Pick<Terminal, "onSignal">): SignalPassing {
  let child: AttachedChild | null = null;
  const early: ProcessSignal[] = [];
  const pass = (signal: ProcessSignal) => () =>
    void (child === null ? early.push(signal) : child.kill(signal));
  const removers = [
    // A terminal gives Ctrl-C to the command itself.
    onSignal("SIGINT", () => {}),
    onSignal("SIGTERM", pass("SIGTERM")),
    onSignal("SIGHUP", pass("SIGHUP")),
  ];
  return {
    begin: (started) => {
      child = started;
      for (const signal of early) started.kill(signal);
    },
    stop: () => {
      for (const remove of removers) remove();
    },
  };
}

async function runHere(
  app: App,
  argv: readonly [string, ...string[]],
  onStart: (child: AttachedChild) => void,
): Promise<ExitStatus> {
  if (app.io.json) return await runPiped(app, argv, onStart);
  await app.io.flush();
  return await app.host.processes.attach({ argv }, onStart);
}

/** What the command prints becomes lines of JSON. */
async function runPiped(
  app: App,
  argv: readonly [string, ...string[]],
  onStart: (child: AttachedChild) => void,
): Promise<ExitStatus> {
  const writer = newOutputWriter(app);
  const child = app.host.processes.spawn({ argv, stdin: "inherit" });
  onStart(child);
  const pass = async (stream: LogStream, chunks: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const data of chunks) {
      await writer.write({ stream, time: formatTimestamp(app.host.clock.nowMicros()), data });
    }
  };
  try {
    await Promise.all([pass("stdout", child.stdout), pass("stderr", child.stderr)]);
    await writer.end();
  } finally {
    // A reader that has gone away does not end the command, nor its lock.
    await child.status;
  }
  return await child.status;
}
