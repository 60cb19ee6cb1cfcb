/**
 * The whole program on a machine in memory: command lines in, exit status and output out.
 *
 * @module
 */
import { runCli } from "../../core/cli/run_cli.ts";
import { newApp, type OpenWorld } from "../../core/commands/app.ts";
import { COMMANDS } from "../../core/commands/mod.ts";
import { type MemoryHost, type MemoryHostOptions, newMemoryHost } from "../../core/host/memory_host.ts";
import { type MemoryTerminal, newMemoryTerminal } from "../../core/host/memory_terminal.ts";
import { openCarrel } from "../../core/open_carrel.ts";
import type { Env, Host } from "../../core/port/host.ts";
import type { RuntimePlugin } from "../../core/port/plugin.ts";
import { newMemoryStorage } from "../../core/state/memory/memory_storage.ts";
import type { StorageBundle } from "../../core/state/storage_bundle.ts";
import { newFileTools } from "./file_tools.ts";
import { newGitTool } from "./git_tool.ts";

/** What one call did. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a call is given beside its arguments. */
export interface CallOptions {
  readonly stdin?: string;
  /** Further variables of this call. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether its streams are a terminal; default: pipes. */
  readonly isTerminal?: boolean;
  readonly columns?: number;
  /** Is given the terminal when the call begins, to raise signals at it. */
  readonly onTerminal?: (terminal: MemoryTerminal) => void;
  /** The machine as this call sees it; default: as it is. */
  readonly host?: (host: MemoryHost) => Host;
  /** The state stores as this call sees them, given its machine; default: as they are. */
  readonly state?: (state: StorageBundle) => StorageBundle;
}

/** The program and its machine, which lasts from call to call. */
export interface Program {
  readonly host: MemoryHost;
  /** Its state stores, which last as long. */
  readonly state: StorageBundle;
  /** Runs one command line, without the program's name. */
  run(argv: readonly string[], options?: CallOptions): Promise<Ran>;
}

/** Where things are on the machine. */
export const HOME = "/home/reader";
export const ROOT = `${HOME}/data`;
export const CONFIG = `${HOME}/config`;

/** A machine with the program on it, its file tools, and nothing else. */
export function newProgram(
  options: Pick<MemoryHostOptions, "files" | "seed"> & { readonly plugins?: readonly RuntimePlugin[] } = {},
): Program {
  const { plugins, ...hostOptions } = options;
  const variables = { HOME, PATH: "/usr/bin:/bin", CARREL_ROOT: ROOT, CARREL_CONFIG_DIR: CONFIG };
  const machine = newMemoryHost({ ...hostOptions, system: { homeDir: HOME } });
  machine.processes.onCommand(newFileTools(machine));
  const state = newMemoryStorage(machine);
  machine.processes.onCommand(newGitTool(machine));
  return {
    host: machine,
    state,
    async run(argv, options = {}) {
      const { stdin = "", isTerminal = false, columns = 80 } = options;
      const env = newEnv({ ...variables, ...options.env });
      const seen: Host = { ...(options.host?.(machine) ?? machine), env };
      const terminal = newMemoryTerminal({ stdin, isTerminal, columns });
      options.onTerminal?.(terminal);
      const open: OpenWorld = (world) =>
        openCarrel({
          host: seen,
          openState: () => Promise.resolve(state).then((opened) => options.state?.(opened) ?? opened),
          ...(plugins === undefined ? {} : { plugins }),
          ...world,
        });
      const code = await runCli({
        argv,
        table: COMMANDS,
        terminal,
        env,
        newApp: (globals, io) => newApp(seen, terminal, open, globals, io),
      });
      return { code, stdout: terminal.stdoutText(), stderr: terminal.stderrText() };
    },
  };
}

function newEnv(variables: Readonly<Record<string, string>>): Env {
  const values = new Map(Object.entries(variables));
  return { get: (name) => values.get(name), all: () => Object.fromEntries(values) };
}

/** Path of a project's project.yml. */
export function projectFile(project: string): string {
  return `${CONFIG}/projects/${project}/project.yml`;
}

/** Directory of a project's records. */
export function recordsDir(project: string): string {
  return `${ROOT}/core/projects/${project}/tasks`;
}
