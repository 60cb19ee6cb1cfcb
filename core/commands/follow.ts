/**
 * Following a task on the terminal: output as it comes, signals with their customary meaning.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { type AppError, isAppError } from "../error.ts";
import { type FollowEnd, followExitStatus, followTask } from "../engine/follow_task.ts";
import { stopTask } from "../engine/stop_task.ts";
import { watchForHuman } from "../engine/watch_for_human.ts";
import { BrokenPipe } from "../port/terminal.ts";
import type { TaskRef } from "../query/find_task.ts";
import { howToAnswer, type Question, shortReason } from "../query/question.ts";
import type { OutputSize } from "../query/task_logs.ts";
import { addressOf } from "./answer.ts";
import type { App } from "./app.ts";
import { newOutputWriter, type OutputWriter } from "./output_writer.ts";
import { Interrupted, leaveOn, SIGNAL_EXIT } from "./signal_exit.ts";

/** How following ended: with the task, or because somebody left or asked it to end. */
export interface Followed {
  /** Null when the follower left before the end. */
  readonly end: FollowEnd | null;
  readonly exit: number;
  /** What went wrong after the task had been started. */
  readonly error?: AppError;
}

/** What following adds to the answer of a verb; nothing when the follower left before the end. */
export interface EndFields {
  /** Null when it is not known. */
  readonly exit_code?: number | null;
  readonly exit_reason?: string;
}

/** What an answer says of the end. */
export function endFields({ end, error }: Followed): EndFields {
  if (error !== undefined) return { exit_code: null };
  return end === null ? {} : end;
}

/**
 * Streams a task until it ends; the exit status is the task's own. Ctrl-C and SIGTERM stop the task
 * (a second one kills it) and give 130 and 143; SIGHUP and a closed stdout leave it running and
 * give 129 and 141. With `--quiet` the output stays in the logs; what `seen` measures is left out.
 */
export async function followOnTerminal(
  app: App,
  carrel: Carrel,
  ref: TaskRef,
  seen: OutputSize = { stdout: 0, stderr: 0 },
): Promise<Followed> {
  const leave = new AbortController();
  let stoppedExit: number | null = null;
  let stopping: Promise<unknown> = Promise.resolve();
  const stopWith = (exit: number) => () => {
    const again = stoppedExit !== null;
    stoppedExit ??= exit;
    stopping = requestStop(app, carrel, ref, again).catch((error) => leave.abort(error));
  };
  const removers = [
    app.terminal.onSignal("SIGINT", stopWith(SIGNAL_EXIT.SIGINT)),
    app.terminal.onSignal("SIGTERM", stopWith(SIGNAL_EXIT.SIGTERM)),
    leaveOn(app.terminal, ["SIGHUP"], leave),
  ];
  try {
    const end = await follow(app, carrel, ref, seen, leave.signal);
    await stopping;
    return { end, exit: stoppedExit ?? followExitStatus(end) };
  } catch (error) {
    if (error instanceof Interrupted) return { end: null, exit: error.exit };
    if (error instanceof BrokenPipe) return { end: null, exit: SIGNAL_EXIT.SIGPIPE };
    if (stoppedExit !== null && isAppError(error, "init_failed")) return { end: null, exit: stoppedExit };
    // The task was started and the answer is owed: the failure stands beside it.
    if (isAppError(error)) return { end: null, exit: error.exit, error };
    throw error;
  } finally {
    for (const remove of removers) remove();
  }
}

async function follow(
  app: App,
  carrel: Carrel,
  ref: TaskRef,
  seen: OutputSize,
  leave: AbortSignal,
): Promise<FollowEnd> {
  const isSilent = app.io.quiet && !app.io.json;
  const writer = newOutputWriter(app);
  const ended = new AbortController();
  const watching = watchForHuman(carrel, ref, (question) => tellQuestion(app, ref, question), ended.signal);
  try {
    return await followTask(carrel, ref, isSilent ? async () => {} : writeNew(writer, seen), leave);
  } finally {
    ended.abort();
    await watching;
    await writer.end();
  }
}

function tellQuestion({ io }: App, ref: TaskRef, question: Question): void {
  const address = addressOf(ref);
  io.notice(`task ${address} needs a human: ${shortReason(question)}; answer: ${howToAnswer(address)}`);
}

/** Writes what comes after the output that was seen before. */
function writeNew(writer: OutputWriter, seen: OutputSize): OutputWriter["write"] {
  const left = { ...seen };
  return async (chunk) => {
    const old = Math.min(left[chunk.stream], chunk.data.length);
    left[chunk.stream] -= old;
    if (old < chunk.data.length) await writer.write({ ...chunk, data: chunk.data.subarray(old) });
  };
}

/** The first request gives the task its grace; the second ends it at once. */
async function requestStop(app: App, carrel: Carrel, ref: TaskRef, again: boolean): Promise<void> {
  if (!again) {
    app.io.notice(`stopping ${addressOf(ref)}; once more to kill it`);
    await stopTask(carrel, ref);
    return;
  }
  // The first stop holds the task's lock and waits: the container is killed without it.
  const { killContainer } = await import("../engine/kill_container.ts");
  await killContainer(carrel, ref);
}
