/**
 * The door through which runtimes come in, built in or not.
 *
 * @module
 */
import type { Host } from "./host.ts";
import type { Runtime } from "./runtime.ts";

/** What a runtime is opened with. */
export interface RuntimeContext {
  readonly host: Host;
  /** carrel's root directory; written on containers so that two roots never touch each other's. */
  readonly root: string;
  /** A directory for the runtime's own state, `<root>/core`; made on demand by the runtime. */
  readonly stateDir: string;
  /** The validated value of a configuration key that belongs to the runtime (`run.fake`, `runtime.podman.connection`). */
  setting(key: string): unknown;
}

/** What a probe found. */
export interface ProbeReport {
  readonly works: boolean;
  /** The engine's version, when it answered. */
  readonly version: string | null;
  /** One sentence: what was found, or why it does not work here. */
  readonly detail: string;
}

/** A runtime that can be chosen with `run.runtime`. */
export interface RuntimePlugin {
  readonly kind: "runtime";
  readonly name: string;
  readonly summary: string;
  /** False when it must be asked for by name and is never a default. */
  readonly byNameOnly: boolean;
  /** Whether it has images, so that `run.image` is required. */
  readonly needsImage: boolean;
  /** Looks whether it works here; never throws for an engine that is missing. */
  probe(context: RuntimeContext): Promise<ProbeReport>;
  open(context: RuntimeContext): Promise<Runtime>;
  /**
   * The argv that runs a host command with power over files that this runtime's containers made
   * (rootless engines map users: those files belong to others as the host sees it).
   */
  ownerArgv(
    context: RuntimeContext,
    argv: readonly [string, ...string[]],
  ): Promise<readonly [string, ...string[]]>;
}
