/**
 * A simulated runtime: deterministic, scripted, obeys the laws of `tests/contract/runtime_suite.ts`.
 *
 * No command runs. A container writes its scripted output and files when it starts, is `running` for the
 * scripted time, then has ended; nothing but the clock of the host moves it.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { Host } from "../../core/port/host.ts";
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
import { pollEvents } from "../poll_events.ts";
import { randomHex } from "../random_hex.ts";
import { matchesQuery } from "../matches_query.ts";
import { waitForExit } from "../wait_for_exit.ts";
import { writeFakeLog } from "./fake_log.ts";
import type { FakeBehaviour, FakeMethod } from "./fake_script.ts";
import { type FakeContainer, type FakeContainers, FakeStore } from "./fake_store.ts";
import { writeScriptFiles } from "./script_files.ts";

const ID_BYTES = 32;
const MICROS_PER_MS = 1000;
const MICROS_PER_S = 1_000_000;
/** Exit codes of a container that was stopped or ran out of time, as engines report them. */
const STOPPED = { code: 143, reason: "signal" } as const;
const TIMED_OUT = { code: 137, reason: "timeout" } as const;

/** What a fake runtime plays. */
export interface FakeRuntimeOptions {
  readonly host: Pick<Host, "clock" | "files" | "random">;
  /** Directory of `fake-runtime.json`. */
  readonly stateDir: string;
  /** Methods that fail with `runtime_failed`. */
  readonly failOn: readonly FakeMethod[];
  /** What the container made from this spec will do. */
  readonly behaviourOf: (spec: ContainerSpec) => FakeBehaviour;
}

/** The runtime `fake`. */
export class FakeRuntime implements Runtime {
  readonly name = "fake";
  readonly #options: FakeRuntimeOptions;
  readonly #store: FakeStore;

  constructor(options: FakeRuntimeOptions) {
    this.#options = options;
    this.#store = new FakeStore(options.host, options.stateDir);
  }

