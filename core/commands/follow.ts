/**
 * Following a task on the terminal: output as it comes, signals with their customary meaning.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { type FollowEnd, followExitStatus, followTask } from "../engine/follow_task.ts";
import { stopTask } from "../engine/stop_task.ts";
import type { LogChunk } from "../port/runtime.ts";
import { BrokenPipe } from "../port/terminal.ts";
import type { TaskRef } from "../query/find_task.ts";
import { addressOf } from "./answer.ts";
import type { App } from "./app.ts";

/** How following ended: with the task, or because somebody left or asked it to end. */
export interface Followed {
  /** Null when the follower left before the end. */
  readonly end: FollowEnd | null;
  readonly exit: number;
}

const EXIT_SIGHUP = 129;
const EXIT_SIGINT = 130;
const EXIT_CLOSED_STDOUT = 141;
const EXIT_SIGTERM = 143;

/** Why following was broken off; the reason of an abort. */
class Detached extends Error {
  constructor(readonly exit: number) {
    super("detached");
  }
}

/**
 * Streams a task until it ends; the exit status is the task's own. Ctrl-C and SIGTERM stop the task
 * (a second one kills it) and give 130 and 143; SIGHUP and a closed stdout leave it running and
 * give 129 and 141.
 */
export async function followOnTerminal(app: App, carrel: Carrel, ref: TaskRef): Promise<Followed> {
  const leave = new AbortController();
  let stoppedExit: number | null = null;
  let stopping: Promise<unknown> = Promise.resolve();
  const stopWith = (exit: number) => () => {
    const again = stoppedExit !== null;
    stoppedExit ??= exit;
    stopping = requestStop(app, carrel, ref, again).catch((error) => leave.abort(error));
  };
  const removers = [
    app.terminal.onSignal("SIGINT", stopWith(EXIT_SIGINT)),
    app.terminal.onSignal("SIGTERM", stopWith(EXIT_SIGTERM)),
    app.terminal.onSignal("SIGHUP", () => leave.abort(new Detached(EXIT_SIGHUP))),
  ];
  try {
    const end = await followTask(carrel, ref, (chunk) => writeChunk(app, chunk), leave.signal);
    await stopping;
    return { end, exit: stoppedExit ?? followExitStatus(end) };
  } catch (error) {
    if (error instanceof Detached) return { end: null, exit: error.exit };
    if (error instanceof BrokenPipe) return { end: null, exit: EXIT_CLOSED_STDOUT };
    if (stoppedExit !== null && isAppError(error, "init_failed")) return { end: null, exit: stoppedExit };
    throw error;
  } finally {
    for (const remove of removers) remove();
  }
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

/** Writes a piece of a task's output: bytes as they are, or one NDJSON item. */
export async function writeChunk(app: App, chunk: LogChunk): Promise<void> {
  if (app.io.json) await app.io.emit({ type: "log", ...encodeChunk(chunk) });
  else if (chunk.stream === "stdout") await app.io.writeOut(chunk.data);
  else await app.io.writeErr(chunk.data);
}

/** A chunk as JSON: text where it is UTF-8, else base64. */
export function encodeChunk({ stream, time, data }: LogChunk): Record<string, unknown> {
  try {
    return { stream, time, data: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data) };
  } catch {
    return { stream, time, data: data.toBase64(), encoding: "base64" };
  }
}

