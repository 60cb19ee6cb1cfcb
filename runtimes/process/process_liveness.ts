/**
 * Whether a recorded process still lives: same pid, same start, same boot.
 *
 * @module
 */
import { basename } from "@std/path";
import type { Host, ProcessIdentity, ProcessSignal } from "../../core/port/host.ts";
import type { ProcessRun } from "./process_record.ts";

/** The parts of a host that tell about processes. */
export type ProcessHost = Pick<Host, "processes" | "system">;

/** True when this very process lives; a later one with the same pid does not count. */
export async function isSameProcess(
  host: Pick<Host, "processes">,
  identity: ProcessIdentity | null,
): Promise<boolean> {
  if (identity === null) return false;
  return (await host.processes.identify(identity.pid))?.startTicks === identity.startTicks;
}

/** True while the command runs or its supervisor has yet to write down how it ended. */
export async function isRunAlive(host: ProcessHost, run: ProcessRun): Promise<boolean> {
  if (run.boot_id !== await host.system.bootId()) return false;
  return await isSameProcess(host, run.child) || await isSameProcess(host, run.supervisor);
}

/** Signals the command and all that it started in its session; does nothing when the command is gone. */
export async function signalRun(host: ProcessHost, run: ProcessRun, signal: ProcessSignal): Promise<void> {
  if (run.child === null || run.boot_id !== await host.system.bootId()) return;
  if (!await isSameProcess(host, run.child)) return;
  // Between fork and the new session there is no group of that number yet.
  if (!host.processes.kill(-run.child.pid, signal)) host.processes.kill(run.child.pid, signal);
}

/** The identity of this very process; null where /proc does not show it. */
export async function identifySelf(
  host: Pick<Host, "files" | "processes">,
): Promise<ProcessIdentity | null> {
  return await host.processes.identify(Number(basename(await host.files.realPath("/proc/self"))));
}
