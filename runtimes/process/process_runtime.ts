/**
 * Plain processes of the same user, for hosts without a container engine. It is no sandbox.
 *
 * Every container is a directory (`process_record.ts`); every running one has a supervisor
 * (`supervise.ts`) that lives in a session of its own and outlives the program that started it.
 *
 * @module
 */
import { join } from "@std/path";
import { AppError, isAppError } from "../../core/error.ts";
import { ifPresent } from "../../core/if_present.ts";
import type { FileLock, Host } from "../../core/port/host.ts";
import type {
  ContainerSpec,
  ContainerStatus,
  ExecOptions,
  ExitReport,
  LogChunk,
  RemoveResult,
  Runtime,
  RuntimeEvent,
  StateQuery,
} from "../../core/port/runtime.ts";
import { readContainerLog } from "../container_log.ts";
import { writeJsonFile } from "../json_file.ts";
import { pollEvents } from "../poll_events.ts";
import { randomHex } from "../random_hex.ts";
import { matchesQuery } from "../matches_query.ts";
import { waitForExit } from "../wait_for_exit.ts";
import { execProcess } from "./exec_process.ts";
import { loginEnvScript } from "./login_env.ts";
import { toProcessCommand } from "./process_command.ts";
import { isSameProcess, signalRun } from "./process_liveness.ts";
import { type ProcessPaths, processPaths, type ProcessSpec, readProcessSpec } from "./process_record.ts";
import { readProcessRun, readProcessStart } from "./process_record.ts";
import { damagedStatus, isUp, readProcessStatus } from "./process_status.ts";
import { SUPERVISE_ARGUMENT } from "./supervise.ts";

const ID_BYTES = 32;
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
/** A prime, so that names that differ in few places are spread. */
const LOCK_FILES = 61;
const LOCK_TIMEOUT_MS = 15_000;
const START_TIMEOUT_MS = 10_000;
/** How long the end of a killed command may take to be seen. */
const KILL_TIMEOUT_MS = 10_000;
/** How long a held command may take to see that its supervisor is gone; one that was let go runs on. */
const HELD_TIMEOUT_MS = 1000;
const POLL_MS = 10;
const POLL_MAX_MS = 100;

/** The runtime `process`. */
export class ProcessRuntime implements Runtime {
  readonly name = "process";
  readonly #host: Host;
  readonly #root: string;

  /** @param stateDir the directory that receives `process/` */
  constructor(host: Host, stateDir: string) {
    this.#host = host;
    this.#root = join(stateDir, "process");
  }

