/**
 * A command that does not run its first instruction before it is let go: a small shell stands in for it.
 *
 * The shell reads a line. When that comes it becomes the command: same process, same session. When its input ends
 * instead, because whoever was to write the line is gone, it ends.
 *
 * Shells take some variables for their own, and drop those whose names they cannot have. Such are set by `env`, which
 * the shell becomes first; all others are inherited, for an argv can be read by every user of the machine.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { CommandSpec, Files } from "../../core/port/host.ts";
import { findProgram } from "./find_program.ts";

/** Where every system has it, whatever the PATH. */
export const HOLDER = "/bin/sh";
const ENV = "/usr/bin/env";
const HOLD = `read -r carrel_go && unset carrel_go && exec ${ENV} "$@" </dev/null`;
/** What lets a held command go. */
export const GO: Uint8Array<ArrayBuffer> = new TextEncoder().encode("go\n");

const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What a shell sets and exports itself, though nobody has asked for it. */
const ADDED_BY_SHELLS = ["_", "OLDPWD", "PATH", "PWD", "SHLVL"];
/** What dash, bash or busybox takes for its own, or would act on `env` itself. None of it is a place for a secret. */
const SHELLS_OWN = new Set(
  `COMP_WORDBREAKS DIRSTACK EUID FUNCNAME GROUPS HISTCMD HISTFILE HOSTNAME HOSTTYPE IFS LINENO MACHTYPE OPTARG
  OPTERR OPTIND OSTYPE PIPESTATUS POSIXLY_CORRECT PPID PS1 PS2 PS4 RANDOM REPLY SECONDS SHELLOPTS SRANDOM UID`
    .split(/\s+/).concat(ADDED_BY_SHELLS),
);
const ACTS_ON_PROGRAMS = /^(LD_|BASH|EPOCH|LANG|LC_)/;

/** A program that was found, and what it is given. */
export interface HeldProgram {
  /** Its absolute path, which is also its `argv[0]`. */
  readonly path: string;
  /** The arguments after the program. */
  readonly args: readonly string[];
  /** All that it gets. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command that holds the program until it reads {@linkcode GO}. Fails with `command_failed` for a program that
 * cannot be held.
 */
export async function holdCommand(
  files: Pick<Files, "info" | "realPath">,
  { path, args, env }: HeldProgram,
): Promise<Pick<CommandSpec, "argv" | "env" | "clearEnv">> {
  const entries = Object.entries(env);
  const isInherited = ([name]: [string, string]) =>
    SHELL_NAME.test(name) && !SHELLS_OWN.has(name) && !ACTS_ON_PROGRAMS.test(name);
  const assigned = entries.filter((entry) => !isInherited(entry)).map(([name, value]) => `${name}=${value}`);
  const removed = ADDED_BY_SHELLS.filter((name) => !(name in env)).flatMap((name) => ["-u", name]);
  return {
    argv: [
      HOLDER,
      "-c",
      HOLD,
      HOLDER,
      ...removed,
      ...assigned,
      ...await runnerOf(files, path),
      path,
      ...args,
    ],
    env: Object.fromEntries(entries.filter(isInherited)),
    clearEnv: true,
  };
}

/** `env` would take a path with a `=` for a variable. */
async function runnerOf(files: Pick<Files, "info" | "realPath">, path: string): Promise<string[]> {
  if (!path.includes("=")) return [];
  const nice = await findProgram(files, "nice", { path: "/usr/bin:/bin", directory: "/" });
  if (nice.found) return [nice.path, "-n", "0"];
  throw new AppError("command_failed", `cannot run ${path}: ${nice.message}`);
}
