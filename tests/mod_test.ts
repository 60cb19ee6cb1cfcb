import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import * as carrel from "../core/mod.ts";
import type {
  ArchivedTask,
  Carrel,
  Config,
  ErrorCode,
  Host,
  OpenOptions,
  Runtime,
  RuntimePlugin,
  TaskDeleteResult,
  TaskMeta,
  Terminal,
} from "../core/mod.ts";

/** The public names of the reference's task package, in camelCase. */
const REFERENCE_NAMES = [
  "ArchivedTask",
  "CONTAINER_MODES",
  "CONTAINER_TEROK_CONFIG",
  "TASK_NAME_MAX_LEN",
  "TaskDeleteResult",
  "TaskMeta",
  "agentConfigDir",
  "captureTaskLogs",
  "containerName",
  "dossierPath",
  "generateTaskName",
  "getAllTaskStates",
  "getLoginCommand",
  "getTaskContainerState",
  "getTaskMeta",
  "getTasks",
  "getWorkspaceGitDiff",
  "isTaskId",
  "iterTaskIds",
  "listArchivedTasks",
  "loadTaskMeta",
  "lookupContainerByPt",
  "markTaskDeleting",
  "metaPath",
  "normalizeTaskIdInput",
  "readTaskMeta",
  "resolveTaskId",
  "sanitizeTaskName",
  "taskArchiveList",
  "taskArchiveLogs",
  "taskDelete",
  "taskExists",
  "taskList",
  "taskLogin",
  "taskNew",
  "taskRename",
  "taskStatus",
  "taskStop",
  "tasksArchiveDir",
  "tasksMetaDir",
  "updateTaskExitCode",
  "validateTaskName",
  "waitForContainerExit",
  "writeTaskMeta",
] as const satisfies readonly (keyof typeof carrel)[];

/** The public names of the reference's module about storage. */
const REFERENCE_STORAGE_NAMES = [
  "SharedMountStorageInfo",
  "TaskStorageInfo",
] as const satisfies readonly (keyof typeof carrel)[];

/** Names that are carrel's own. */
const OWN_NAMES = [
  "AppError",
  "ERROR_CODES",
  "MODE_DISPLAY",
  "STATUS_DISPLAY",
  "cacheStatus",
  "clearCache",
  "effectiveStatus",
  "isAppError",
  "newDenoHost",
  "newMemoryHost",
  "openCarrel",
  "seedWorkspaceFromCloneCache",
  "syncCloneCache",
] as const satisfies readonly (keyof typeof carrel)[];

Deno.test("the library has every name of the reference's", () => {
  assertEquals(new Set(REFERENCE_NAMES).size, 44);
  const exported = new Set(Object.keys(carrel));
  assertEquals([...REFERENCE_NAMES, ...REFERENCE_STORAGE_NAMES].filter((name) => !exported.has(name)), []);
});

Deno.test("functions, classes and constants are what the reference's are", () => {
  const functions = REFERENCE_NAMES.filter((name) => /^[a-z]/.test(name));
  assertEquals(functions.length, 38);
  for (const name of functions) assertEquals(typeof carrel[name], "function", name);
  assertEquals(carrel.CONTAINER_MODES, ["cli", "web", "run", "toad"]);
  assertEquals(carrel.CONTAINER_TEROK_CONFIG, "/home/dev/.terok");
  assertEquals(carrel.TASK_NAME_MAX_LEN, 60);
  assertInstanceOf(new carrel.ArchivedTask("", "", "", "", null, null), carrel.ArchivedTask);
  assertInstanceOf(new carrel.TaskDeleteResult("", []), carrel.TaskDeleteResult);
  assertEquals(typeof carrel.TaskMeta.load, "function");
  const { TaskStorageInfo, SharedMountStorageInfo } = carrel;
  assertEquals({ ...new TaskStorageInfo("q7m2x", 2, 1) }, {
    total_bytes: 3,
    task_id: "q7m2x",
    workspace_bytes: 2,
    agent_config_bytes: 1,
  });
  assertEquals({ ...new SharedMountStorageInfo("_a", "A", 1) }, { name: "_a", label: "A", bytes: 1 });
  for (
    const each of [TaskStorageInfo.measure, TaskStorageInfo.measureAll, SharedMountStorageInfo.measureAll]
  ) {
    assertEquals(typeof each, "function");
  }
});

