/**
 * A command that does not run its first instruction before it is let go: a small shell stands in for it.
 *
 * The shell reads a line. When that comes it becomes the command: same process, same session. When its input ends
 * instead, because whoever was to write the line is gone, it ends.
 *
 * Shells change the environment that they are started with: they add to it, drop names, and take some for their own
 * (`PWD`, `SHLVL`, `OPTIND`, `UID`...). So the variables pass the shell under other names, and it gives them their
 * own names just before it becomes the command. Values that a shell would not leave alone are set by `env`; all
 * others stay off its argv, which every user of the machine can read.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { CommandSpec, Files } from "../../core/port/host.ts";
import { findProgram } from "./find_program.ts";

/** Where every system has it, whatever the PATH. */
export const HOLDER = "/bin/sh";
const ENV = "/usr/bin/env";
/** What lets a held command go. */
export const GO: Uint8Array<ArrayBuffer> = new TextEncoder().encode("go\n");

/** What shells set and export themselves. */
const ADDED_BY_SHELLS = ["_", "OLDPWD", "PATH", "PWD", "SHLVL"];
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What would act on `env` itself, and what bash lets nobody set though it does not show it as set. */
const SET_BY_ENV = /^(LD_|BASH|FUNCNAME$)/;

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
  const names = Object.keys(env);
  const isCarried = (name: string) => SHELL_NAME.test(name) && !SET_BY_ENV.test(name);
  const carried = names.filter(isCarried);
  const assigned = names.filter((name) => !isCarried(name)).map((name) => `${name}=${env[name]}`);
  const removed = ADDED_BY_SHELLS.filter((name) => !names.includes(name)).map((name) => `-u ${name}`);
  const command = [...assigned, ...await runnerOf(files, path), path, ...args];
  return {
    argv: [HOLDER, "-c", holdScript(carried, removed), HOLDER, ...command],
    env: Object.fromEntries(carried.map((name) => [`v_${name}`, env[name] ?? ""])),
    clearEnv: true,
  };
}

/** What a shell has set itself it would change again, or not let go of: that is left to `env`. */
function holdScript(carried: readonly string[], removed: readonly string[]): string {
  return String.raw`read -r v_ || exit
{ for v_ in ${carried.join(" ")}; do
  eval "case \${$v_+x} in
    x) set -- \"$v_=\$v_$v_\" \"\$@\" ;;
    *) export $v_=\"\$v_$v_\" ;;
  esac"
  unset "v_$v_"
done; } 2>/dev/null
exec ${[ENV, ...removed].join(" ")} "$@" </dev/null`;
}

/** `env` would take a path with a `=` for a variable. */
async function runnerOf(files: Pick<Files, "info" | "realPath">, path: string): Promise<string[]> {
  if (!path.includes("=")) return [];
  const nice = await findProgram(files, "nice", { path: "/usr/bin:/bin", directory: "/" });
  if (nice.found) return [nice.path, "-n", "0"];
  throw new AppError("command_failed", `cannot run ${path}: ${nice.message}`);
}
