/**
 * What runs a task: the contract of every runtime, ten methods.
 *
 * Laws are in `tests/contract/runtime_suite.ts`; `podman`, `process` and `fake` obey the same ones.
 * Absent is never confused with failed: a container that is not there is missing from `states`, an
 * engine that cannot answer is an `AppError` with exit 9. Every call ends within a bounded time.
 *
 * @module
 */

/** A host path made visible in the container. */
export interface Mount {
  /** Absolute path on the host. */
  readonly source: string;
  /** Absolute path in the container. */
  readonly target: string;
  /** Whether the container may only read it. */
  readonly readOnly: boolean;
  /** SELinux relabelling: for this container alone, shared between containers, or none. */
  readonly relabel: "private" | "shared" | "none";
  /** The container's user must own the tree: it is given to that user before the first start. */
  readonly own: boolean;
}

/** A port of the container published on the host. */
export interface PublishedPort {
  /** Address of the host that it is bound to. */
  readonly hostAddress: string;
  /** Port of the host. */
  readonly hostPort: number;
  /** Port that the container serves. */
  readonly containerPort: number;
}

/** Everything needed to make a container. Names are unique per engine. */
export interface ContainerSpec {
  /** What the container is called. */
  readonly name: string;
  /** Image reference; null only where the runtime has no images. */
  readonly image: string | null;
  /** When the image is fetched. */
  readonly pull: "never" | "missing" | "always" | "newer";
  /** The command; null = the image's own. */
  readonly command: readonly string[] | null;
  /** `image`: the image's entrypoint stands before the command; `none`: the command stands alone. */
  readonly entrypoint: "image" | "none";
  /** Runs first and must `exec` its arguments: the entrypoint and command that would have run. */
  readonly prelude: readonly string[] | null;
  /** What containers are found by. */
  readonly labels: Readonly<Record<string, string>>;
  /** What other programs read of the container. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Environment of the command; values are exact and never visible on an argv. */
  readonly env: Readonly<Record<string, string>>;
  /** Host paths in the container. */
  readonly mounts: readonly Mount[];
  /** Ports of the container on the host. */
  readonly ports: readonly PublishedPort[];
  /** Working directory; null = the image's own. */
  readonly workdir: string | null;
  /** User inside the container; null = the runtime's default. */
  readonly user: string | null;
  /** Network mode; null = the runtime's default. */
  readonly network: string | null;
  /** Memory limit as the engine writes sizes; null = none. */
  readonly memory: string | null;
  /** Number of CPUs, a decimal; null = no limit. */
  readonly cpus: string | null;
  /** Number of processes; null = the engine's default. */
  readonly pids: number | null;
  /** Whether the command may gain privileges (false adds no-new-privileges). */
  readonly unrestricted: boolean;
  /** The runtime ends the container after this many seconds. */
  readonly timeoutS: number | null;
  /** Host file that receives both output streams (format of `core/logs`). */
  readonly logPath: string;
  /** The log file is cut or rotated beyond this size; null = no limit. */
  readonly logMaxBytes: number | null;
  /** Further arguments for the engine, already checked against the deny list. */
  readonly extraArgs: readonly string[];
}

/** Why a container ended. `stopped` = carrel stopped it; `unknown` = it is gone and nobody saw how. */
export type ExitReason = "exited" | "signal" | "oom" | "timeout" | "stopped" | "unknown";

/** How a container ended. `code` is null when it is not known. */
export interface ExitReport {
  /** The exit status. */
  readonly code: number | null;
  /** Why it ended. */
  readonly reason: ExitReason;
  /** Microseconds since the epoch; null when unknown. */
  readonly finishedAtMicros: number | null;
}

/**
 * One container as the runtime reports it. `state` is the engine's own word in lower case:
 * created, running, paused, exited, stopped, stopping, removing...
 */
export interface ContainerStatus {
  /** The engine's id of it. */
  readonly id: string;
  /** What it is called. */
  readonly name: string;
  /** The engine's own word, in lower case. */
  readonly state: string;
  /** Its labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Image reference as the engine shows it; empty where there are no images. */
  readonly image: string;
  /** When it was made, microseconds since the epoch; null when the engine does not say. */
  readonly createdAtMicros: number | null;
  /** Null when it was never started; the same number for the same start, whenever it is asked for. */
  readonly startedAtMicros: number | null;
  /**
   * How it ended: only for a container that has run and whose finish is later than its start, as
   * the engine tells it. Whether carrel asked it to stop is the caller's knowledge.
   */
  readonly exit: ExitReport | null;
  /** The root that its labels name, where that is not this one; only when asked for. */
  readonly otherRoot?: string;
  /** What it has written outside of its mounts, bytes; only when asked for, and known. */
  readonly writtenBytes?: number;
}

