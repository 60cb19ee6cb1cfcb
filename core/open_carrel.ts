/**
 * Opens a carrel: finds its directories, its configuration and its runtimes.
 *
 * @module
 */
import { PLUGINS } from "../plugins/mod.ts";
import type { Carrel, Notice, OpenRuntime } from "./carrel.ts";
import { type Config, type ConfigFlags, type ConfigKey, loadConfig } from "./config/config.ts";
import { resolveRoots } from "./config/resolve_roots.ts";
import { AppError } from "./error.ts";
import { newDenoHost } from "./host/deno_host.ts";
import type { ProjectId } from "./identity/project_id.ts";
import { newPaths, type Paths } from "./meta/paths.ts";
import type { Host } from "./port/host.ts";
import type { RuntimeContext, RuntimePlugin } from "./port/plugin.ts";
import type { StorageBundle } from "./state/storage_bundle.ts";
import { forgetStateUse, wasStateUsed } from "./state/was_state_used.ts";

/** How a carrel is opened; everything has a default. */
export interface OpenOptions {
  /** Where everything is kept; default: `paths.root`, or a directory of the user's. */
  readonly root?: string;
  /** Where config.yml and projects are; default: a directory of the user's. */
  readonly configDir?: string;
  /** What runs tasks, in place of `run.runtime`. */
  readonly runtime?: string;
  /** Values for configuration keys, above every other layer. */
  readonly flags?: ConfigFlags;
  /** The machine to work on; default: the real one. */
  readonly host?: Host;
  /** The runtimes that can be chosen; default: those that carrel comes with. */
  readonly plugins?: readonly RuntimePlugin[];
  /**
   * Opens the state stores; default: the SQLite file `core/state.db` below the root, or, on a host without a
   * disk, stores in memory that last as long as this carrel.
   */
  readonly openState?: () => Promise<StorageBundle>;
  /** How long a verb waits for a task's lock; default: 10 seconds. */
  readonly lockTimeoutMs?: number;
  /** Receives warnings and notices; default: they are dropped. */
  readonly notify?: (notice: Notice) => void;
}

const LOCK_TIMEOUT_MS = 10_000;

/**
 * Opens a carrel. Nothing is created on disk. Errors: `invalid_value` for a relative directory,
 * `invalid_config` when the configuration does not say soundly where the root is.
 *
 * @example
 * ```ts
 * import { getTasks, openCarrel, taskNew } from "@carrel/carrel";
 * import { newMemoryHost } from "./host/memory_host.ts";
 * import { assertEquals } from "@std/assert";
 * const host = newMemoryHost({ files: { "/c/projects/demo/project.yml": "run: {runtime: fake}\n" } });
 * const carrel = await openCarrel({ root: "/r", configDir: "/c", host });
 * const id = await taskNew(carrel, "demo", { name: "Fix login" });
 * const [task] = await getTasks(carrel, "demo");
 * assertEquals([task?.task_id, task?.name, task?.status], [id, "fix-login", "created"]);
 * ```
 */
export async function openCarrel(options: OpenOptions = {}): Promise<Carrel> {
  const host = options.host ?? newDenoHost();
  const plugins = options.plugins ?? PLUGINS;
  const flags: ConfigFlags = {
    ...options.flags,
    ...(options.root === undefined ? {} : { "paths.root": { value: options.root, flag: "--root" } }),
    ...(options.runtime === undefined
      ? {}
      : { "run.runtime": { value: options.runtime, flag: "--runtime" } }),
  };
  const roots = resolveRoots({
    env: host.env,
    homeDir: host.system.homeDir,
    flags: { configDir: options.configDir ?? null },
  });
  const notify = options.notify ?? (() => {});
  // The configuration says where the root is, and lies in a directory that does not depend on it.
  const global = await loadConfig(host, { paths: newPaths("/", roots.configDir), flags });
  const paths = newPaths(global.get("paths.root") ?? roots.rootDefault, roots.configDir);
  const config = newConfigCache(host, paths, flags, global, notify);
  // A runtime's settings are a project's own (run.fake), so each configuration has its own runtimes.
  const runtimes = new WeakMap<Config, Map<string, Promise<OpenRuntime>>>();
  const runtimeContext = (settings: Config): RuntimeContext => ({
    host,
    root: paths.root,
    stateDir: paths.coreDir,
    setting: (key) => settings.get(key as ConfigKey),
  });
  const { openState } = options;
  const stores = newStores(
    openState === undefined ? newStateOpener(host, paths) : { open: openState, openToRead: openState },
  );
  return {
    host,
    paths,
    lockTimeoutMs: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
    notify,
    config,
    plugins,
    runtimeContext,
    openRuntime(name, settings) {
      const opened = runtimes.get(settings) ?? new Map<string, Promise<OpenRuntime>>();
      runtimes.set(settings, opened);
      const opening = opened.get(name) ?? openRuntime(plugins, name, runtimeContext(settings));
      opened.set(name, opening);
      return opening;
    },
    ...stores,
    [Symbol.asyncDispose]: stores.close,
  };
}

