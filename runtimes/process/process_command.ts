/**
 * From a container spec to a plain command: argv, directory and environment of the process.
 *
 * A process has no mounts, so paths inside the container become the host paths that are mounted there:
 * in the workdir, in prelude arguments, and in environment values, where they begin with the target of a
 * mount (`/workspace/x` with `/workspace` mounted; never `/workspaces`). The longest target counts. The
 * command itself is left as it is; it finds its places in `CARREL_WORKSPACE` and `CARREL_AGENT_CONFIG`.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { ContainerSpec, Mount } from "../../core/port/runtime.ts";

const WORKSPACE = "/workspace";
/** Where the directories that carrel itself mounts are found. */
const PLACES = { CARREL_WORKSPACE: WORKSPACE, CARREL_AGENT_CONFIG: "/home/dev/.terok" };

/** Variables of carrel's own environment that the process gets too. */
const INHERITED = ["PATH", "HOME", "USER", "LANG", "TERM", "TMPDIR", "SHELL"];

/** Which host path stands for a path inside. */
export type MountedPath = Pick<Mount, "source" | "target">;

/** What to run where. */
export interface ProcessCommand {
  readonly argv: readonly [string, ...string[]];
  readonly directory: string;
  /** Everything the process gets, in addition to {@linkcode baseEnv}. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command of a spec. Fails with `invalid_value` for what a plain process cannot honour.
 *
 * Left aside in silence, since nothing is promised that would not hold: image and pull, entrypoint,
 * annotations, relabelling, ownership, privileges. A read-only mount is as writable as its files are.
 */
export function toProcessCommand(spec: ContainerSpec): ProcessCommand {
  refuseWhatCannotBe(spec);
  const { mounts } = spec;
  const toHost = (path: string) => toHostPath(mounts, path) ?? path;
  const [program, ...words] = [...(spec.prelude ?? []).map(toHost), ...(spec.command ?? [])];
  if (program === undefined || spec.command === null) {
    throw new AppError("invalid_value", "the process runtime has no images, so it needs a command", {
      hint: "set run.command, or give the command after --",
    });
  }
  const workdir = spec.workdir ?? WORKSPACE;
  const directory = toHostPath(mounts, workdir);
  if (directory === null) throw new AppError("invalid_value", `nothing is mounted at the workdir ${workdir}`);
  const places = Object.entries(PLACES).map(([name, target]) => [name, toHostPath(mounts, target)] as const);
  return {
    argv: [program, ...words],
    directory,
    env: {
      ...Object.fromEntries(Object.entries(spec.env).map(([name, value]) => [name, toHost(value)])),
      ...Object.fromEntries(places.flatMap(([name, path]) => path === null ? [] : [[name, path]])),
    },
  };
}

/**
 * The host path of a path inside; null when no mount covers it.
 *
 * @example
 * ```ts
 * import { toHostPath } from "./process_command.ts";
 * import { assertEquals } from "@std/assert";
 * const mount = { source: "/srv/t1", target: "/workspace" };
 * assertEquals(toHostPath([mount], "/workspace/a.txt"), "/srv/t1/a.txt");
 * assertEquals(toHostPath([mount], "/workspaces"), null);
 * ```
 */
export function toHostPath(mounts: readonly MountedPath[], path: string): string | null {
  let best: MountedPath | null = null;
  for (const mount of mounts) {
    const covers = path === mount.target || path.startsWith(`${mount.target}/`);
    if (covers && mount.target.length > (best?.target.length ?? -1)) best = mount;
  }
  return best === null ? null : best.source + path.slice(best.target.length);
}

/** The small environment that every process starts from. */
export function baseEnv(get: (name: string) => string | undefined): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => {
    const value = get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

function refuseWhatCannotBe(spec: ContainerSpec): void {
  const asked: Record<string, boolean> = {
    "run.network": spec.network !== null,
    "run.memory": spec.memory !== null,
    "run.cpus": spec.cpus !== null,
    "run.pids": spec.pids !== null,
    "run.user": spec.user !== null,
    "a published port": spec.ports.length > 0,
    "an engine argument": spec.extraArgs.length > 0,
  };
  const setting = Object.keys(asked).find((name) => asked[name]);
  if (setting === undefined) return;
  throw new AppError("invalid_value", `the process runtime cannot honour ${setting}`, {
    hint: "leave it out, or use a runtime with containers",
    details: { setting },
  });
}
