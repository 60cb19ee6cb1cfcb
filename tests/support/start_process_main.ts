/**
 * A program that creates and starts one process container, then ends: `STATE_DIR SPEC_JSON`.
 *
 * @module
 */
import { newDenoHost } from "../../core/host/deno_host.ts";
import { ProcessRuntime } from "../../runtimes/process/process_runtime.ts";
import { SUPERVISOR_ARGV } from "./supervise_main.ts";

if (import.meta.main) {
  const [stateDir = "", spec = ""] = Deno.args;
  const runtime = new ProcessRuntime(newDenoHost({ selfArgv: SUPERVISOR_ARGV }), stateDir);
  await runtime.create(JSON.parse(spec));
  await runtime.start(JSON.parse(spec).name);
  Deno.exit(0);
}
