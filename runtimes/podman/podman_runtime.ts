/**
 * The runtime `podman`: containers of this machine's engine, rootful or rootless, or of a connection.
 *
 * Each method is a file of its own: pure argv and parsers around one call of `podman`.
 *
 * @module
 */
import { isAppError } from "../../core/error.ts";
import { invariant } from "../../core/invariant.ts";
import type { ProbeReport, RuntimeContext } from "../../core/port/plugin.ts";
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
import { createContainer, requireImage } from "./create_container.ts";
import { Engine, isSupported, parseVersion, tooOld } from "./engine.ts";
import { execInContainer } from "./exec_in_container.ts";
import { startFailure } from "./failure.ts";
import { requireRunning } from "./find_container.ts";
import { listStates } from "./list_containers.ts";
import { readLogs } from "./read_logs.ts";
import { removeContainers } from "./remove_containers.ts";
import { stopContainer } from "./stop_container.ts";
import { waitContainer } from "./wait_container.ts";
import { watchEvents } from "./watch_events.ts";

/** Name of a connection of `podman system connection`; unset = the engine of this machine. */
const CONNECTION_KEY = "runtime.podman.connection";

const START_TIMEOUT_MS = 120_000;

/** The runtime `podman`. */
export class PodmanRuntime implements Runtime {
  readonly name = "podman";
  readonly #engine: Engine;

  constructor(context: RuntimeContext) {
    this.#engine = newEngine(context);
  }

  async create(spec: ContainerSpec): Promise<{ readonly id: string }> {
    return await createContainer(this.#engine, spec);
  }

  async start(name: string): Promise<void> {
    const { code, stderr } = await this.#engine.client.run(["start", name], { timeoutMs: START_TIMEOUT_MS });
    if (code !== 0) throw startFailure(stderr);
  }

  async stop(name: string, { graceMs }: { graceMs: number }): Promise<void> {
    await stopContainer(this.#engine, name, graceMs);
  }

  async remove(names: readonly string[]): Promise<RemoveResult[]> {
    return await removeContainers(this.#engine, names);
  }

  async states(query: StateQuery): Promise<ReadonlyMap<string, ContainerStatus>> {
    return await listStates(this.#engine, query);
  }

  async wait(name: string, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<ExitReport> {
    return await waitContainer(this.#engine, name, options);
  }

  logs(name: string, options?: { follow?: boolean; signal?: AbortSignal }): AsyncIterable<LogChunk> {
    return readLogs(this.#engine, name, options);
  }

  async exec(name: string, argv: readonly [string, ...string[]], options: ExecOptions): Promise<number> {
    return await execInContainer(this.#engine, name, argv, options);
  }

  async loginArgv(
    name: string,
    argv: readonly [string, ...string[]],
  ): Promise<readonly [string, ...string[]]> {
    await requireRunning(this.#engine, name);
    return this.#engine.client.argv(["exec", "--interactive", "--tty", name, ...argv]);
  }

  events(query: StateQuery, { signal }: { signal: AbortSignal }): AsyncIterable<RuntimeEvent> {
    return watchEvents(this.#engine, query, signal);
  }
}

/** Looks whether podman works here; an engine that does not is a report, never an error. */
export async function probePodman(context: RuntimeContext): Promise<ProbeReport> {
  let version: string | null = null;
  try {
    const engine = newEngine(context);
    version = await engine.askVersion();
    if (!isSupported(parseVersion(version))) {
      return { works: false, version, detail: tooOld(version) };
    }
    const kind = await engine.askRootless() ? "rootless" : "rootful";
    const place = engine.isRemote ? `, through the connection ${engine.client.connection}` : "";
    return { works: true, version, detail: `podman ${version}, ${kind}${place}` };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { works: false, version, detail: error.message };
  }
}

/**
 * The argv that runs a host command as the owner of everything that containers made: rootless ones map
 * their users to ids that belong to nobody outside.
 */
export async function ownerArgv(
  context: RuntimeContext,
  argv: readonly [string, ...string[]],
): Promise<readonly [string, ...string[]]> {
  const engine = newEngine(context);
  if (engine.isRemote || !await engine.isRootless()) return argv;
  return engine.client.argv(["unshare", ...argv]);
}

/** Whether an image is in the engine's store: `image_not_found` when it is not. */
export async function checkImage(context: RuntimeContext, image: string): Promise<void> {
  await requireImage(newEngine(context), image);
}

function newEngine({ host, root, stateDir, setting }: RuntimeContext): Engine {
  const connection = setting(CONNECTION_KEY) ?? null;
  invariant(connection === null || typeof connection === "string", `${CONNECTION_KEY} is validated`);
  return new Engine(host, { root, stateDir, connection: connection === "" ? null : connection });
}
