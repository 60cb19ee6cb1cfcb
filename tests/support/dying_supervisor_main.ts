/**
 * A supervisor that is killed at its N-th writing call, before it or after its effect: `N nothing|all`.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { supervise } from "../../runtimes/process/supervise.ts";
import { HostDied, newFaultyHost } from "./faulty_host.ts";

/** Which call, and whether it has its effect. */
export interface Death {
  readonly at: number;
  readonly leaving: "nothing" | "all";
}

/** The argv that starts it, for `newDenoHost`. */
export function dyingSupervisorArgv({ at, leaving }: Death): readonly [string, ...string[]] {
  return [Deno.execPath(), "run", "--allow-all", fromFileUrl(import.meta.url), String(at), leaving];
}

if (import.meta.main) {
  const [at, leaving, _argument, directory = ""] = Deno.args;
  const plan = { at: Number(at), leaving: leaving === "all" ? "all" : "nothing", with: "death" } as const;
  try {
    Deno.exit(await supervise(newFaultyHost(newDenoHost(), plan), directory));
  } catch (error) {
    if (!(error instanceof HostDied)) throw error;
    Deno.kill(Deno.pid, "SIGKILL");
  }
}
