/**
 * A task's output, from wherever it is kept.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError, isAppError } from "../error.ts";
import { followLog } from "../logs/follow_log.ts";
import { logsDir } from "../meta/paths.ts";
import type { LogChunk, LogStream } from "../port/runtime.ts";
import type { TaskRef } from "./find_task.ts";
import { findContainer, isActive, type LaunchedContainer, neverRan } from "./launched_container.ts";
import { openProject } from "./open_project.ts";
import { findOwnLog, hasForeignLog } from "./own_log.ts";
import { readStoredTask } from "./stored_task.ts";

/** How to read logs. */
export interface LogsRequest {
  /** Go on until the task ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** Bytes of each output stream. */
export type OutputSize = Readonly<Record<LogStream, number>>;

/**
 * How much output there is, so that a later reader can leave it out: nothing where there is none, or where
 * the log may be cut meanwhile. Errors as of {@linkcode readTaskLogs}, but for `logs_not_found`.
 */
export async function measureTaskLogs(carrel: Carrel, ref: TaskRef): Promise<OutputSize> {
  const size = { stdout: 0, stderr: 0 };
  const { config } = await openProject(carrel, ref.project);
  if (config.getOrDefault("logs.max_bytes") !== null) return size;
  try {
    for await (const { stream, data } of readTaskLogs(carrel, ref)) size[stream] += data.length;
  } catch (error) {
    if (!isAppError(error, "logs_not_found")) throw error;
  }
  return size;
}

/**
 * The task's output from its beginning. The log file answers without the runtime unless the task is
 * to be followed. Errors: `never_ran`, `logs_not_found`, exit 9.
 */
export async function* readTaskLogs(
  carrel: Carrel,
  ref: TaskRef,
  { follow = false, signal }: LogsRequest = {},
): AsyncGenerator<LogChunk> {
  const task = await readStoredTask(carrel, await openProject(carrel, ref.project), ref.id);
  const address = `${ref.project}/${ref.id}`;
  if (task.record.mode === null) throw neverRan(address);
  const path = await findOwnLog(carrel.host.files, task.taskDir);
  if (path !== null && !follow) {
    yield* followLog(carrel.host, path, { follow: false });
    return;
  }
  if (path === null && await hasForeignLog(carrel.host.files, task.taskDir)) {
    throw new AppError(
      "logs_not_found",
      `what lies in the place of the log of task ${address} is no file of its own`,
      {
        hint: `look what is there: ${logsDir(task.taskDir)}`,
      },
    );
  }
  const container = await findContainer(carrel, task);
  if (container.isMoved && path !== null) {
    yield* followMoved(carrel, container, path, signal);
  } else if (container.status !== null) {
    const following = follow && isActive(container.status);
    yield* container.runtime.logs(container.name, {
      follow: following,
      ...(signal === undefined ? {} : { signal }),
    });
  } else if (path !== null) {
    yield* followLog(carrel.host, path, { follow: false });
  } else {
    throw new AppError("logs_not_found", `task ${address} has no logs`, {
      hint: "its container is gone and it left no log file",
    });
  }
}

/** The runtime looks where the log was before the root was moved; it is written to where it is now. */
async function* followMoved(
  { host }: Carrel,
  { runtime, name, status }: LaunchedContainer,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogChunk> {
  const over = new AbortController();
  const follow = isActive(status);
  const done = follow ? runtime.wait(name, { signal: over.signal }).catch(() => {}) : Promise.resolve();
  try {
    yield* followLog(host, path, { follow, done, ...(signal === undefined ? {} : { signal }) });
  } finally {
    over.abort();
    await done;
  }
}
