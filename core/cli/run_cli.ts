/**
 * argv in, exit status out: finds the command, parses, opens the app, runs, prints. Knows no command.
 *
 * @module
 */
import type { Env } from "../port/host.ts";
import type { Terminal } from "../port/terminal.ts";
import { commandNeeded, type CommandTable, findCommand, type Found, fullPath } from "./command_table.ts";
import type { Command } from "./define_command.ts";
import type { Globals } from "./global_flags.ts";
import type { HelpPage } from "./help.ts";
import { type Io, newIo, type RunnerIo } from "./io.ts";
import { parseCommandLine, wantsJson } from "./parse_command_line.ts";
import { reportAnswer, reportFailure, type UsageContext } from "./report.ts";
import { formatGroupUsage, formatUsage } from "./usage.ts";

/** What {@linkcode runCli} is given. */
export interface RunCliOptions<App extends object> {
  readonly argv: readonly string[];
  readonly table: CommandTable<App>;
  readonly terminal: Terminal;
  readonly env: Pick<Env, "get">;
  /**
   * Makes what commands work with; called only after the command line was found sound. An app that
   * is `AsyncDisposable` is closed before the answer is printed, so that an answer is always true.
   */
  newApp(globals: Globals, io: Io): App;
}

/** Runs one command line; resolves to the exit status and never rejects or exits the process. */
export async function runCli<App extends object>(options: RunCliOptions<App>): Promise<number> {
  const { argv, table, terminal, env } = options;
  const json = wantsJson(argv, env);
  let io: RunnerIo = newIo(terminal, env, { json, quiet: false, noInput: true });
  let context = groupContext(fullPath(table, ""));
  const run = async (): Promise<number> => {
    const found = findCommand(table, argv);
    if (found.kind === "group") {
      context = groupContext(fullPath(table, found.path));
      return await answerGroup(found, options, io);
    }
    const command = await found.load();
    context = commandContext(fullPath(table, found.path), command);
    const line = await parseCommandLine(command, found.argv, env);
    if (line.help) {
      const { describeCommand } = await import("./help.ts");
      return await printHelp(describeCommand(table, found.path, command), io);
    }
    io = newIo(terminal, env, { ...line.globals, json });
    const app = options.newApp(line.globals, io);
    const answer = await withClosing(app, () => command.run(app, { ...line.input, path: found.path }));
    return await reportAnswer(answer, answer.streamed ?? command.streams ?? false, io);
  };
  try {
    return await run();
  } catch (error) {
    return reportFailure(error, context, io);
  } finally {
    await io.flush();
  }
}

/** A group alone asks for help, or lacks the command. */
async function answerGroup<App extends object>(
  found: Extract<Found<App>, { kind: "group" }>,
  { table, env }: RunCliOptions<App>,
  io: RunnerIo,
): Promise<number> {
  if (found.unknown !== undefined) throw await commandNeeded(table, found);
  const line = await parseCommandLine({ positionals: [], flags: {} }, found.argv, env);
  if (!line.help) throw await commandNeeded(table, found);
  const { describeGroup } = await import("./help.ts");
  return await printHelp(await describeGroup(table, found.path), io);
}

/** Help is loaded by those who ask for it, so that nobody else waits for it. */
async function printHelp(page: HelpPage, io: RunnerIo): Promise<number> {
  const { formatHelp } = await import("./format_help.ts");
  const answer = { data: page, text: () => formatHelp(page, io.look) };
  return await reportAnswer(answer, false, io);
}

function commandContext<App>(path: string, command: Command<App>): UsageContext {
  return { usage: formatUsage(path, command), helpLine: `${path} --help` };
}

function groupContext(path: string): UsageContext {
  return { usage: formatGroupUsage(path), helpLine: `${path} --help` };
}

async function withClosing<Result>(resource: object, use: () => Promise<Result>): Promise<Result> {
  const result = await use().catch(async (error) => {
    // The first failure is the one to report.
    await close(resource).catch(() => {});
    throw error;
  });
  await close(resource);
  return result;
}

async function close(resource: Partial<AsyncDisposable>): Promise<void> {
  await resource[Symbol.asyncDispose]?.();
}
