/**
 * Runs `host_program.ts` in a process of its own.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

const PROGRAM = fromFileUrl(import.meta.resolve("./host_program.ts"));

/** Starts the program; `before` is a shell line that sets the stage, e.g. `umask 077`. */
export function startHostChild(
  args: readonly [act: string, path?: string],
  before = "true",
): Deno.ChildProcess {
  const script = `${before}; exec "$0" run --no-check --quiet --allow-all "$@"`;
  return new Deno.Command("sh", {
    args: ["-c", script, Deno.execPath(), PROGRAM, ...args.filter((arg) => arg !== undefined)],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** Runs the program to its end; what it printed. */
export async function runHostChild(
  args: readonly [act: string, path?: string],
  before?: string,
): Promise<string> {
  const { stdout } = await startHostChild(args, before).output();
  return new TextDecoder().decode(stdout).trim();
}
