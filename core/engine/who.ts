/**
 * Who changes something: recorded with every operation.
 *
 * @module
 */
import type { Host } from "../port/host.ts";
import { type ProcessOwner, processOwner } from "../state/managers/lock_owner.ts";

/** A user, on a machine, in a process that can be told from all others. */
export interface Who {
  /** The name of the user. */
  readonly user: string;
  /** The machine's name. */
  readonly host: string;
  /** The id of the process. */
  readonly pid: number;
  /** The process, for others to judge; null when it could not be told. */
  readonly process: ProcessOwner | null;
}

/** The user and the process that this is. */
export async function whoAmI(host: Pick<Host, "system" | "processes">): Promise<Who> {
  const { user, hostname, pid } = host.system;
  return { user, host: hostname, pid, process: await processOwner(host, pid) };
}
