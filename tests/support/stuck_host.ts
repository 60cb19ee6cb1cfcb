/**
 * A machine on which no tree can be removed.
 *
 * @module
 */
import type { Host } from "../../core/port/host.ts";

/** A host whose `rm` fails and removes nothing. */
export function newStuckHost(host: Host): Host {
  const stderr = new TextEncoder().encode("rm: busy\n");
  const failed = { code: 1, signal: null, stdout: new Uint8Array(), stderr, timedOut: false };
  const run: Host["processes"]["run"] = async (spec) =>
    spec.argv[0] === "rm" ? failed : await host.processes.run(spec);
  return { ...host, processes: { ...host.processes, run } };
}
