/**
 * Looks up a program as `execvp` would, so that a command that cannot start is told from one that failed.
 *
 * @module
 */
import { isAbsolute, join } from "@std/path";
import { isAppError } from "../../core/error.ts";
import type { Files } from "../../core/port/host.ts";

const ANY_EXECUTE_BIT = 0o111;
/** Where `execvp` looks when there is no PATH. */
const DEFAULT_PATH = "/bin:/usr/bin";

/** Where a program is; or that it is missing, or not executable: a shell's 127 and 126. */
export type ProgramLookup =
  | { readonly found: true; readonly path: string }
  | { readonly found: false; readonly exit: 126 | 127; readonly message: string };

/** Looks for `program` on `path` (a PATH value), or relative to `directory` when it contains a slash. */
export async function findProgram(
  files: Pick<Files, "info" | "realPath">,
  program: string,
  options: { readonly path: string | undefined; readonly directory: string },
): Promise<ProgramLookup> {
  const within = (place: string) => isAbsolute(place) ? place : join(options.directory, place);
  const places = program.includes("/")
    ? [within(program)]
    : (options.path ?? DEFAULT_PATH).split(":").map((place) => join(within(place), program));
  let isThere = false;
  for (const path of program === "" ? [] : places) {
    const found = await lookAt(files, path);
    if (found === "executable") return { found: true, path };
    if (found === "other") isThere = true;
  }
  return isThere
    ? { found: false, exit: 126, message: `${program}: not executable` }
    : { found: false, exit: 127, message: `${program}: no such program` };
}

async function lookAt(
  files: Pick<Files, "info" | "realPath">,
  path: string,
): Promise<"executable" | "other" | "missing"> {
  try {
    const info = await files.info(await files.realPath(path));
    if (info === null) return "missing";
    return info.kind === "file" && (info.mode & ANY_EXECUTE_BIT) !== 0 ? "executable" : "other";
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code === "permission_denied" && error.details["errno"] !== "ENOTDIR" ? "other" : "missing";
  }
}
