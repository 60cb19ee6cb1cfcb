/**
 * carrel as a library: its one door.
 *
 * Names are the reference's in camelCase. The first argument of whatever touches the world is an opened
 * carrel, and the call returns a promise; what only computes takes its values. What is expected to go wrong
 * is thrown as an {@linkcode AppError}.
 *
 * @example
 * ```ts
 * import { getTasks, newMemoryHost, openCarrel, taskNew } from "@carrel/carrel";
 * import { assertEquals } from "@std/assert";
 * const host = newMemoryHost({ files: { "/c/projects/demo/project.yml": "run: {runtime: fake}\n" } });
 * const carrel = await openCarrel({ root: "/r", configDir: "/c", host });
 * const id = await taskNew(carrel, "demo", { name: "Fix login" });
 * const [task] = await getTasks(carrel, "demo");
 * assertEquals([task?.task_id, task?.name, task?.status], [id, "fix-login", "created"]);
 * ```
 *
 * @module
 */

// The opened world, and errors.
export { openCarrel, type OpenOptions } from "./open_carrel.ts";
export type { Carrel, Notice, OpenRuntime } from "./carrel.ts";
export {
  AppError,
  type AppErrorOptions,
  type CodeRule,
  ERROR_CODES,
  type ErrorCode,
  isAppError,
} from "./error.ts";

// Tasks: identity and names.
export { isTaskId, parseTaskId, type TaskId } from "./identity/task_id.ts";
export { isProjectId, parseProjectId, type ProjectId } from "./identity/project_id.ts";
export { normalizeTaskIdInput } from "./identity/normalize_task_id_input.ts";
export { generateTaskName, resolveTaskId } from "./api/task_names.ts";
export { sanitizeTaskName, TASK_NAME_MAX_LEN } from "./naming/sanitize_task_name.ts";
export { validateTaskName } from "./naming/validate_task_name.ts";
export {
  CONTAINER_MODES,
  CONTAINER_TEROK_CONFIG,
  containerName,
  type TaskMode,
} from "./query/container_name.ts";

// Tasks: records on disk.
export {
  agentConfigDir,
  dossierPath,
  iterTaskIds,
  type LoadedTaskMeta,
  loadTaskMeta,
  markTaskDeleting,
  metaPath,
  readTaskMeta,
  taskExists,
  type TaskMetaMap,
  tasksArchiveDir,
  tasksMetaDir,
  updateTaskExitCode,
  writeTaskMeta,
} from "./api/task_records.ts";

// Tasks: life.
export {
  captureTaskLogs,
  type ContainerExit,
  getLoginCommand,
  taskDelete,
  TaskDeleteResult,
  taskLogin,
  taskNew,
  type TaskNewOptions,
  taskRename,
  taskStatus,
  taskStop,
  type TaskStopOptions,
  waitForContainerExit,
} from "./api/task_lifecycle.ts";

// Projects and tasks: started, and brought back.
export {
  archiveRestore,
  type ArchiveRestoreOptions,
  type LaunchRequest,
  type NewProjectRequest,
  projectNew,
  type RestartRequest,
  taskFollowup,
  taskRestart,
  taskRun,
  type TaskRunOptions,
  taskStart,
  type WaitOptions,
  type WhileWaiting,
} from "./api/task_runs.ts";

// Tasks: as they are now.
export {
  getAllTaskStates,
  getTaskContainerState,
  getTaskMeta,
  getTasks,
  getWorkspaceGitDiff,
  lookupContainerByPt,
  taskList,
  type TaskListFilter,
  TaskMeta,
} from "./api/task_queries.ts";
export type { TaskMeta as TaskSnapshot } from "./query/task_meta.ts";
export { effectiveStatus, TASK_STATUSES, type TaskState, type TaskStatus } from "./query/effective_status.ts";
export {
  type Badge,
  type DisplayColor,
  MODE_DISPLAY,
  NO_MODE_DISPLAY,
  STATUS_DISPLAY,
  WORK_STATUS_DISPLAY,
} from "./query/display.ts";

// Tasks: archives.
export { ArchivedTask, listArchivedTasks, taskArchiveList, taskArchiveLogs } from "./api/task_archives.ts";

// The disk: what tasks and shared mounts take.
export { SharedMountStorageInfo, TaskStorageInfo } from "./api/storage_info.ts";
// Clone caches, and workspaces that are seeded from them.
export {
  cacheStatus,
  type CacheView,
  clearCache,
  syncCloneCache,
  type SyncRequest,
} from "./api/clone_cache.ts";
export { type SeedOptions, seedWorkspaceFromCloneCache } from "./storage/seed_workspace_from_clone_cache.ts";

// Configuration.
export type { CONFIG_KEYS } from "./config/keys.ts";
export {
  type Config,
  type ConfigFlags,
  type ConfigKey,
  type ConfigPaths,
  type ConfigValue,
  type Explanation,
  type LayerValue,
  loadConfig,
  type LoadConfigOptions,
  type Origin,
} from "./config/config.ts";
export type { Paths } from "./meta/paths.ts";

// The state store; its own door lists the names.
export * from "./state/mod.ts";
export { stateImport } from "./api/state_import.ts";
export type { MutationOptions } from "./engine/operation.ts";

// Ports: what a host, a terminal and a runtime are.
export type * from "./port/host.ts";
export type * from "./port/plugin.ts";
export type * from "./port/runtime.ts";
export * from "./port/terminal.ts";

// Hosts: the real machine, and one in memory for tests.
export { type DenoHostOptions, newDenoHost } from "./host/deno_host.ts";
export { type MemoryHost, type MemoryHostOptions, newMemoryHost } from "./host/memory_host.ts";
export type { MemoryClock, MemoryClockOptions } from "./host/memory_clock.ts";
export type { MemoryFiles } from "./host/memory_files.ts";
export type { MemoryNetwork } from "./host/memory_network.ts";
export type {
  CommandHandler,
  MemoryProcesses,
  ScriptedCommand,
  ScriptedResult,
} from "./host/memory_processes.ts";
