/**
 * The argv of `podman create`: pure, so that every element can be tested.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { ContainerSpec, PublishedPort } from "../../core/port/runtime.ts";
import type { UserIds } from "./container_user.ts";
import type { ImageDetails } from "./inspect.ts";
import { csvField, mountFlag, needsCsv } from "./mount_flag.ts";

/** What was found out before the argv can be written. */
export interface CreateFacts {
  /** Rootless only: the ids inside that stand for whoever runs podman; null = the engine's own mapping. */
  readonly keepId: UserIds | null;
  /** The init program that podman needs for `--init` is installed. */
  readonly hasInit: boolean;
  /** Details of the image; null when {@linkcode needsImageDetails} said that none are needed. */
  readonly image: ImageDetails | null;
  /** The pull policy that is still to be followed. */
  readonly pull: ContainerSpec["pull"];
  /** Names whose values are in podman's environment. */
  readonly envNames: readonly string[];
  /** Name of the env file in podman's working directory; null = none. */
  readonly envFile: string | null;
  /** podman splits `--annotation` and `--log-opt` at commas: versions before 5 do. */
  readonly splitsLists: boolean;
}

/** Linux's limit for host names. */
const HOSTNAME_LENGTH_MAX = 63;
const CONTROL_CHARACTER = /\p{Cc}/u;

/**
 * Everything after `podman [--connection X]` that creates the container. Values of the environment never
 * stand in it. `invalid_value` for what podman cannot be told, `config_missing` without an image.
 */
export function createArgv(spec: ContainerSpec, facts: CreateFacts): string[] {
  const { entrypoint, args } = commandLine(spec, facts.image);
  const argv = [
    "create",
    ...(facts.hasInit ? ["--init"] : []),
    ...userFlags(spec, facts.keepId),
    ...flagPairs("--annotation", annotations(spec).map((each) => listItem(each, facts.splitsLists))),
    ...(spec.unrestricted ? [] : ["--security-opt", "no-new-privileges"]),
    ...optional("--network", spec.network),
    ...optional("--memory", spec.memory),
    ...optional("--cpus", spec.cpus),
    ...optional("--pids-limit", spec.pids),
    ...optional("--timeout", spec.timeoutS),
    "--log-driver",
    "k8s-file",
    ...flagPairs("--log-opt", logOptions(spec).map((each) => listItem(each, facts.splitsLists))),
    // The host's own proxy settings may hold a password; a task gets what its project asks for.
    "--http-proxy=false",
    ...spec.extraArgs,
    ...flagPairs("-p", spec.ports.map(portFlag)),
    ...spec.mounts.flatMap(mountFlag),
    ...optional("--env-file", facts.envFile),
    ...flagPairs("--env", facts.envNames),
    ...flagPairs("--label", Object.entries(spec.labels).map(([key, value]) => `${key}=${value}`)),
    "--pull",
    facts.pull,
    "--name",
    spec.name,
    "--hostname",
    hostname(spec.name),
    ...optional("--workdir", spec.workdir),
    ...(entrypoint === null ? [] : ["--entrypoint", JSON.stringify(entrypoint)]),
    "--",
    imageOf(spec),
    ...args,
  ];
  if ([...argv, ...entrypoint ?? []].some((word) => word.includes("\0"))) {
    throw new AppError(
      "invalid_value",
      `the container ${spec.name} cannot be made: a NUL byte in its settings`,
    );
  }
  return argv;
}

/**
 * True when the image must be read first: a prelude needs to know what it stands before, and a command
 * without the entrypoint may be the image's own.
 */
export function needsImageDetails(spec: ContainerSpec): boolean {
  return spec.prelude !== null || (spec.entrypoint === "none" && commandOf(spec) === null);
}

/** True when the argv depends on {@linkcode CreateFacts.splitsLists}. */
export function dependsOnLists(spec: ContainerSpec): boolean {
  return [...annotations(spec), ...logOptions(spec)].some(needsCsv);
}

/** The image; `config_missing` when there is none. */
export function imageOf(spec: ContainerSpec): string {
  if (spec.image !== null && spec.image !== "") return spec.image;
  throw new AppError("config_missing", `podman needs an image for ${spec.name}`, { hint: "set run.image" });
}

/** What stands behind `--entrypoint` (null = the image's) and what follows the image. */
function commandLine(
  spec: ContainerSpec,
  image: ImageDetails | null,
): { entrypoint: readonly string[] | null; args: readonly string[] } {
  const own = commandOf(spec);
  if (!needsImageDetails(spec) && spec.entrypoint === "image") return { entrypoint: null, args: own ?? [] };
  const command = own ?? image?.command ?? [];
  const words = spec.entrypoint === "image" ? [...image?.entrypoint ?? [], ...command] : command;
  const [first, ...rest] = words;
  if (first === undefined) {
    throw new AppError("invalid_value", `the image ${imageOf(spec)} has no command of its own`, {
      hint: "give one after --, or set run.command",
    });
  }
  // An empty --entrypoint would be lost on the way to a remote podman, so that the image's would run.
  return spec.prelude === null
    ? { entrypoint: [first], args: rest }
    : { entrypoint: spec.prelude, args: words };
}

function commandOf(spec: ContainerSpec): readonly string[] | null {
  return spec.command === null || spec.command.length === 0 ? null : spec.command;
}

function userFlags({ user }: ContainerSpec, keepId: UserIds | null): string[] {
  if (keepId === null) return optional("--user", user);
  const { uid, gid } = keepId;
  // Named even where it is the default: an image's own user would be one that owns nothing.
  return [`--userns=keep-id:uid=${uid},gid=${gid}`, "--user", user ?? `${uid}:${gid}`];
}

function annotations(spec: ContainerSpec): string[] {
  return Object.entries(spec.annotations).map(([key, value]) => {
    if (!CONTROL_CHARACTER.test(value)) return `${key}=${value}`;
    throw new AppError("invalid_value", `the annotation ${key} has a control character`);
  });
}

function logOptions(spec: ContainerSpec): string[] {
  if (spec.logPath.includes(":")) {
    // conmon takes what follows a colon for something else and logs to another file.
    throw new AppError("invalid_value", `podman cannot log to ${spec.logPath}: it has a colon`, {
      hint: "move carrel's root with CARREL_ROOT or paths.root",
    });
  }
  const path = `path=${spec.logPath}`;
  return spec.logMaxBytes === null ? [path] : [path, `max-size=${spec.logMaxBytes}`];
}

function portFlag({ hostAddress, hostPort, containerPort }: PublishedPort): string {
  const address = hostAddress.includes(":") ? `[${hostAddress}]` : hostAddress;
  return `${address}:${hostPort}:${containerPort}`;
}

function hostname(name: string): string {
  return name.slice(0, HOSTNAME_LENGTH_MAX).replace(/[-_]+$/, "");
}

function listItem(text: string, splits: boolean): string {
  return splits ? csvField(text) : text;
}

function optional(flag: string, value: string | number | null): string[] {
  return value === null ? [] : [flag, String(value)];
}

function flagPairs(flag: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [flag, value]);
}
