/**
 * Where everything lies on disk. The layout below the root is the reference's.
 *
 * @module
 */
import { checkPathSegment } from "../identity/path_segment.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { TaskId } from "../identity/task_id.ts";
import { NEW_TASK_MARKER_NAME } from "./new_task_marker.ts";

/** Places below the root and the configuration directory. Nothing here touches the disk. */
export interface Paths {
  /** Where everything but configuration is kept. */
  readonly root: string;
  /** Where config.yml and projects are. */
  readonly configDir: string;
  /** carrel's own state. */
  readonly coreDir: string;
  /** The nine stores (SQLite). */
  readonly stateDb: string;
  /** What could not be recorded in the state store when it happened. */
  readonly journal: string;
  /** The lock held while the journal is written to or read. */
  readonly journalLock: string;
  /** A file that is there for its disk space. */
  readonly reserve: string;
  /** The lock of one task; never removed. */
  taskLock(project: ProjectId, id: TaskId): string;
  /** The lock held while a project is made. */
  readonly projectsLock: string;
  /** Its holder alone may fill up the storage budget of a project. */
  budgetLock(project: ProjectId): string;
  /** Parent of all {@linkcode Paths.projectMetaDir}. */
  readonly projectMetaRoot: string;
  /** Parent of what is recorded of a project. */
  projectMetaDir(project: ProjectId): string;
  /** Directory of a project's task records. */
  tasksMetaDir(project: ProjectId): string;
  /** Parent of all {@linkcode Paths.liveTasksRoot}. */
  readonly liveRoot: string;
  /** Usual directory of a project's task directories (`tasks.root` can move it). */
  liveTasksRoot(project: ProjectId): string;
  /** Agents' directories shared by all containers. */
  readonly mountsDir: string;
  /** Parent of all {@linkcode Paths.cloneCacheDir}. */
  readonly cloneCacheRoot: string;
  /** A pristine clone of a project's repository. */
  cloneCacheDir(project: ProjectId): string;
  /** The lock that is shared by those who copy a clone cache, and taken alone to replace it. */
  cloneCacheLock(project: ProjectId): string;
  /** The lock held while a clone cache is made or removed. */
  cloneCacheSyncLock(project: ProjectId): string;
  /** Parent of all projects' archives. */
  readonly archiveRoot: string;
  /** Directory of a project's archived tasks. */
  archiveDir(project: ProjectId): string;
  /** The user's config.yml. */
  readonly userConfig: string;
  /** The system's config.yml. */
  readonly systemConfig: string;
  /** Parent of the projects' configurations. */
  readonly projectsDir: string;
  /** The project.yml of a project. */
  projectConfig(project: ProjectId): string;
}

/**
 * The places of one carrel. Its functions throw `invalid_value` for a project or id that would leave its
 * directory, whatever its type says.
 *
 * @example
 * ```ts
 * import { newPaths } from "./paths.ts";
 * import { parseProjectId } from "../identity/project_id.ts";
 * import { assertEquals } from "@std/assert";
 * const paths = newPaths("/srv/carrel", "/etc/xdg/carrel");
 * assertEquals(paths.tasksMetaDir(parseProjectId("demo")), "/srv/carrel/core/projects/demo/tasks");
 * ```
 */
export function newPaths(root: string, configDir: string): Paths {
  const coreDir = `${root}/core`;
  const projectMetaRoot = `${coreDir}/projects`;
  const liveRoot = `${root}/sandbox-live/tasks`;
  const cloneCacheRoot = `${root}/sandbox/clone-cache`;
  const archiveRoot = `${root}/archive`;
  const projectsDir = `${configDir}/projects`;
  return {
    root,
    configDir,
    coreDir,
    stateDb: `${coreDir}/state.db`,
    journal: `${coreDir}/journal.ndjson`,
    journalLock: `${coreDir}/locks/journal.lock`,
    reserve: `${coreDir}/reserve`,
    taskLock: (project, id) => `${coreDir}/locks/${segment(project, "project")}/${segment(id, "task")}.lock`,
    budgetLock: (project) => `${coreDir}/locks/${segment(project, "project")}/storage-budget.lock`,
    projectsLock: `${coreDir}/locks/projects.lock`,
    projectMetaRoot,
    projectMetaDir: (project) => `${projectMetaRoot}/${segment(project, "project")}`,
    tasksMetaDir: (project) => `${projectMetaRoot}/${segment(project, "project")}/tasks`,
    liveRoot,
    liveTasksRoot: (project) => `${liveRoot}/${segment(project, "project")}`,
    mountsDir: `${root}/sandbox-live/mounts`,
    cloneCacheRoot,
    cloneCacheDir: (project) => `${cloneCacheRoot}/${segment(project, "project")}`,
    // No task has such an id.
    cloneCacheLock: (project) => `${coreDir}/locks/${segment(project, "project")}/clone-cache.lock`,
    cloneCacheSyncLock: (project) => `${coreDir}/locks/${segment(project, "project")}/clone-cache-sync.lock`,
    archiveRoot,
    archiveDir: (project) => `${archiveRoot}/${segment(project, "project")}/tasks`,
    userConfig: `${configDir}/config.yml`,
    systemConfig: "/etc/carrel/config.yml",
    projectsDir,
    projectConfig: (project) => `${projectsDir}/${segment(project, "project")}/project.yml`,
  };
}

/** The public identity of a task, JSON. Throws `invalid_value` for an unsafe id, as do the next two. */
export function dossierPath(metaDir: string, id: TaskId): string {
  return `${metaDir}/${segment(id, "task")}_dossier.json`;
}

/** The bookkeeping of a task, YAML. */
export function metaPath(metaDir: string, id: TaskId): string {
  return `${metaDir}/${segment(id, "task")}_meta.yml`;
}

/** Values given with `--env`, JSON; secret. */
export function envPath(metaDir: string, id: TaskId): string {
  return `${metaDir}/${segment(id, "task")}_env`;
}

/** The task id of a record file's name; null for any other name. */
export function recordFileId(fileName: string): string | null {
  return /^(.+)_(?:dossier\.json|meta\.yml)$/.exec(fileName)?.[1] ?? null;
}

/** The task id of the name of a file with `--env` values; null for any other name. */
export function envFileId(fileName: string): string | null {
  return /^(.+)_env$/.exec(fileName)?.[1] ?? null;
}

/** The agent's tree, mounted as `/workspace`. Nothing in it can be trusted. */
export function workspaceDir(taskDir: string): string {
  return `${taskDir}/workspace-dangerous`;
}

/** Files between carrel and the agent. Nothing in it can be trusted. */
export function agentConfigDir(taskDir: string): string {
  return `${taskDir}/agent-config`;
}

/** Logs of a task; never visible in its container. */
export function logsDir(taskDir: string): string {
  return `${taskDir}/logs`;
}

/** Both output streams of the container; format of `core/logs`. */
export function containerLogPath(taskDir: string): string {
  return `${logsDir(taskDir)}/container.log`;
}

/** Its presence tells the next start to reset the workspace to the remote's head. */
export function newTaskMarkerPath(taskDir: string): string {
  return `${workspaceDir(taskDir)}/${NEW_TASK_MARKER_NAME}`;
}

function segment(text: string, what: string): string {
  checkPathSegment(text, what);
  return text;
}
