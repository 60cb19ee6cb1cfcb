/**
 * Who holds a lock, in words that let others judge whether the holder is still there.
 *
 * @module
 */
import type { Host } from "../../port/host.ts";

/** A process: it can be judged on its own machine, in its own PID namespace. */
export interface ProcessOwner {
  /** Which kind. */
  readonly kind: "process";
  /** The machine's name. */
  readonly host: string;
  /** The boot of the machine. */
  readonly boot_id: string;
  /** The namespace that the pid belongs to. */
  readonly pid_namespace: string;
  /** The id of the process. */
  readonly pid: number;
  /** When it started, clock ticks since boot: tells it from a later process of the same id. */
  readonly start_ticks: number;
  /** Tells apart what one process does at the same time; absent where it does one thing. */
  readonly claim?: string;
}

/** A container: only its runtime can judge it. */
export interface ContainerOwner {
  /** Which kind. */
  readonly kind: "container";
  /** The machine's name. */
  readonly host: string;
  /** The runtime that it belongs to. */
  readonly runtime: string;
  /** The project whose settings say how that runtime is reached. */
  readonly project: string;
  /** Its name there. */
  readonly name: string;
  /** The process that is about to start it; absent once it runs. */
  readonly launcher?: ProcessOwner;
}

/** Somebody who is only known by a name: the hold lasts as long as its time to live, never judged. */
export interface LeaseOwner {
  /** Which kind. */
  readonly kind: "lease";
  /** For people. */
  readonly name: string;
}

/** The holder of a lock. */
export type LockOwner = ProcessOwner | ContainerOwner | LeaseOwner;

/** What was found out about an owner. `unknown` is never taken for `gone`. */
export type OwnerVerdict = "alive" | "gone" | "unknown";

/** What is needed to judge processes. */
export type OwnerHost = Pick<Host, "processes" | "system">;

/** Writes an owner as it is stored. */
export function encodeLockOwner(owner: LockOwner): string {
  return JSON.stringify(owner);
}

/**
 * Reads a stored owner; null for what carrel did not write.
 *
 * @example
 * ```ts
 * import { decodeLockOwner, encodeLockOwner } from "./lock_owner.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(decodeLockOwner(encodeLockOwner({ kind: "lease", name: "me" })), { kind: "lease", name: "me" });
 * assertEquals(decodeLockOwner("somebody"), null);
 * ```
 */
export function decodeLockOwner(text: string | null): LockOwner | null {
  return toLockOwner(parseFacts(text));
}

function toLockOwner(facts: ReadonlyMap<string, unknown>): LockOwner | null {
  const word = (name: string) => String(facts.get(name) ?? "");
  switch (facts.get("kind")) {
    case "process":
      return {
        kind: "process",
        host: word("host"),
        boot_id: word("boot_id"),
        pid_namespace: word("pid_namespace"),
        pid: Number(facts.get("pid")),
        start_ticks: Number(facts.get("start_ticks")),
        ...facts.has("claim") ? { claim: word("claim") } : {},
      };
    case "container": {
      const launcher = toLockOwner(factsOf(facts.get("launcher")));
      return {
        kind: "container",
        host: word("host"),
        runtime: word("runtime"),
        project: word("project"),
        name: word("name"),
        ...launcher?.kind === "process" ? { launcher } : {},
      };
    }
    case "lease":
      return { kind: "lease", name: word("name") };
    default:
      return null;
  }
}

/** The owner that stands for a process of this machine and this PID namespace; null when it is gone. */
export async function processOwner(host: OwnerHost, pid: number): Promise<ProcessOwner | null> {
  const { processes, system } = host;
  const identity = await processes.identify(pid);
  if (identity === null) return null;
  return {
    kind: "process",
    host: system.hostname,
    boot_id: await system.bootId(),
    pid_namespace: await system.pidNamespace(),
    pid: identity.pid,
    start_ticks: identity.startTicks,
  };
}

/**
 * Judges a process: `gone` when its machine has booted since, or when its pid is free or was given to another
 * process. One on another machine or in another PID namespace is `unknown`.
 */
export async function judgeProcessOwner(
  owner: ProcessOwner,
  { processes, system }: OwnerHost,
): Promise<OwnerVerdict> {
  if (owner.host !== system.hostname) return "unknown";
  if (owner.boot_id !== await system.bootId()) return "gone";
  if (owner.pid_namespace !== await system.pidNamespace()) return "unknown";
  const identity = await processes.identify(owner.pid);
  return identity?.startTicks === owner.start_ticks ? "alive" : "gone";
}

function parseFacts(text: string | null): ReadonlyMap<string, unknown> {
  try {
    return factsOf(JSON.parse(text ?? "null"));
  } catch {
    return new Map();
  }
}

function factsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}
