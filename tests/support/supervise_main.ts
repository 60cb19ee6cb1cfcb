/**
 * A program that is nothing but the supervisor of the process runtime, as `main.ts` starts it.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { supervise, SUPERVISE_ARGUMENT } from "../../runtimes/process/supervise.ts";

/** The argv that starts it, for `newDenoHost`. */
export const SUPERVISOR_ARGV: readonly [string, ...string[]] = [
  Deno.execPath(),
  "run",
  "--allow-all",
  fromFileUrl(import.meta.url),
];

if (import.meta.main) {
  const [argument, directory] = Deno.args;
  if (argument !== SUPERVISE_ARGUMENT || directory === undefined) Deno.exit(2);
  Deno.exit(await supervise(newDenoHost(), directory));
}
