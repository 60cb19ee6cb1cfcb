/**
 * `carrel lock run`
 *
 * @module
 */
import type { Outcome } from "../cli/define_command.ts";
import { lockFlow, takeLock } from "../engine/named_locks.ts";
import { AppError, isAppError } from "../error.ts";
import { newUuidV7 } from "../identity/uuid.ts";
import { formatTimestamp } from "../meta/time.ts";
import type { ExitStatus } from "../port/host.ts";
import type { LogStream } from "../port/runtime.ts";
import { signalExitCode } from "../signal_exit_code.ts";
import { processOwner } from "../state/managers/lock_owner.ts";
import { type App, command } from "./app.ts";
import { waitFlags, waitOptions } from "./arguments.ts";
import { amountFlag, lockArgument } from "./lock_arguments.ts";
import { newOutputWriter } from "./output_writer.ts";

/** Exit status of a command that does not exist, as of a shell. */
const EXIT_NOT_FOUND = 127;

/** Exit status for a signal without a number, as of a shell that knows none. */
const EXIT_UNKNOWN = 128;

/** Runs a command while holding a lock. */
export default command({
  summary: "Run a command on this machine while holding a lock",
  description:
    "The command has carrel's own stdin, stdout and stderr, and its exit code is carrel's. The lock ends with " +
    "carrel's process, however that ends. What goes wrong before the command runs has its own exit code.",
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
    const request = { name: args.lock, amount: flags.amount, holder, ...waitOptions(flags) };
    const { token } = await takeLock(carrel, { ...request, owner: owner ?? { kind: "lease", name: holder } });
    // Ctrl-C is the command's: carrel stays, so that the lock lasts until the command has ended.
    const stopIgnoring = app.terminal.onSignal("SIGINT", () => {});
    try {
      const { code, signal } = await runHere(app, [program, ...words]);
      const exit_code = code ?? signalExitCode(signal ?? "") ?? EXIT_UNKNOWN;
      return { data: { name: args.lock, exit_code }, exit: exit_code };
    } catch (error) {
      if (!isAppError(error, "command_failed")) throw error;
      const missing = new AppError("start_failed", error.message, { cause: error });
      return { data: { name: args.lock, exit_code: null }, error: missing, exit: EXIT_NOT_FOUND };
    } finally {
      stopIgnoring();
      await (await carrel.state()).resourceLock.release(lockFlow(holder, args.lock), { token });
    }
  },
  text: () => "",
});

async function runHere(app: App, argv: readonly [string, ...string[]]): Promise<ExitStatus> {
  if (app.io.json) return await runPiped(app, argv);
  await app.io.flush();
  return await app.host.processes.attach({ argv });
}

/** What the command prints becomes lines of JSON. */
async function runPiped(app: App, argv: readonly [string, ...string[]]): Promise<ExitStatus> {
  const writer = newOutputWriter(app);
  const child = app.host.processes.spawn({ argv, stdin: "inherit" });
  const pass = async (stream: LogStream, chunks: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const data of chunks) {
      await writer.write({ stream, time: formatTimestamp(app.host.clock.nowMicros()), data });
    }
  };
  await Promise.all([pass("stdout", child.stdout), pass("stderr", child.stderr)]);
  await writer.end();
  return await child.status;
}
