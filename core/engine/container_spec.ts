/**
 * From launch settings to the container that a runtime makes.
 *
 * @module
 */
import { join } from "@std/path";
import type { Carrel } from "../carrel.ts";
import type { Config } from "../config/config.ts";
import { agentConfigDir, containerLogPath, dossierPath, workspaceDir } from "../meta/paths.ts";
import type { ContainerSpec, Mount } from "../port/runtime.ts";
import { CONTAINER_TEROK_CONFIG, CONTAINER_WORKSPACE, containerName } from "../query/container_name.ts";
import { INIT_SCRIPT_NAME } from "./init_script.ts";
import { isLocalUpstream, type LaunchSettings, resolveEnv } from "./launch_settings.ts";
import type { HeldTask } from "./with_task.ts";

/** Where a local upstream is mounted. */
export const CONTAINER_UPSTREAM = "/upstream";

/** Where the project's shared directory is mounted. */
const CONTAINER_SHARED = "/shared";

/** A published port of a task in mode `web` or `toad`. */
export interface TaskPort {
  readonly hostPort: number;
  readonly containerPort: number;
  /** Name of the file in agent-config that holds the token. */
  readonly tokenFile: string;
}

/** Builds the container of a task. `env_missing`, `invalid_config` as in the settings. */
export function newContainerSpec(
  carrel: Carrel,
  task: HeldTask,
  settings: LaunchSettings,
  operation: string,
  port: TaskPort | null,
): ContainerSpec {
  const { config, id: project } = task.project;
  const upstream = config.get("git.upstream_url");
  return {
    name: containerName(project, settings.mode, task.ref.id),
    image: settings.image,
    pull: config.get("run.pull"),
    command: settings.command,
    entrypoint: settings.mode === "run" ? "image" : "none",
    prelude: upstream === null ? null : ["/bin/sh", `${CONTAINER_TEROK_CONFIG}/${INIT_SCRIPT_NAME}`],
    labels: {
      "carrel.project": project,
      "carrel.task": task.ref.id,
      "carrel.mode": settings.mode,
      "carrel.op": operation,
      "carrel.root": carrel.paths.root,
    },
    annotations: { "dossier.meta_path": dossierPath(task.project.metaDir, task.ref.id) },
    env: containerEnv(carrel, task, settings, port),
    mounts: containerMounts(task, config, upstream),
    ports: port === null ? [] : [{ hostAddress: "127.0.0.1", ...portPair(port) }],
    workdir: config.get("run.workdir") ?? CONTAINER_WORKSPACE,
    user: config.get("run.user"),
    network: config.get("run.network"),
    memory: config.get("run.memory"),
    cpus: config.get("run.cpus"),
    pids: config.get("run.pids"),
    unrestricted: settings.unrestricted,
    timeoutS: settings.timeoutS,
    logPath: containerLogPath(task.taskDir),
    logMaxBytes: config.get("logs.max_bytes"),
    extraArgs: config.get("run.podman_args"),
  };
}

function portPair({ hostPort, containerPort }: TaskPort) {
  return { hostPort, containerPort };
}

function containerEnv(
  carrel: Carrel,
  task: HeldTask,
  settings: LaunchSettings,
  port: TaskPort | null,
): Record<string, string> {
  const { config, id: project } = task.project;
  const upstream = config.get("git.upstream_url");
  const branch = config.get("git.default_branch");
  const git: Record<string, string> = upstream === null ? {} : {
    CODE_REPO: isLocalUpstream(upstream) ? CONTAINER_UPSTREAM : upstream,
    CARREL_UPSTREAM: isLocalUpstream(upstream) ? CONTAINER_UPSTREAM : upstream,
    ...(branch === null ? {} : { GIT_BRANCH: branch }),
    ...seedEnv(task),
  };
  const web: Record<string, string> = port === null ? {} : {
    CARREL_WEB_PORT: String(port.containerPort),
    CARREL_WEB_TOKEN_FILE: `${CONTAINER_TEROK_CONFIG}/${port.tokenFile}`,
  };
  return {
    TASK_ID: task.ref.id,
    PROJECT_NAME: project,
    REPO_ROOT: CONTAINER_WORKSPACE,
    CARREL_WORKSPACE: CONTAINER_WORKSPACE,
    CARREL_AGENT_CONFIG: CONTAINER_TEROK_CONFIG,
    ...git,
    ...web,
    ...resolveEnv(carrel, config.get("run.env")),
    ...settings.env,
  };
}

/** Until a workspace was prepared, the commit on record is the one that carrel seeded it with. */
function seedEnv({ record }: HeldTask): Record<string, string> {
  return record.initialized || record.base_commit === null ? {} : { CARREL_SEED: record.base_commit };
}

function containerMounts(task: HeldTask, config: Config, upstream: string | null): Mount[] {
  const own = { readOnly: false, relabel: "private", own: true } as const;
  const mounts: Mount[] = [
    { source: workspaceDir(task.taskDir), target: CONTAINER_WORKSPACE, ...own },
    { source: agentConfigDir(task.taskDir), target: CONTAINER_TEROK_CONFIG, ...own },
  ];
  if (upstream !== null && isLocalUpstream(upstream)) {
    mounts.push({
      source: upstream,
      target: CONTAINER_UPSTREAM,
      readOnly: true,
      relabel: "shared",
      own: false,
    });
  }
  const shared = sharedDirOf(task.project.tasksRoot, config);
  if (shared !== null) {
    mounts.push({
      source: shared,
      target: CONTAINER_SHARED,
      readOnly: false,
      relabel: "shared",
      own: false,
    });
  }
  for (const { source, target, readOnly } of config.get("run.mounts") ?? []) {
    mounts.push({ source, target, readOnly, relabel: "none", own: false });
  }
  return mounts;
}

/** The directory that all tasks of the project see at `/shared`; null when it is not wanted. */
export function sharedDirOf(tasksRoot: string, config: Config): string | null {
  const setting = config.get("shared_dir");
  if (setting === true) return join(tasksRoot, "_shared");
  return typeof setting === "string" ? setting : null;
}
