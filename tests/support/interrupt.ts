/**
 * Verbs whose process dies on the way.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { Carrel } from "../../core/carrel.ts";
import { type FaultPlan, HostDied, newFaultyHost } from "./faulty_host.ts";
import { newFaultyState } from "./faulty_state.ts";
import type { World } from "./world.ts";

/** Which write the process dies at, see `FaultPlan`. */
export type Death = Omit<FaultPlan, "with">;

/** What becomes of the process. */
export interface InterruptOptions {
  /** It is stuck for ever, and not gone. */
  readonly lives?: boolean;
  /** The name of its machine. */
  readonly hostname?: string;
}

/** Runs a verb in a process of its own, which dies at that write and is gone afterwards. */
export async function interrupt(
  world: World,
  death: Death,
  verb: (carrel: Carrel) => Promise<unknown>,
  { lives = false, hostname = world.host.system.hostname }: InterruptOptions = {},
): Promise<void> {
  const { pid } = world.host.processes.start();
  const seen = { ...world.host, system: { ...world.host.system, pid, hostname } };
  const host = newFaultyHost(seen, { ...death, with: "death" });
  const openState = () => Promise.resolve(newFaultyState(world.state, host));
  try {
    await verb(await world.open({ host, openState }));
  } catch (error) {
    if (!(error instanceof HostDied)) throw error;
  }
  if (!lives) world.host.processes.end(pid);
  assert(host.struck, `a call begins with ${death.at}: ${host.trace.join("\n")}`);
}