/** The two ways of opening the stores. */
interface StateOpener {
  /** Makes what is not there yet. */
  open(): Promise<StorageBundle>;
  /** Null when there is nothing yet. */
  openToRead(): Promise<StorageBundle | null>;
}

function newStores({ open, openToRead }: StateOpener): Pick<Carrel, "state" | "existingState" | "close"> {
  const whole = keepOpen(open);
  const toRead = keepOpen(openToRead);
  return {
    state: () => whole.get(),
    existingState: () => whole.isOpen() ? whole.get() : toRead.get(),
    async close() {
      // Whoever can write goes last, and tidies up.
      await toRead.close();
      await whole.close();
    },
  };
}

/** Opens once, until it is closed; a failure, or that there is nothing, is tried again by the next who asks. */
function keepOpen<Stores extends StorageBundle | null>(open: () => Promise<Stores>): {
  get(): Promise<Stores>;
  isOpen(): boolean;
  close(): Promise<void>;
} {
  let opening: Promise<Stores> | null = null;
  const tryOpening = async (): Promise<Stores> => {
    let stores: Stores | null = null;
    try {
      return stores = await open();
    } finally {
      if (stores === null) opening = null;
    }
  };
  return {
    get: () => opening ??= tryOpening(),
    isOpen: () => opening !== null,
    async close() {
      const opened = opening;
      opening = null;
      await (await opened)?.close();
    },
  };
}

/** Loaded when they are needed: most commands that only read do not. */
function newStateOpener(host: Host, paths: Paths): StateOpener {
  if (host.system.hasDisk) {
    return {
      async open() {
        const { sqliteStorage } = await import("./state/sqlite/sqlite_storage.ts");
        await forgetStateUse(host.files, paths);
        const wasUsed = await wasStateUsed(host.files, paths);
        return await sqliteStorage(paths.stateDb, { ...host, wasUsed });
      },
      async openToRead() {
        // Looked for here, so that nothing is loaded to find nothing.
        if (await host.files.info(paths.stateDb) === null) return null;
        const { sqliteStorageToRead } = await import("./state/sqlite/sqlite_storage_to_read.ts");
        const wasUsed = await wasStateUsed(host.files, paths);
        return await sqliteStorageToRead(paths.stateDb, host, { wasUsed });
      },
    };
  }
  let inMemory: Promise<StorageBundle> | null = null;
  return { open: () => inMemory ??= openInMemory(host), openToRead: async () => await inMemory };
}

async function openInMemory(host: Host): Promise<StorageBundle> {
  const { newMemoryStorage } = await import("./state/memory/memory_storage.ts");
  return newMemoryStorage(host);
}

async function openRuntime(
  plugins: readonly RuntimePlugin[],
  name: string,
  context: RuntimeContext,
): Promise<OpenRuntime> {
  const plugin = plugins.find((candidate) => candidate.name === name);
  if (plugin === undefined) {
    throw new AppError("runtime_not_found", `there is no runtime ${name}`, {
      hint: `run.runtime is one of: ${plugins.map((candidate) => candidate.name).join(", ")}`,
    });
  }
  return { plugin, runtime: await plugin.open(context) };
}

/** Reads each configuration once, and passes its warnings on once. */
function newConfigCache(
  host: Host,
  paths: Paths,
  flags: ConfigFlags,
  global: Config,
  notify: Carrel["notify"],
): Carrel["config"] {
  const cache = new Map<ProjectId | null, Promise<Config>>([[null, Promise.resolve(global)]]);
  const said = new Set<string>();
  const tell = (config: Config) => {
    for (const text of config.warnings) {
      if (!said.has(text)) notify({ kind: "warning", text });
      said.add(text);
    }
    return config;
  };
  tell(global);
  return (project) => {
    const key = project ?? null;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const loading = loadConfig(host, { paths, flags, ...(project === undefined ? {} : { project }) }).then(
      tell,
    );
    cache.set(key, loading);
    return loading;
  };
}