  async create(spec: ContainerSpec): Promise<{ readonly id: string }> {
    this.#failIfTold("create");
    const { host, behaviourOf } = this.#options;
    const workdir = spec.workdir ?? "/workspace";
    return await this.#store.update((containers) => {
      if (containers.has(spec.name)) {
        throw new AppError("already_exists", `there is a container named ${spec.name} already`);
      }
      const id = randomHex(host.random, ID_BYTES);
      containers.set(spec.name, {
        id,
        name: spec.name,
        image: spec.image ?? "",
        labels: spec.labels,
        log_path: spec.logPath,
        workspace: spec.mounts.find((mount) => mount.target === workdir)?.source ?? null,
        timeout_s: spec.timeoutS,
        created_at_micros: host.clock.nowMicros(),
        started_at_micros: null,
        end: null,
        behaviour: behaviourOf(spec),
      });
      return { id };
    });
  }

  async start(name: string): Promise<void> {
    this.#failIfTold("start");
    const { host } = this.#options;
    await this.#store.update(async (containers) => {
      const container = findContainer(containers, name);
      const startedAtMicros = host.clock.nowMicros();
      if (isRunning(container, startedAtMicros)) return;
      const { workspace, behaviour } = container;
      if (workspace !== null) await writeScriptFiles(host.files, workspace, behaviour.files);
      // Written before the start is on record: who finds the container ended finds its output whole.
      await writeFakeLog(host.files, container.log_path, behaviour, startedAtMicros);
      containers.set(name, {
        ...container,
        started_at_micros: startedAtMicros,
        end: foreseenEnd(container, startedAtMicros),
      });
    });
  }

  async stop(name: string, _options: { graceMs: number }): Promise<void> {
    this.#failIfTold("stop");
    await this.#store.update((containers) => {
      const container = findContainer(containers, name);
      const now = this.#options.host.clock.nowMicros();
      if (!isRunning(container, now)) return;
      const at_micros = Math.max(now, (container.started_at_micros ?? 0) + 1);
      containers.set(name, { ...container, end: { ...STOPPED, at_micros } });
    });
  }

  async remove(names: readonly string[]): Promise<RemoveResult[]> {
    if (this.#options.failOn.includes("remove")) {
      return names.map((name) => ({ name, removed: false, error: simulatedFailure("remove").message }));
    }
    return await this.#store.update((containers) =>
      names.map((name) => {
        containers.delete(name);
        return { name, removed: true, error: null };
      })
    );
  }

  async states(query: StateQuery): Promise<ReadonlyMap<string, ContainerStatus>> {
    this.#failIfTold("states");
    const containers = await this.#store.read();
    const now = this.#options.host.clock.nowMicros();
    return new Map(
      [...containers]
        .filter(([, container]) => matchesQuery(container, query))
        .map(([name, container]) => [name, toStatus(container, now)]),
    );
  }

  async wait(name: string, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<ExitReport> {
    this.#failIfTold("wait");
    return await this.#exit(name, options);
  }

  async *logs(
    name: string,
    options: { follow?: boolean; signal?: AbortSignal } = {},
  ): AsyncGenerator<LogChunk> {
    this.#failIfTold("logs");
    const container = findContainer(await this.#store.read(), name);
    if (container.started_at_micros === null) return;
    const { host } = this.#options;
    yield* readContainerLog(host, container.log_path, (signal) => this.#exit(name, { signal }), options);
  }

  async exec(name: string, argv: readonly [string, ...string[]], options: ExecOptions): Promise<number> {
    this.#failIfTold("exec");
    options.signal?.throwIfAborted();
    const { behaviour } = await this.#findRunning(name);
    const answer = behaviour.exec.find((entry) => isSameArgv(entry.argv, argv));
    const encoder = new TextEncoder();
    for (const stream of ["stdout", "stderr"] as const) {
      const text = answer?.[stream] ?? "";
      if (text !== "") await options.onOutput(stream, encoder.encode(text));
    }
    return answer?.exit_code ?? 0;
  }

  async loginArgv(
    name: string,
    argv: readonly [string, ...string[]],
  ): Promise<readonly [string, ...string[]]> {
    await this.#findRunning(name);
    return ["null-exec", name, ...argv];
  }

  events(query: StateQuery, { signal }: { signal: AbortSignal }): AsyncIterable<RuntimeEvent> {
    return pollEvents(this.#options.host.clock, () => this.states(query), signal);
  }

  async #exit(name: string, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<ExitReport> {
    const { clock } = this.#options.host;
    const look = async () => exitOf(findContainer(await this.#store.read(), name), clock.nowMicros());
    return await waitForExit(clock, look, options);
  }

  async #findRunning(name: string): Promise<FakeContainer> {
    const container = findContainer(await this.#store.read(), name);
    if (isRunning(container, this.#options.host.clock.nowMicros())) return container;
    throw new AppError("wrong_state", `container ${name} is not running`);
  }

  #failIfTold(method: FakeMethod): void {
    if (this.#options.failOn.includes(method)) throw simulatedFailure(method);
  }
}

function simulatedFailure(method: FakeMethod): AppError {
  return new AppError("runtime_failed", `simulated failure of ${method}`);
}

function findContainer(containers: FakeContainers, name: string): FakeContainer {
  const container = containers.get(name);
  if (container === undefined) throw new AppError("container_absent", `there is no container ${name}`);
  return container;
}

/** The end that the script foresees for a container started at this time. */
function foreseenEnd(container: FakeContainer, startedAtMicros: number): FakeContainer["end"] {
  const { duration_ms, exit_code } = container.behaviour;
  // Even a container of no duration ends later than it started.
  const end = { at_micros: startedAtMicros + Math.max(1, Math.round(duration_ms * MICROS_PER_MS)) };
  const limit = startedAtMicros + Math.round((container.timeout_s ?? Infinity) * MICROS_PER_S);
  if (end.at_micros > limit) return { ...TIMED_OUT, at_micros: limit };
  return { ...end, code: exit_code, reason: "exited" };
}

function exitOf(container: FakeContainer, nowMicros: number): ExitReport | null {
  const { end } = container;
  // One microsecond early: a container of no duration has ended for the reader that just started it.
  if (end === null || end.at_micros > nowMicros + 1) return null;
  return { code: end.code, reason: end.reason, finishedAtMicros: end.at_micros };
}

function isRunning(container: FakeContainer, nowMicros: number): boolean {
  return container.started_at_micros !== null && exitOf(container, nowMicros) === null;
}

function toStatus(container: FakeContainer, nowMicros: number): ContainerStatus {
  const exit = exitOf(container, nowMicros);
  return {
    id: container.id,
    name: container.name,
    state: container.started_at_micros === null ? "created" : exit === null ? "running" : "exited",
    labels: container.labels,
    image: container.image,
    createdAtMicros: container.created_at_micros,
    startedAtMicros: container.started_at_micros,
    exit,
  };
}

function isSameArgv(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}
