/**
 * The door through which runtimes come in, built in or not.
 *
 * @module
 */
import type { Host } from "./host.ts";
import type { Runtime } from "./runtime.ts";

/** What a runtime is opened with. */
export interface RuntimeContext {
  /** The machine that it works on. */
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
  /** Whether tasks can run on it here. */
  readonly works: boolean;
  /** The engine's version, when it answered. */
  readonly version: string | null;
  /** One sentence: what was found, or why it does not work here. */
  readonly detail: string;
}

/** A runtime that can be chosen with `run.runtime`. */
export interface RuntimePlugin {
  /** What it plugs in. */
  readonly kind: "runtime";
  /** The word that chooses it. */
  readonly name: string;
  /** What it is, one sentence without a stop. */
  readonly summary: string;
  /** What people are told whenever they run a task on it; null when there is nothing to warn of. */
  readonly caution: string | null;
  /** Whether it has images, so that `run.image` is required. */
  readonly needsImage: boolean;
  /** Looks whether it works here; never throws for an engine that is missing. */
  probe(context: RuntimeContext): Promise<ProbeReport>;
  /** Makes a runtime; what can go wrong does so in its methods. */
  open(context: RuntimeContext): Promise<Runtime>;
  /** Fails with `image_not_found` when an image would have to be pulled; for dry runs. */
  checkImage(context: RuntimeContext, image: string): Promise<void>;
  /**
   * The argv that runs a host command with power over files that this runtime's containers made
   * (rootless engines map users: those files belong to others as the host sees it).
   */
  ownerArgv(
    context: RuntimeContext,
    argv: readonly [string, ...string[]],
  ): Promise<readonly [string, ...string[]]>;
}
