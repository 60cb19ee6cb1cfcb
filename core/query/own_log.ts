/**
 * The log file of a task or of an archive, and whether it is one.
 *
 * @module
 */
import { containerLogPath, logsDir } from "../meta/paths.ts";
import type { Files } from "../port/host.ts";

type Looker = Pick<Files, "info">;

/** Its path; null when there is none, or none of the task's own. */
export async function findOwnLog(files: Looker, taskDir: string): Promise<string | null> {
  const path = containerLogPath(taskDir);
  return await isDirectory(files, logsDir(taskDir)) && (await files.info(path))?.kind === "file"
    ? path
    : null;
}

/** Whether what lies there is something else, such as a link: neither carrel nor a runtime is to open it. */
export async function hasForeignLog(files: Looker, taskDir: string): Promise<boolean> {
  const [dir, log] = [logsDir(taskDir), containerLogPath(taskDir)];
  if (!await isDirectory(files, dir)) return await files.info(dir) !== null;
  const kind = (await files.info(log))?.kind ?? "file";
  return kind !== "file";
}

async function isDirectory(files: Looker, path: string): Promise<boolean> {
  return (await files.info(path))?.kind === "directory";
}
