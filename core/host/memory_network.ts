/**
 * Loopback ports of a machine in memory.
 *
 * @module
 */
import type { Network } from "../port/host.ts";

/** A network on which the ports in `listening` are taken and answer. */
export interface MemoryNetwork extends Network {
  /** Ports of 127.0.0.1 that are taken and answer. */
  readonly listening: Set<number>;
}

/** The in-memory {@linkcode Network}. */
export function newMemoryNetwork(): MemoryNetwork {
  const listening = new Set<number>();
  return {
    listening,
    portIsFree: (port) => Promise.resolve(!listening.has(port)),
    portAnswers: (port) => Promise.resolve(listening.has(port)),
  };
}
