/**
 * What a task's container is made from: the project's settings, and what the caller asked for.
 *
 * @module
 */
import { isAbsolute } from "@std/path";
import type { Carrel } from "../carrel.ts";
import type { Config } from "../config/config.ts";
import { AppError } from "../error.ts";
import type { RuntimePlugin } from "../port/plugin.ts";
import type { TaskMode } from "../query/container_name.ts";
import type { WaitOptions } from "./task_resources.ts";

/** What a caller may ask of a launch; everything else is configuration. */
export interface LaunchRequest extends WaitOptions {
  /** Default: `run` when there is a command, else `cli`. */
  readonly mode?: TaskMode;
  /** The argv to run; default: the project's, else the image's own. */
  readonly command?: readonly string[];
  /** Variables for this task; null = the value in carrel's own environment. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Text for `agent-config/prompt.txt`. */
  readonly prompt?: string;
  /** The runtime ends the container after this many seconds. */
  readonly timeoutS?: number;
}

/** A launch with every choice made. The record keeps it, so that a recreate makes the same container. */
export interface LaunchSettings {
  readonly mode: TaskMode;
  readonly image: string | null;
  /** Null = the image's own command. */
  readonly command: readonly string[] | null;
  /** Values given with the task (not from the configuration). */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutS: number | null;
  readonly unrestricted: boolean;
  readonly agent: string | null;
  readonly runtime: string;
}

/**
 * A shell that idles until it is told to end, for a container that people log in to. It takes
 * SIGTERM at once; without the trap, process 1 would ignore it and every stop would last its grace.
 */
export const IDLE_COMMAND: readonly string[] = [
  "sh",
  "-c",
  "trap 'exit 0' TERM INT HUP; while :; do sleep 3600 & wait $!; done",
];

/** A launch does not guess: everything that shapes it must be understood. */
const LAUNCH_SECTIONS = ["project", "git", "tasks", "run", "shared_dir", "logs", "hooks"];

/**
 * Decides what to run. Errors: `usage` (a command with a mode that has its own), `config_missing`
 * (no image, no web command), `env_missing`, `invalid_config`.
 */
export function decideLaunch(
  carrel: Pick<Carrel, "host">,
  config: Config,
  plugin: RuntimePlugin,
  request: LaunchRequest,
): LaunchSettings {
  requireSoundLaunch(config);
  resolveEnv(carrel, config.get("run.env"));
  const mode = request.mode ?? defaultMode(config, request);
  if (request.command !== undefined && mode !== "run") {
    throw new AppError("usage", `a command cannot be given with mode ${mode}`, {
      hint: "leave the command out, or use --mode run",
    });
  }
  return {
    mode,
    image: decideImage(config, plugin),
    command: decideCommand(config, mode, request.command),
    env: resolveEnv(carrel, request.env ?? {}),
    // As in the configuration, 0 means no limit; engines count whole seconds.
    timeoutS: Math.ceil(request.timeoutS ?? config.get("run.timeout") ?? 0) || null,
    unrestricted: config.get("run.unrestricted"),
    agent: config.get("run.agent"),
    runtime: plugin.name,
  };
}

/** Throws `invalid_config` when anything that shapes a container is wrong. */
export function requireSoundLaunch(config: Config): void {
  for (const section of LAUNCH_SECTIONS) config.requireSound(section);
}

function defaultMode(config: Config, request: LaunchRequest): TaskMode {
  return request.command !== undefined || config.get("run.command") !== null ? "run" : "cli";
}

function decideImage(config: Config, plugin: RuntimePlugin): string | null {
  const image = config.get("run.image");
  if (image === null && plugin.needsImage) {
    throw new AppError("config_missing", "no image is set for this project", {
      hint: "set run.image in project.yml, or give --image",
    });
  }
  return image;
}

function decideCommand(
  config: Config,
  mode: TaskMode,
  given: readonly string[] | undefined,
): readonly string[] | null {
  switch (mode) {
    case "cli":
      return IDLE_COMMAND;
    case "run":
      return given ?? config.get("run.command");
    case "web":
    case "toad": {
      const command = config.get(`run.${mode}.command`);
      if (command === null) {
        throw new AppError("config_missing", `run.${mode}.command is not set`, {
          hint: `mode ${mode} needs the command that serves the port; set it in project.yml`,
        });
      }
      return command;
    }
  }
}

/** Fills in values that come from carrel's own environment; `env_missing` names what is not there. */
export function resolveEnv(
  carrel: Pick<Carrel, "host">,
  wanted: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(wanted)) {
    const found = value ?? carrel.host.env.get(name);
    if (found === undefined) {
      throw new AppError("env_missing", `the variable ${name} is not set in carrel's environment`, {
        hint: `set it, or give a value with --env ${name}=VALUE`,
        details: { name },
      });
    }
    values[name] = found;
  }
  return values;
}

/** Whether the upstream is a directory of this host, which is mounted rather than reached by network. */
export function isLocalUpstream(url: string): boolean {
  return isAbsolute(url);
}