Deno.test("the library has carrel's own names", () => {
  const exported = new Set(Object.keys(carrel));
  assertEquals(OWN_NAMES.filter((name) => !exported.has(name)), []);
});

Deno.test("the library has the types that its functions speak in", () => {
  // Compiled or not at all: the names are types.
  type Spoken = [
    ArchivedTask,
    Carrel,
    Config,
    ErrorCode,
    Host,
    OpenOptions,
    Runtime,
    RuntimePlugin,
    TaskDeleteResult,
    TaskMeta,
    Terminal,
  ];
  const archived: Pick<Spoken[0], "task_id"> = new carrel.ArchivedTask("", "", "q7m2x", "", null, null);
  const deleted: Pick<Spoken[8], "task_id"> = new carrel.TaskDeleteResult("q7m2x", []);
  assertEquals([archived.task_id, deleted.task_id], ["q7m2x", "q7m2x"]);
});

Deno.test("what touches the world is asynchronous, what computes is not", () => {
  const immediate = [
    carrel.containerName("demo", "cli", "q7m2x"),
    carrel.dossierPath("/m", "q7m2x"),
    carrel.metaPath("/m", "q7m2x"),
    carrel.normalizeTaskIdInput("Q7-M2X"),
    carrel.sanitizeTaskName("Fix login"),
    carrel.validateTaskName("-x"),
  ];
  assertEquals(immediate, [
    "demo-cli-q7m2x",
    "/m/q7m2x_dossier.json",
    "/m/q7m2x_meta.yml",
    "q7m2x",
    "fix-login",
    "a task name must not start with a hyphen",
  ]);
  assert(carrel.isTaskId("q7m2x") && !carrel.isTaskId("Q7M2X"));
});

Deno.test("calls that touch the world refuse by rejecting, never by throwing", async () => {
  const host = carrel.newMemoryHost();
  const world = await carrel.openCarrel({ root: "/r", configDir: "/c", host });
  const calls: (() => Promise<unknown>)[] = [
    () => carrel.agentConfigDir(world, "..", "x"),
    () => carrel.captureTaskLogs(world, "..", "x", "run"),
    () => carrel.generateTaskName(world, ".."),
    () => carrel.getAllTaskStates(world, "..", []),
    () => carrel.getLoginCommand(world, "..", "x"),
    () => carrel.getTaskContainerState(world, "..", "x", "run"),
    () => carrel.getTaskMeta(world, "..", "x"),
    () => carrel.getTasks(world, ".."),
    () => carrel.getWorkspaceGitDiff(world, "..", "x"),
    () => carrel.listArchivedTasks(world, ".."),
    () => carrel.loadTaskMeta(world, "..", "x"),
    () => carrel.markTaskDeleting(world, "..", "x"),
    () => carrel.readTaskMeta(world, "/m", ".."),
    () => carrel.resolveTaskId(world, "..", "x"),
    () => carrel.taskArchiveList(world, ".."),
    () => carrel.taskArchiveLogs(world, "..", "x"),
    () => carrel.taskDelete(world, "..", "x"),
    () => carrel.taskList(world, ".."),
    () => carrel.taskLogin(world, "..", "x"),
    () => carrel.taskNew(world, ".."),
    () => carrel.taskRename(world, "..", "x", "y"),
    () => carrel.taskStatus(world, "..", "x"),
    () => carrel.taskStop(world, "..", "x"),
    () => carrel.TaskMeta.load(world, "..", "x"),
    () => carrel.TaskStorageInfo.measure(world, ".."),
    () => carrel.TaskStorageInfo.measureAll(world, ".."),
    () => carrel.SharedMountStorageInfo.measureAll(world, ".."),
    () => carrel.updateTaskExitCode(world, "..", "x", 0),
    () => carrel.waitForContainerExit(world, "c", "..", "x"),
    () => carrel.writeTaskMeta(world, "x", {}),
  ];
  for (const call of calls) {
    const promise = call();
    assertInstanceOf(promise, Promise);
    const error = await promise.then(() => null, (reason: unknown) => reason);
    assert(
      carrel.isAppError(error, "invalid_project_name", "invalid_task_id", "invalid_value"),
      String(call),
    );
  }
});
