/**
 * The door to the runtime `process`.
 *
 * @module
 */
import type { RuntimePlugin } from "../core/port/plugin.ts";

/** Plain processes of the same user. */
export const processPlugin: RuntimePlugin = {
  kind: "runtime",
  name: "process",
  summary: "plain processes of this user in the workspace; no sandbox",
  caution: "the process runtime is no sandbox: the task runs as you, with your files",
  needsImage: false,
  probe: async ({ host }) => {
    const { probeProcesses } = await import("../runtimes/process/probe_processes.ts");
    return await probeProcesses(host);
  },
  open: async ({ host, stateDir }) => {
    const { ProcessRuntime } = await import("../runtimes/process/process_runtime.ts");
    return new ProcessRuntime(host, stateDir);
  },
  checkImage: () => Promise.resolve(),
  ownerArgv: (_context, argv) => Promise.resolve(argv),
};
