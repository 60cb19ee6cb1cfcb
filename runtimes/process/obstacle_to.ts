/**
 * Why the system would refuse to run a program that is there: known before it runs, so that a start can fail.
 *
 * @module
 */
import { isAppError } from "../../core/error.ts";
import type { Files, Host } from "../../core/port/host.ts";
import { HOLDER } from "./held_command.ts";

/** How much of a script Linux reads to find its interpreter. */
const FIRST_LINE_BYTES = 256;
const INTERPRETER = /^#![ \t]*([^ \t\n\0]+)/;
const MAY_RUN = '[ -x "$1" ] || exit 3; [ "$#" = 1 ] || [ -x "$2" ] || exit 4';

/**
 * The obstacle in words, or null. Only the system knows whether this user may run it, from where it is mounted; so a
 * shell asks. `directory` is where the program is to run, which an interpreter's path can start from.
 */
export async function obstacleTo(
  host: Pick<Host, "files" | "processes">,
  path: string,
  directory: string,
): Promise<string | null> {
  const interpreter = await interpreterOf(host.files, path);
  const { code } = await host.processes.run({
    argv: [HOLDER, "-c", MAY_RUN, HOLDER, path, ...(interpreter === null ? [] : [interpreter])],
    cwd: directory,
    env: {},
    clearEnv: true,
  });
  if (code === 3) return "permission denied";
  return code === 4 ? `its interpreter ${interpreter} is missing, or not executable` : null;
}

/** What the first line of a script names; null for other programs, and for those that cannot be read. */
async function interpreterOf(files: Pick<Files, "read">, path: string): Promise<string | null> {
  try {
    const bytes = await files.read(path, { maxBytes: FIRST_LINE_BYTES });
    return INTERPRETER.exec(new TextDecoder().decode(bytes))?.[1] ?? null;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return null;
  }
}