  async create(spec: ContainerSpec): Promise<{ readonly id: string }> {
    const { files, clock, random } = this.#host;
    const command = toProcessCommand(spec);
    const paths = this.#paths(spec.name);
    await using _lock = await this.#lock(spec.name);
    if (await files.info(paths.spec) !== null) {
      throw new AppError("already_exists", `there is a container named ${spec.name} already`);
    }
    await files.ensureDir(paths.directory, { mode: 0o700 });
    // Left by a create or a removal that was cut short; without a spec it is no container's.
    for (const path of [paths.run, paths.exit, paths.start, paths.loginEnv]) await files.removeFile(path);
    await files.create(paths.loginEnv, loginEnvScript(command.env), { mode: 0o600 });
    const record: ProcessSpec = {
      version: 1,
      id: randomHex(random, ID_BYTES),
      created_at_micros: clock.nowMicros(),
      labels: { ...spec.labels },
      argv: [...command.argv],
      directory: command.directory,
      env: { ...command.env },
      mounts: spec.mounts.map(({ source, target }) => ({ source, target })),
      timeout_s: spec.timeoutS,
      log_path: spec.logPath,
      log_max_bytes: spec.logMaxBytes,
    };
    await writeJsonFile(this.#host, paths.spec, record);
    return { id: record.id };
  }

  async start(name: string): Promise<void> {
    const paths = this.#paths(name);
    await using _lock = await this.#lock(name);
    if ((await this.#status(name)).state === "running") return;
    await this.#host.files.removeFile(paths.start);
    const { selfArgv } = this.#host.system;
    const supervisor = await this.#host.processes.detach({
      argv: [...selfArgv, SUPERVISE_ARGUMENT, paths.directory],
      // It lives long and must not keep a directory in use.
      cwd: "/",
    });
    const deadlineMs = this.#host.clock.monotonicMs() + START_TIMEOUT_MS;
    while (true) {
      const isAlive = await isSameProcess(this.#host, supervisor);
      const answer = await readProcessStart(this.#host.files, paths);
      if (answer !== null) {
        if (answer.exit === null) return;
        throw new AppError("start_failed", `cannot start ${name}: ${answer.message}`, { exit: answer.exit });
      }
      if (!isAlive) {
        await this.#untilDown(paths, HELD_TIMEOUT_MS);
        throw new AppError("start_failed", `the supervisor of ${name} ended before it had started it`);
      }
      if (this.#host.clock.monotonicMs() > deadlineMs) {
        this.#host.processes.kill(supervisor.pid, "SIGKILL");
        throw new AppError("runtime_timeout", `the supervisor of ${name} did not answer`);
      }
      await this.#host.clock.sleep(POLL_MS);
    }
  }

  async stop(name: string, { graceMs }: { graceMs: number }): Promise<void> {
    if ((await this.#status(name)).state !== "running") return;
    await this.#end(name, graceMs);
  }

  async remove(names: readonly string[]): Promise<RemoveResult[]> {
    return await Promise.all(names.map(async (name) => {
      try {
        await this.#remove(name);
        return { name, removed: true, error: null };
      } catch (error) {
        if (!isAppError(error)) throw error;
        return { name, removed: false, error: error.message };
      }
    }));
  }

  async states(query: StateQuery): Promise<ReadonlyMap<string, ContainerStatus>> {
    const names = query.names ?? await this.#names();
    const statuses = await Promise.all(names.map((name) => this.#look(name, query)));
    return new Map(statuses.flatMap((status) => status === null ? [] : [[status.name, status]]));
  }

  async wait(name: string, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<ExitReport> {
    const ended = async () => {
      const { state, exit } = await this.#status(name);
      return state === "running" ? null : exit;
    };
    return await waitForExit(this.#host.clock, ended, options);
  }

  async *logs(
    name: string,
    options: { follow?: boolean; signal?: AbortSignal } = {},
  ): AsyncGenerator<LogChunk> {
    const spec = await this.#spec(name);
    if ((await this.#status(name)).startedAtMicros === null) return;
    yield* readContainerLog(this.#host, spec.log_path, (signal) => this.wait(name, { signal }), options);
  }

  async exec(name: string, argv: readonly [string, ...string[]], options: ExecOptions): Promise<number> {
    return await execProcess(this.#host, await this.#runningSpec(name), argv, options);
  }

  async loginArgv(
    name: string,
    argv: readonly [string, ...string[]],
  ): Promise<readonly [string, ...string[]]> {
    const { directory } = await this.#runningSpec(name);
    const script = '. "$1" && cd "$2" && shift 2 && exec "$@"';
    return ["sh", "-c", script, "sh", this.#paths(name).loginEnv, directory, ...argv];
  }

  events(query: StateQuery, { signal }: { signal: AbortSignal }): AsyncIterable<RuntimeEvent> {
    return pollEvents(this.#host.clock, () => this.states(query), signal);
  }

  /** TERM, after the grace KILL, and then until the end is on record. */
  async #end(name: string, graceMs: number): Promise<void> {
    for (const [signal, patienceMs] of [["SIGTERM", graceMs], ["SIGKILL", KILL_TIMEOUT_MS]] as const) {
      const run = await readProcessRun(this.#host.files, this.#paths(name));
      if (run === null) return;
      await signalRun(this.#host, run, signal);
      if (await this.#untilDown(this.#paths(name), patienceMs)) return;
    }
    throw new AppError("runtime_timeout", `container ${name} did not end after it was killed`);
  }

  /** Waits for the end of the latest run; false when the time is up before. */
  async #untilDown(paths: ProcessPaths, patienceMs: number): Promise<boolean> {
    const deadlineMs = this.#host.clock.monotonicMs() + patienceMs;
    let pauseMs = POLL_MS;
    do {
      if (!await isUp(this.#host, paths)) return true;
      await this.#host.clock.sleep(pauseMs);
      pauseMs = Math.min(2 * pauseMs, POLL_MAX_MS);
    } while (this.#host.clock.monotonicMs() < deadlineMs);
    return false;
  }

  async #remove(name: string): Promise<void> {
    const { files } = this.#host;
    const paths = this.#paths(name);
    if (await files.info(paths.directory) === null) return;
    await using _lock = await this.#lock(name);
    if (await isUp(this.#host, paths)) await this.#end(name, 0);
    // First, so that a removal that is cut short leaves no container, only files of the next one.
    await files.removeFile(paths.spec);
    if (await files.info(paths.directory) === null) return;
    for (const entry of await files.list(paths.directory)) {
      await files.removeFile(join(paths.directory, entry.name));
    }
    await files.removeDir(paths.directory);
  }

  /** The status if it matches. Damaged records hide nothing but their own container's facts. */
  async #look(name: string, query: StateQuery): Promise<ContainerStatus | null> {
    try {
      const status = await readProcessStatus(this.#host, name, this.#paths(name));
      return status !== null && matchesQuery(status, query) ? status : null;
    } catch (error) {
      if (!isAppError(error, "record_damaged")) throw error;
      // Its labels may be lost; its name still begins with the project's.
      return query.project === undefined || name.startsWith(`${query.project}-`) ? damagedStatus(name) : null;
    }
  }

  async #status(name: string): Promise<ContainerStatus> {
    const status = await readProcessStatus(this.#host, name, this.#paths(name));
    if (status === null) throw containerAbsent(name);
    return status;
  }

  async #spec(name: string): Promise<ProcessSpec> {
    const spec = await readProcessSpec(this.#host.files, this.#paths(name));
    if (spec === null) throw containerAbsent(name);
    return spec;
  }

  async #runningSpec(name: string): Promise<ProcessSpec> {
    const spec = await this.#spec(name);
    if ((await this.#status(name)).state === "running") return spec;
    throw new AppError("wrong_state", `container ${name} is not running`);
  }

  async #names(): Promise<string[]> {
    const entries = await ifPresent(this.#host.files.list(this.#root)) ?? [];
    return entries.filter((entry) => entry.kind === "directory" && NAME.test(entry.name))
      .map((entry) => entry.name);
  }

  #paths(name: string): ProcessPaths {
    if (!NAME.test(name)) {
      throw new AppError("invalid_value", `not a container name: ${JSON.stringify(name)}`);
    }
    return processPaths(join(this.#root, name));
  }

  /**
   * One change at a time per container. Lock files are never removed, so names share a fixed number of them.
   * No container name begins with a dot.
   */
  async #lock(name: string): Promise<FileLock> {
    let hash = 0;
    for (const byte of new TextEncoder().encode(name)) hash = (hash * 31 + byte) % LOCK_FILES;
    const path = join(this.#root, ".locks", String(hash));
    return await this.#host.files.lock(path, { timeoutMs: LOCK_TIMEOUT_MS });
  }
}

function containerAbsent(name: string): AppError {
  return new AppError("container_absent", `there is no container ${name}`);
}
