/**
 * The answers of `podman inspect` for containers and images.
 *
 * @module
 */
import * as z from "zod/mini";
import { parseAnswer, parseEngineTime } from "./engine_text.ts";

/** What is read of one container. */
export interface ContainerDetails {
  readonly name: string;
  /** podman's word in lower case. */
  readonly state: string;
  /** The process that watches the container; 0 when there is none. */
  readonly watcherPid: number;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly startedAtMicros: number | null;
  readonly finishedAtMicros: number | null;
  /** The limit given with `--timeout`, seconds; 0 = none. */
  readonly timeoutS: number;
  readonly memoryLimited: boolean;
  /** The file that receives the output; null when the log driver writes none. */
  readonly logPath: string | null;
}

/** What is read of an image. */
export interface ImageDetails {
  /** Empty when it names none. */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

const Containers = z.array(z.object({
  Name: z.string(),
  State: z.object({
    Status: z.string(),
    ConmonPid: z.optional(z.number()),
    ExitCode: z.number(),
    OOMKilled: z.optional(z.boolean()),
    StartedAt: z.string(),
    FinishedAt: z.string(),
  }),
  Config: z.object({ Timeout: z.optional(z.number()) }),
  HostConfig: z.object({
    Memory: z.optional(z.number()),
    LogConfig: z.optional(z.object({ Type: z.string(), Path: z.optional(z.string()) })),
  }),
}));

const Words = z.nullish(z.array(z.string()));
const Images = z.array(z.object({
  Config: z.object({ User: z.optional(z.string()), Entrypoint: Words, Cmd: Words }),
}));

const FILE_LOG_DRIVERS = ["k8s-file", "json-file"];

/** Parses the details of containers; `runtime_failed` when it is something else. */
export function parseContainerDetails(text: string): ContainerDetails[] {
  return parseAnswer("inspect", Containers, text).map(({ Name, State, Config, HostConfig }) => {
    const { Type: driver = "", Path: path = "" } = HostConfig.LogConfig ?? {};
    return {
      name: Name,
      state: State.Status.toLowerCase(),
      watcherPid: State.ConmonPid ?? 0,
      exitCode: State.ExitCode,
      oomKilled: State.OOMKilled ?? false,
      startedAtMicros: parseEngineTime(State.StartedAt),
      finishedAtMicros: parseEngineTime(State.FinishedAt),
      timeoutS: Config.Timeout ?? 0,
      memoryLimited: (HostConfig.Memory ?? 0) > 0,
      logPath: FILE_LOG_DRIVERS.includes(driver) && path !== "" ? path : null,
    };
  });
}

/** Parses the details of the one image asked for; `runtime_failed` when it is something else. */
export function parseImageDetails(text: string): ImageDetails | null {
  const [image] = parseAnswer("image inspect", Images, text);
  if (image === undefined) return null;
  const { User, Entrypoint, Cmd } = image.Config;
  return { user: User ?? "", entrypoint: Entrypoint ?? [], command: Cmd ?? [] };
}
