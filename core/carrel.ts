/**
 * The opened world: what every verb and query takes as its first argument.
 *
 * @module
 */
import type { Config } from "./config/config.ts";
import type { ProjectId } from "./identity/project_id.ts";
import type { Paths } from "./meta/paths.ts";
import type { Host } from "./port/host.ts";
import type { RuntimeContext, RuntimePlugin } from "./port/plugin.ts";
import type { Runtime } from "./port/runtime.ts";
import type { StorageBundle } from "./state/storage_bundle.ts";

/** Something the person should know that is not an error. */
export interface Notice {
  /** How much it matters. */
  readonly kind: "warning" | "notice";
  /** One sentence. */
  readonly text: string;
}

/** A runtime plugin that was opened, with what it said of itself. */
export interface OpenRuntime {
  /** What is known of the runtime without opening it. */
  readonly plugin: RuntimePlugin;
  /** The opened runtime. */
  readonly runtime: Runtime;
}

/** An opened carrel. Made by `openCarrel`; who has changed something through it closes it at the end. */
export interface Carrel extends AsyncDisposable {
  /** The machine that it works on. */
  readonly host: Host;
  /** Where everything lies. */
  readonly paths: Paths;
  /** How long a verb waits for a task's lock, milliseconds. */
  readonly lockTimeoutMs: number;
  /** Where warnings and notices go while a verb runs. */
  readonly notify: (notice: Notice) => void;
  /** The configuration in force, for one project or without any; read once each. */
  config(project?: ProjectId): Promise<Config>;
  /** The runtimes that can be chosen. */
  readonly plugins: readonly RuntimePlugin[];
  /** Opens a runtime by name, once; `runtime_not_found` when there is none of that name. */
  openRuntime(name: string, config: Config): Promise<OpenRuntime>;
  /** What a runtime plugin is opened with under this configuration. */
  runtimeContext(config: Config): RuntimeContext;
  /** The nine state stores, opened at the first call. A `StorageError` (exit 10) when they cannot be used. */
  state(): Promise<StorageBundle>;
  /**
   * The same, for who only looks: nothing is made on disk, and null says that nothing was ever stored. They can be
   * written to once {@linkcode Carrel.state} was called. A `StorageError` (exit 10) when they cannot be used.
   */
  existingState(): Promise<StorageBundle | null>;
  /** Closes the state stores, if they were opened; a later call of {@linkcode Carrel.state} opens them again. */
  close(): Promise<void>;
}
