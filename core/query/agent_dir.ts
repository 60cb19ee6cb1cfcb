/**
 * The directory between carrel and a task's agent: the one way to what lies in it.
 *
 * Nothing in it can be trusted, nor that it is a directory at all: a task without a sandbox can put a link in its
 * place, and an archive can hold one. Where it is no directory, the agent's files are absent to whoever reads, and
 * whoever writes is refused. Links within it are never followed.
 *
 * Between the look at the directory and the use of its path, a task that runs as this very user can still swap it; it
 * could do to the place where the link leads whatever carrel would do there. A container cannot: it is a mount there.
 *
 * @module
 */
import { join } from "@std/path";
import { AppError, isAppError } from "../error.ts";
import { agentConfigDir, logsDir, workspaceDir } from "../meta/paths.ts";
import { AGENT_FILE_BYTES_MAX } from "../meta/untrusted_yaml.ts";
import type { FileInfo, Files, Host } from "../port/host.ts";

type AnyHost = Pick<Host, "files">;

/** The path of a task's agent-config, for use at once; null unless it is a directory. */
export async function findAgentDir({ files }: AnyHost, taskDir: string): Promise<string | null> {
  const path = agentConfigDir(taskDir);
  // Most tasks of a long list have none: asking so is cheaper than a look that fails.
  if (!await files.exists(path)) return null;
  return (await files.info(path))?.kind === "directory" ? path : null;
}

/** The path of a file that carrel is to put there. `permission_denied` when a link lies in the directory's place. */
export async function agentPath({ files }: AnyHost, taskDir: string, name: string): Promise<string> {
  const dir = agentConfigDir(taskDir);
  await requireDirectory(files, dir);
  return join(dir, name);
}

/** Facts of what lies there under a name; null when nothing does. */
export async function agentFileInfo(host: AnyHost, taskDir: string, name: string): Promise<FileInfo | null> {
  const dir = await findAgentDir(host, taskDir);
  return dir === null ? null : await host.files.info(join(dir, name));
}

/** Text of a file that the task may have written; null when it is absent, too large or not a plain file. */
export async function readAgentFile(host: AnyHost, taskDir: string, name: string): Promise<string | null> {
  const bytes = await readAgentBytes(host, taskDir, name);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** {@linkcode readAgentFile}, byte for byte. */
export async function readAgentBytes(
  host: AnyHost,
  taskDir: string,
  name: string,
): Promise<Uint8Array | null> {
  const dir = await findAgentDir(host, taskDir);
  return dir === null ? null : await readPlainBytes(host, join(dir, name));
}

/** {@linkcode readAgentBytes} of a path in a directory that was found just now. */
export async function readPlainBytes({ files }: AnyHost, path: string): Promise<Uint8Array | null> {
  try {
    const bytes = await files.read(path, { untrusted: true, maxBytes: AGENT_FILE_BYTES_MAX + 1 });
    return bytes.length > AGENT_FILE_BYTES_MAX ? null : bytes;
  } catch (error) {
    if (isAppError(error, "file_not_found", "permission_denied", "storage_failed")) return null;
    throw error;
  }
}

/**
 * Makes sure that what a container is about to be given is the task's own: `permission_denied` when a link lies in the
 * place of one of its directories, for mounts and log files would be where it leads.
 */
export async function requireOwnDirs({ files }: AnyHost, taskDir: string): Promise<void> {
  for (const dir of [workspaceDir(taskDir), agentConfigDir(taskDir), logsDir(taskDir)]) {
    await requireDirectory(files, dir);
  }
}

/** What is absent is fine: it is made, or missed, by whoever needs it. */
async function requireDirectory(files: Files, path: string): Promise<void> {
  const info = await files.info(path);
  if (info === null || info.kind === "directory") return;
  const what = info.kind === "symlink" ? "a symbolic link" : "not a directory";
  throw new AppError("permission_denied", `${path} is ${what}; it must be a directory of the task's own`, {
    hint: "look what it is and who has put it there; once it is removed, the task can be started again",
    details: { path },
  });
}
