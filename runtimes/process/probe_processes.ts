/**
 * Whether plain processes can be supervised here.
 *
 * @module
 */
import { isAppError } from "../../core/error.ts";
import type { Host } from "../../core/port/host.ts";
import type { ProbeReport } from "../../core/port/plugin.ts";
import { identifySelf } from "./process_liveness.ts";

/** Looks for what the runtime relies on: Linux's /proc. Never throws for what is missing. */
export async function probeProcesses(
  host: Pick<Host, "files" | "processes" | "system">,
): Promise<ProbeReport> {
  const report = (works: boolean, detail: string) => ({ works, version: null, detail });
  try {
    await host.system.bootId();
    if (await identifySelf(host) === null) {
      return report(false, "cannot tell processes apart: /proc does not show them");
    }
  } catch (error) {
    if (!isAppError(error)) throw error;
    return report(false, `cannot tell processes apart: ${error.message}`);
  }
  return report(true, "no sandbox: runs as this user");
}
