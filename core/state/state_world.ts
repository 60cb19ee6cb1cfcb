/**
 * The machine as the state store needs it, and the real one for callers that have none to give.
 *
 * @module
 */
import { newDenoHost } from "../host/deno_host.ts";
import type { Host } from "../port/host.ts";

/** Time and randomness. */
export type StateWorld = Pick<Host, "clock" | "random">;

/** What may be given in place of the real clock and the real randomness. */
export type StateWorldOptions = Partial<StateWorld>;

/** The real machine, except for what is given. */
export function openStateWorld(given: StateWorldOptions = {}): StateWorld {
  const { clock, random } = given;
  if (clock !== undefined && random !== undefined) return { clock, random };
  const real = newDenoHost();
  return { clock: clock ?? real.clock, random: random ?? real.random };
}