/** Which containers to ask about. All given conditions must hold. */
export interface StateQuery {
  /** Project whose containers are wanted; all of carrel's when absent. */
  readonly project?: string;
  /** Exact container names. */
  readonly names?: readonly string[];
  /** Containers whose end the caller knows already: their `exit` may be null. */
  readonly settled?: ReadonlySet<string>;
  /** Names of containers that are told even when their labels name another root. */
  readonly anyRoot?: ReadonlySet<string>;
  /** Also how much each has written outside of its mounts: an engine may have to read it all. */
  readonly sizes?: boolean;
}

/** Result of removing one container; one that was not there counts as removed. */
export interface RemoveResult {
  /** The container. */
  readonly name: string;
  /** Whether it is gone. */
  readonly removed: boolean;
  /** Why it is not, one sentence; null when it is gone. */
  readonly error: string | null;
}

/** Which output stream. */
export type LogStream = "stdout" | "stderr";

/** A piece of a container's output. Joining the data of one stream gives back its exact bytes. */
export interface LogChunk {
  /** The stream that it was written to. */
  readonly stream: LogStream;
  /** RFC 3339 with the engine's own precision; null when the source has no times. */
  readonly time: string | null;
  /** The bytes as they were written. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** How to run a command in a running container. */
export interface ExecOptions {
  /** Working directory inside; null = the container's own. */
  readonly workdir?: string;
  /** Further variables of the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Input: none (default), this process's own, or these bytes. */
  readonly stdin?: "null" | "inherit" | Uint8Array;
  /** Ends the command when aborted. */
  readonly signal?: AbortSignal;
  /** Ends the command after this time. */
  readonly timeoutMs?: number;
  /** Receives output as it comes. */
  readonly onOutput: (stream: LogStream, data: Uint8Array<ArrayBuffer>) => void | Promise<void>;
}

/** A change in a container's life. */
export interface RuntimeEvent {
  /** The container. */
  readonly name: string;
  /** create, start, died, stop, kill, remove, pause or unpause. */
  readonly status: string;
  /** Microseconds since the epoch. */
  readonly timeMicros: number;
  /** For `died` where the engine tells it. */
  readonly exitCode: number | null;
}

/**
 * A container engine. Errors: `runtime_unavailable` (not installed, not answering to a probe),
 * `runtime_timeout`, `runtime_failed` (it answered with a failure), `container_absent`,
 * `image_not_found`, `already_exists` (name taken), `start_failed` (the engine refused to start the
 * command; `exit` 126 not executable, 127 not found, else 125).
 */
export interface Runtime {
  /** The word that chooses it. */
  readonly name: string;
  /** Makes a container without starting it; returns the engine's id. */
  create(spec: ContainerSpec): Promise<{ readonly id: string }>;
  /** Starts a container that is not running; harmless when it runs already. */
  start(name: string): Promise<void>;
  /** Asks it to end, kills it after the grace; harmless when it is not running. */
  stop(name: string, options: { graceMs: number }): Promise<void>;
  /** Kills and removes all of them; never throws for a single one. */
  remove(names: readonly string[]): Promise<RemoveResult[]>;
  /** All matching containers in one call to the engine, keyed by name. */
  states(query: StateQuery): Promise<ReadonlyMap<string, ContainerStatus>>;
  /** Waits for the end; `wait_timeout` after `timeoutMs`, the signal's reason when aborted. */
  wait(name: string, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<ExitReport>;
  /** Output from the beginning; with `follow` until the container has ended and all was read. */
  logs(name: string, options?: { follow?: boolean; signal?: AbortSignal }): AsyncIterable<LogChunk>;
  /** Runs a command inside; its exit code. `wrong_state` when the container does not run; 126 and 127 as in a shell. */
  exec(name: string, argv: readonly [string, ...string[]], options: ExecOptions): Promise<number>;
  /** Argv to run on the host for an interactive command inside. */
  loginArgv(name: string, argv: readonly [string, ...string[]]): Promise<readonly [string, ...string[]]>;
  /** Changes from now on, until the signal is aborted. */
  events(query: StateQuery, options: { signal: AbortSignal }): AsyncIterable<RuntimeEvent>;
}
