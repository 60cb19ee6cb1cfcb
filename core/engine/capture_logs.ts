/**
 * Keeps a container's output on the host.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import { isAppError } from "../error.ts";
import { encodeLogLines } from "../logs/log_line.ts";
import { containerLogPath, logsDir } from "../meta/paths.ts";
import { formatTimestamp } from "../meta/time.ts";
import type { LaunchedContainer } from "../query/launched_container.ts";
import { findOwnLog, hasForeignLog } from "../query/own_log.ts";
import type { StoredTask } from "../query/stored_task.ts";

const CAPTURE_TIMEOUT_MS = 60_000;

/**
 * Makes sure that `logs/container.log` holds the container's output, both streams, tagged. Returns
 * its path, or null when there is no container or its runtime cannot tell its output. A container
 * that logs into that file needs nothing; others are copied, whole or not at all.
 */
export async function captureLogs(
  carrel: Carrel,
  task: StoredTask,
  { runtime, name, status }: Pick<LaunchedContainer, "runtime" | "name" | "status">,
): Promise<string | null> {
  const { files } = carrel.host;
  const path = containerLogPath(task.taskDir);
  if (await findOwnLog(files, task.taskDir) !== null) return path;
  if (status === null || await hasForeignLog(files, task.taskDir)) return null;
  await files.ensureDir(logsDir(task.taskDir), { mode: 0o700 });
  const temporary = join(logsDir(task.taskDir), `.container.log.${carrel.host.random.bytes(8).toHex()}.tmp`);
  try {
    await files.create(temporary, "", { mode: 0o600 });
    const signal = AbortSignal.timeout(CAPTURE_TIMEOUT_MS);
    for await (const chunk of runtime.logs(name, { signal })) {
      const time = chunk.time ?? formatTimestamp(carrel.host.clock.nowMicros());
      await files.append(temporary, encodeLogLines({ ...chunk, time }), { mode: 0o600 });
    }
    await files.rename(temporary, path);
    return path;
  } catch (error) {
    await files.removeFile(temporary).catch(() => false);
    if (isAppError(error) || (error instanceof DOMException && error.name === "TimeoutError")) return null;
    throw error;
  }
}
