/**
 * Configuration: flags > `CARREL_*` > project.yml > the user's config.yml > the system's, as one typed
 * value per key, each with its origin. The highest layer that says something about a key wins whole;
 * lists and maps are not merged.
 *
 * What is wrong spoils only what it concerns: a wrong value its key (unless a higher layer gives a right
 * one), an unknown key its section, a file that cannot be read everything that it might have said.
 *
 * @module
 */
import type { AppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { Host } from "../port/host.ts";
import type { ConfigKey, ConfigValue } from "./keys.ts";
import type { Origin } from "./layer.ts";
import type { ConfigFlags } from "./read_given.ts";

export type { ConfigFlags, ConfigKey, ConfigValue, Origin };

/** What one layer says about a key. */
export interface LayerValue {
  /** The layer, and where in it. */
  readonly origin: Origin;
  /** As given when it is not valid; null when the whole file is not. */
  readonly value: unknown;
  /** Whether it is a value that the key can have. */
  readonly valid: boolean;
}

/** Everything there is to know about a key. */
export interface Explanation<K extends ConfigKey = ConfigKey> {
  /** The key that is explained. */
  readonly key: K;
  /** What `get` answers; null when it throws. */
  readonly value: ConfigValue<K> | null;
  /** What `get` throws; null when it answers. */
  readonly problem: AppError | null;
  /** Where the value, right or wrong, comes from. */
  readonly origin: Origin;
  /** What the key does, one sentence without a stop. */
  readonly summary: string;
  /** The value when no layer says anything. */
  readonly default: ConfigValue<K>;
  /** Every layer that says something, the winner first, the default last. */
  readonly layers: readonly LayerValue[];
}

/** The configuration in force. */
export interface Config {
  /** The value of a key; throws `invalid_config` if what was given for it is wrong. */
  get<K extends ConfigKey>(key: K): ConfigValue<K>;
  /**
   * The value, or the default where `get` would throw: for verbs that must work with a broken
   * configuration. `paths.root` has no such mercy, it would be another root.
   */
  getOrDefault<K extends ConfigKey>(key: K): ConfigValue<K>;
  /** Where the value, right or wrong, comes from. */
  origin(key: ConfigKey): Origin;
  /** Everything there is to know about a key. */
  explain<K extends ConfigKey>(key: K): Explanation<K>;
  /**
   * Everything wrong, highest layer first, in file order; `invalid_config` with details
   * `{file, line, key, nearest}`.
   */
  readonly problems: readonly AppError[];
  /** Keys of the reference that mean nothing here, variables that look misspelt, hooks that are not run. */
  readonly warnings: readonly string[];
  /** Throws the first problem that concerns a section (`run`, `git`, ...), unknown keys included. */
  requireSound(section: string): void;
}

/** Where the files are. */
export interface ConfigPaths {
  /** The user's config.yml. */
  readonly userConfig: string;
  /** The system's config.yml. */
  readonly systemConfig: string;
  /** The project.yml of a project. */
  projectConfig(project: ProjectId): string;
}

/** Options of {@linkcode loadConfig}. */
export interface LoadConfigOptions {
  /** Where the files are. */
  readonly paths: ConfigPaths;
  /** The project whose project.yml takes part; a missing file is an empty one. */
  readonly project?: ProjectId;
  /** Values that flags give; texts are read as the environment's are. */
  readonly flags?: ConfigFlags;
}

/**
 * Reads all layers. Never throws for what they say: see {@linkcode Config.problems}.
 *
 * In the environment scalars stand as they are, lists and maps as YAML or JSON.
 *
 * @example
 * ```ts
 * import { loadConfig } from "./config.ts";
 * import { newMemoryHost } from "../host/memory_host.ts";
 * import { assertEquals } from "@std/assert";
 * const host = newMemoryHost({
 *   env: { CARREL_RUN_MEMORY: "4g" },
 *   files: { "/etc/carrel/config.yml": "run:\n  image: debian\n  memory: 1g\n" },
 * });
 * const config = await loadConfig(host, {
 *   paths: {
 *     userConfig: "/home/a/.config/carrel/config.yml",
 *     systemConfig: "/etc/carrel/config.yml",
 *     projectConfig: (project) => `/home/a/.config/carrel/projects/${project}/project.yml`,
 *   },
 * });
 * assertEquals([config.get("run.image"), config.get("run.memory")], ["debian", "4g"]);
 * assertEquals(config.origin("run.image").line, 2);
 * ```
 */
export async function loadConfig(
  ports: Pick<Host, "files" | "env">,
  options: LoadConfigOptions,
): Promise<Config> {
  // Loaded here: they bring zod, and this module is imported for its types everywhere.
  const [{ readConfigFile }, { readEnvironment, readFlags }, { newConfig }] = await Promise.all([
    import("./read_config_file.ts"),
    import("./read_given.ts"),
    import("./new_config.ts"),
  ]);
  const { paths, project } = options;
  const { files } = ports;
  const layers = await Promise.all([
    readFlags(options.flags ?? {}),
    readEnvironment(ports.env),
    ...(project === undefined
      ? []
      : [readConfigFile(files, { kind: "project", path: paths.projectConfig(project), project })]),
    readConfigFile(files, { kind: "user", path: paths.userConfig, project: null }),
    readConfigFile(files, { kind: "system", path: paths.systemConfig, project: null }),
  ]);
  return newConfig(layers);
}
