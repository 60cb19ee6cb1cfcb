/**
 * A whole machine in memory: deterministic, scriptable, the same laws as the real one.
 *
 * @module
 */
import type { Env, Host, Random, System } from "../port/host.ts";
import { type MemoryClock, type MemoryClockOptions, newMemoryClock } from "./memory_clock.ts";
import { type MemoryFiles, newMemoryFiles } from "./memory_files.ts";
import { type MemoryNetwork, newMemoryNetwork } from "./memory_network.ts";
import { type MemoryProcesses, newMemoryProcesses } from "./memory_processes.ts";

/** Options of {@linkcode newMemoryHost}; every one has a default. */
export interface MemoryHostOptions extends MemoryClockOptions {
  /** Default: `HOME` and `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files to begin with, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The same seed gives the same random bytes. Default 1. */
  readonly seed?: number;
  /** Facts of the machine that matter to a test. */
  readonly system?: Partial<Omit<System, "bootId" | "pidNamespace">> & {
    readonly bootId?: string;
    readonly pidNamespace?: string;
  };
}

/** A {@linkcode Host} in memory; its parts have further methods for tests. */
export interface MemoryHost extends Host {
  /** Time that stands still or jumps. */
  readonly clock: MemoryClock;
  /** Files, also those of other programs. */
  readonly files: MemoryFiles;
  /** Programs that are scripted. */
  readonly processes: MemoryProcesses;
  /** Ports that are scripted. */
  readonly network: MemoryNetwork;
}

/**
 * A new machine in memory. `/tmp` and the home directory exist.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { newMemoryHost } from "./memory_host.ts";
 * const host = newMemoryHost({ files: { "/etc/motd": "hello" } });
 * host.processes.onCommand(({ argv }) => argv[0] === "true" ? { code: 0 } : undefined);
 * assertEquals(await host.files.readText("/etc/motd"), "hello");
 * assertEquals((await host.processes.run({ argv: ["true"] })).code, 0);
 * ```
 */
export function newMemoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const homeDir = options.system?.homeDir ?? "/home/reader";
  const {
    bootId = "7c1d9b6e-0c5f-4b7e-9a55-2f60a1c0ffee",
    pidNamespace = "pid:[4026531836]",
    ...facts
  } = options.system ?? {};
  const clock = newMemoryClock(options);
  const processes = newMemoryProcesses(clock);
  const system: System = {
    uid: 1000,
    gid: 1000,
    hostname: "memory",
    cwd: homeDir,
    pid: processes.self.pid,
    user: "reader",
    hasDisk: false,
    selfArgv: ["/usr/bin/carrel"],
    ...facts,
    homeDir,
    bootId: () => Promise.resolve(bootId),
    pidNamespace: () => Promise.resolve(pidNamespace),
  };
  const files = newMemoryFiles(clock, { uid: system.uid, gid: system.gid });
  for (const directory of ["/tmp", homeDir]) files.putDir(directory);
  for (const [path, text] of Object.entries(options.files ?? {})) files.put(path, text);
  return {
    clock,
    random: newSeededRandom(options.seed ?? 1),
    env: newMemoryEnv(options.env ?? { HOME: homeDir, PATH: "/usr/bin:/bin" }),
    files,
    processes,
    network: newMemoryNetwork(),
    system,
  };
}

function newMemoryEnv(variables: Readonly<Record<string, string>>): Env {
  return { get: (name) => new Map(Object.entries(variables)).get(name), all: () => ({ ...variables }) };
}

/** The mulberry32 generator: small, and good enough for names and ids in tests. */
function newSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  const nextByte = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 24;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, nextByte) };
}
