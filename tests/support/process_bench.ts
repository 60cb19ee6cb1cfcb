/**
 * The process runtime on the real machine, in a temporary directory.
 *
 * @module
 */
import { join } from "@std/path";
import { newDenoHost } from "../../core/host/deno_host.ts";
import type { Host } from "../../core/port/host.ts";
import { ProcessRuntime } from "../../runtimes/process/process_runtime.ts";
import { type Bench, shellCommand } from "../contract/runtime_bench.ts";
import { SUPERVISOR_ARGV } from "./supervise_main.ts";
import { newTestSpec } from "./test_spec.ts";

/** A bench with what it is made of. */
export interface ProcessBench extends Bench {
  readonly host: Host;
  /** Holds `workspace`, `agent-config`, `logs` and `root`, the runtime's state directory. */
  readonly directory: string;
}

/** A new bench; `selfArgv` starts the supervisor. */
export async function newProcessBench(
  selfArgv: readonly [string, ...string[]] = SUPERVISOR_ARGV,
): Promise<ProcessBench> {
  const directory = await Deno.makeTempDir();
  const workspace = join(directory, "workspace");
  for (const name of ["workspace", "agent-config", "logs"]) await Deno.mkdir(join(directory, name));
  const host = newDenoHost({ selfArgv });
  const runtime = new ProcessRuntime(host, join(directory, "root"));
  let count = 0;
  return {
    host,
    directory,
    runtime,
    otherRoot: new ProcessRuntime(host, join(directory, "other")),
    newSpec: (overrides) => newTestSpec(`demo-run-${++count}`, directory, overrides),
    behave: (spec, behaviour) => ({ ...spec, command: shellCommand(behaviour) }),
    writeWorkspace: (path, text) => Deno.writeTextFile(join(workspace, path), text),
    readWorkspace: (path) => Deno.readTextFile(join(workspace, path)),
    [Symbol.asyncDispose]: async () => {
      await runtime.remove([...(await runtime.states({})).keys()]);
      await Deno.remove(directory, { recursive: true });
    },
  };
}
