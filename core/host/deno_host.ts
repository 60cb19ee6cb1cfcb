/**
 * The real machine. This folder is the only one that uses the `Deno` namespace.
 *
 * @module
 */
import type { Env, Host, Random, System } from "../port/host.ts";
import { newDenoClock } from "./deno_clock.ts";
import { newDenoFiles } from "./deno_files.ts";
import { newDenoNetwork } from "./deno_network.ts";
import { newDenoProcesses } from "./deno_processes.ts";
import { newDenoSystem } from "./deno_system.ts";

/** Options of {@linkcode newDenoHost}. */
export interface DenoHostOptions {
  /** Argv that starts this very program again. Default: this binary, or `deno run` of the main module. */
  readonly selfArgv?: System["selfArgv"];
}

/** The real {@linkcode Host}. */
export function newDenoHost(options: DenoHostOptions = {}): Host {
  const clock = newDenoClock();
  return {
    clock,
    random: denoRandom,
    env: denoEnv,
    files: newDenoFiles(clock),
    processes: newDenoProcesses(clock),
    network: newDenoNetwork(),
    system: newDenoSystem(options.selfArgv),
  };
}

const denoRandom: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };

const denoEnv: Env = { get: (name) => Deno.env.get(name), all: () => Deno.env.toObject() };
