/**
 * The one place where answers and errors are printed.
 *
 * @module
 */
import { type AppError, ERROR_CODES, isAppError } from "../error.ts";
import { invariant } from "../invariant.ts";
import { BrokenPipe } from "../port/terminal.ts";
import type { Answer } from "./define_command.ts";
import type { RunnerIo } from "./io.ts";

const EXIT_BUG = 70;

/** Where a usage error happened. */
export interface UsageContext {
  /** The one-line usage. */
  readonly usage: string;
  /** The command line that tells more. */
  readonly helpLine: string;
}

/** Prints what a command answered; resolves to the exit status. A reader who leaves early is no failure. */
export async function reportAnswer(answer: Answer, streams: boolean, io: RunnerIo): Promise<number> {
  try {
    await printData(answer, streams, io);
  } catch (error) {
    if (!(error instanceof BrokenPipe)) throw error;
  }
  if (answer.error !== undefined) printError(answer.error, undefined, io);
  return answer.exit ?? answer.error?.exit ?? 0;
}

/** Prints why a command could not answer; resolves to the exit status. */
export function reportFailure(error: unknown, context: UsageContext | undefined, io: RunnerIo): number {
  if (error instanceof BrokenPipe) return 0;
  if (isAppError(error)) {
    printError(error, context, io);
    return error.exit;
  }
  printBug(error, io);
  return EXIT_BUG;
}

async function printData(answer: Answer, streams: boolean, io: RunnerIo): Promise<void> {
  const { data, addresses, printed = false } = answer;
  if (printed) return;
  if (io.json) {
    if (!streams) return await io.writeJson(data);
    invariant(
      typeof data === "object" && data !== null && !Array.isArray(data),
      "a stream ends in an object",
    );
    return await io.writeJson({ type: "result", ...data });
  }
  const text = io.quiet && addresses !== undefined
    ? addresses.map((address) => `${address}\n`).join("")
    : answer.text(io.look);
  if (text !== "") await io.print(text.endsWith("\n") ? text : `${text}\n`);
}

function printError(error: AppError, context: UsageContext | undefined, io: RunnerIo): void {
  const { code, exit, message, retryable } = error;
  // How a command is called helps those who called it wrongly.
  const helpLine = ERROR_CODES[code].exit === ERROR_CODES.usage.exit ? context?.helpLine : undefined;
  const hint = error.hint ?? helpLine ?? null;
  const { op = null, ...details } = error.details;
  if (io.json) {
    const extra = Object.keys(details).length === 0 ? {} : { details };
    io.writeJsonErr({ error: { code, exit, message, hint, op, retryable, ...extra } });
    return;
  }
  io.printLabelled("error", "red", message);
  const { cause } = error;
  if (cause instanceof Error && !message.includes(cause.message)) {
    io.printLabelled("cause", "bold", cause.message);
  }
  const isUsage = context !== undefined && code === "usage";
  if (isUsage) io.printLabelled("usage", "bold", context.usage);
  if (hint !== null) io.printLabelled("hint", "bold", hint);
  if (isUsage && hint?.endsWith("--help") !== true) io.printLabelled("hint", "bold", context.helpLine);
}

function printBug(error: unknown, io: RunnerIo): void {
  const message = `this is a bug: ${error instanceof Error ? error.message : String(error)}`;
  const hint = "please report it, with the command line and everything printed here";
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : null;
  if (io.json) {
    const details = { stack };
    io.writeJsonErr({
      error: { code: "bug", exit: EXIT_BUG, message, hint, op: null, retryable: false, details },
    });
    return;
  }
  io.printLabelled("error", "red", message);
  if (stack !== null) io.printLabelled("stack", "bold", stack);
  io.printLabelled("hint", "bold", hint);
}
