import { assert, assertEquals, assertInstanceOf, assertMatch, assertRejects } from "@std/assert";
import {
  AppError,
  captureTaskLogs,
  containerName,
  getLoginCommand,
  getTaskMeta,
  isTaskId,
  readTaskMeta,
  taskDelete,
  TaskDeleteResult,
  taskExists,
  taskLogin,
  taskNew,
  taskRename,
  tasksMetaDir,
  taskStatus,
  taskStop,
  waitForContainerExit,
} from "../../core/mod.ts";
import { fakeWith, LASTING, openDemo, runTask } from "./demo_world.ts";

const LIVE = "/r/sandbox-live/tasks/demo";

/** The code of the error that the call ends with. */
async function failure(call: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(call, AppError)).code;
}

Deno.test("taskNew() makes directory, marker and record, and returns the id", async () => {
  const { carrel, host } = await openDemo();
  const id = await taskNew(carrel, "demo", { name: "  Fix  Auth Bug! " });
  assert(isTaskId(id));
  assertEquals((await host.files.info(`${LIVE}/${id}/workspace-dangerous`))?.mode, 0o700);
  assertEquals((await host.files.info(`${LIVE}/${id}/workspace-dangerous/.new-task-marker`))?.kind, "file");
  const meta = await getTaskMeta(carrel, "demo", id);
  assertEquals([meta.name, meta.status, meta.workspace], ["fix-auth-bug", "created", `${LIVE}/${id}`]);
});

Deno.test("taskNew() finds a name where none is given", async () => {
  const { carrel } = await openDemo();
  for (const options of [{}, { name: null }]) {
    const { name } = await getTaskMeta(carrel, "demo", await taskNew(carrel, "demo", options));
    assertMatch(name, /^[a-z0-9]+-[a-z0-9]+$/);
  }
});

Deno.test("taskNew() refuses names and projects that are none", async () => {
  const { carrel } = await openDemo();
  assertEquals(await failure(() => taskNew(carrel, "demo", { name: "!" })), "invalid_task_name");
  assertEquals(await failure(() => taskNew(carrel, "nothing")), "project_not_found");
  assertEquals(await failure(() => taskNew(carrel, "..")), "invalid_project_name");
});

Deno.test("taskRename() sanitises the name and says what it is", async () => {
  const { carrel } = await openDemo();
  const id = await taskNew(carrel, "demo", { name: "one" });
  assertEquals(await taskRename(carrel, "demo", id, "Two Words"), `demo/${id} is now named two-words`);
  assertEquals(await taskRename(carrel, "demo", id, "two-words"), `demo/${id} is already named two-words`);
  assertEquals((await getTaskMeta(carrel, "demo", id)).name, "two-words");
  assertEquals(await failure(() => taskRename(carrel, "demo", id, "-x")), "invalid_task_name");
  assertEquals(await failure(() => taskRename(carrel, "demo", "q7m2x", "x")), "task_not_found");
});

Deno.test("taskStop() stops what runs, and leaves what does not", async () => {
  const world = await openDemo({ fake: LASTING });
  const id = await runTask(world);
  const said = await taskStop(world.carrel, "demo", id);
  assertEquals(said, `stopped demo/${id}; start it again with \`carrel task start demo/${id}\``);
  assertEquals((await getTaskMeta(world.carrel, "demo", id)).status, "stopped");
  assertEquals(await taskStop(world.carrel, "demo", id), `demo/${id} is not running`);
});

Deno.test("taskStop() gives the seconds asked for, else those of the configuration", async () => {
  const graces: number[] = [];
  const plugin = fakeWith((runtime) => ({
    stop: (name, options) => {
      graces.push(options.graceMs);
      return runtime.stop(name, options);
    },
  }));
  const world = await openDemo({ fake: LASTING, plugins: [plugin] });
  await taskStop(world.carrel, "demo", await runTask(world), { timeout: 3 });
  await taskStop(world.carrel, "demo", await runTask(world), { timeout: null });
  assertEquals(graces, [3_000, 10_000]);
});

Deno.test("taskStop() tells a task that never ran from one that is not there", async () => {
  const { carrel } = await openDemo();
  const id = await taskNew(carrel, "demo");
  assertEquals(await failure(() => taskStop(carrel, "demo", id)), "never_ran");
  assertEquals(await failure(() => taskStop(carrel, "demo", "q7m2x")), "task_not_found");
});

Deno.test("TaskDeleteResult() has the reference's fields in its order", () => {
  assertEquals({ ...new TaskDeleteResult("q7m2x", ["w"]) }, { task_id: "q7m2x", warnings: ["w"] });
});

Deno.test("taskDelete() stops, archives and removes", async () => {
  const world = await openDemo({ fake: LASTING });
  const { carrel, host } = world;
  const id = await runTask(world);
  const result = await taskDelete(carrel, "demo", id);
  assertInstanceOf(result, TaskDeleteResult);
  assertEquals({ ...result }, { task_id: id, warnings: [] });
  assertEquals(await taskExists(carrel, "demo", id), false);
  assertEquals(await host.files.info(`${LIVE}/${id}`), null);
  assertEquals(await failure(() => taskDelete(carrel, "demo", id)), "task_not_found");
});

Deno.test("taskDelete() completes with warnings when a container cannot be removed", async () => {
  const world = await openDemo({ fake: { ...LASTING, fail_on: "remove" } });
  const id = await runTask(world);
  const { warnings } = await taskDelete(world.carrel, "demo", id);
  assert(warnings.some((warning) => warning.includes(containerName("demo", "run", id))), warnings.join("\n"));
  assertEquals(await taskExists(world.carrel, "demo", id), false);
});

Deno.test("taskDelete() touches nothing while the runtime cannot say whether the task runs", async () => {
  const before = await openDemo({ fake: LASTING });
  const id = await runTask(before);
  const plugin = fakeWith(() => ({
    states: () => Promise.reject(new AppError("runtime_unavailable", "gone")),
  }));
  const { carrel, host } = await openDemo({ host: before.host, plugins: [plugin] });
  assertEquals(await failure(() => taskDelete(carrel, "demo", id)), "runtime_unavailable");
  assert(await taskExists(carrel, "demo", id));
  assertEquals((await host.files.info(`${LIVE}/${id}`))?.kind, "directory");
});

Deno.test("getLoginCommand() is the runtime's argv for a shell in the running container", async () => {
  const world = await openDemo({ fake: LASTING });
  const id = await runTask(world);
  const argv = await getLoginCommand(world.carrel, "demo", id);
  assertEquals(argv.slice(0, 3), ["null-exec", `demo-run-${id}`, "sh"]);
});

Deno.test("getLoginCommand() and taskLogin() need a running task", async () => {
  const world = await openDemo();
  const ended = await runTask(world);
  const fresh = await taskNew(world.carrel, "demo");
  for (const login of [getLoginCommand, taskLogin]) {
    assertEquals(await failure(() => login(world.carrel, "demo", ended)), "wrong_state");
    assertEquals(await failure(() => login(world.carrel, "demo", fresh)), "never_ran");
  }
});

Deno.test("taskLogin() runs the login on the terminal; its exit code", async () => {
  const world = await openDemo({ fake: LASTING });
  const { processes } = world.host;
  processes.onCommand(({ argv, how }) =>
    argv[0] === "null-exec" && how === "attach" ? { code: 3 } : undefined
  );
  const id = await runTask(world);
  assertEquals(await taskLogin(world.carrel, "demo", id), 3);
  assertEquals(processes.commands.at(-1)?.argv, await getLoginCommand(world.carrel, "demo", id));
});

Deno.test("taskStatus() is aligned lines of what is known", async () => {
  const world = await openDemo({ fake: { exit_code: 7 } });
  const id = await runTask(world, { name: "fix", command: ["false"] });
  const text = await taskStatus(world.carrel, "demo", id);
  const lines = new Map(
    text.split("\n").map((line) => {
      const [label = "", ...value] = line.split(":");
      return [label, value.join(":").trim()];
    }),
  );
  const labels = [
    "Task",
    "Name",
    "Status",
    "Mode",
    "Container",
    "Container state",
    "Exit code",
    "Work status",
  ];
  assertEquals(labels.map((label) => lines.get(label)), [
    `demo/${id}`,
    "fix",
    "❌ failed",
    "🚀 Unattended",
    `demo-run-${id}`,
    "exited",
    "7",
    undefined,
  ]);
  const columns = text.split("\n").map((line) =>
    line.indexOf(line.split(/:\s+/)[1] ?? "", line.indexOf(":"))
  );
  assertEquals(new Set(columns).size, 1);
});

Deno.test("taskStatus() lets no agent steer the terminal", async () => {
  const { carrel, host } = await openDemo();
  const id = await taskNew(carrel, "demo");
  host.files.put(`${LIVE}/${id}/agent-config/work-status.yml`, 'status: "\\e[2Jdone"\n');
  const text = await taskStatus(carrel, "demo", id);
  assert(text.includes("\\x1b[2Jdone") && !text.includes("\x1b"), text);
});

Deno.test("captureTaskLogs() finds the log that the container wrote", async () => {
  const world = await openDemo({ fake: { stdout: "hello\n" } });
  const id = await runTask(world);
  const path = await captureTaskLogs(world.carrel, "demo", id, "run");
  assertEquals(path, `${LIVE}/${id}/logs/container.log`);
  assert((await world.host.files.readText(path ?? "")).includes("hello"));
});

Deno.test("captureTaskLogs() copies the output of a container that keeps its own", async () => {
  const data = new TextEncoder().encode("kept elsewhere\n");
  const plugin = fakeWith(() => ({
    async *logs() {
      yield await Promise.resolve({ stream: "stderr" as const, time: "2026-01-01T00:00:00Z", data });
    },
  }));
  const world = await openDemo({ plugins: [plugin] });
  const id = await runTask(world);
  await world.host.files.removeFile(`${LIVE}/${id}/logs/container.log`);
  const path = await captureTaskLogs(world.carrel, "demo", id, "run");
  assertEquals(await world.host.files.readText(path ?? ""), "2026-01-01T00:00:00Z stderr F kept elsewhere\n");
});

Deno.test("captureTaskLogs() is null without a container, and where the runtime fails", async () => {
  const { carrel } = await openDemo();
  const id = await taskNew(carrel, "demo");
  assertEquals(await captureTaskLogs(carrel, "demo", id, "cli"), null);
  const failing = await openDemo({ fake: { fail_on: "states" } });
  const other = await taskNew(failing.carrel, "demo");
  assertEquals(await captureTaskLogs(failing.carrel, "demo", other, "run"), null);
});

Deno.test("waitForContainerExit() returns and records the exit code, 124 included", async () => {
  const world = await openDemo({ fake: { duration_ms: 5_000, exit_code: 124 } });
  const { carrel } = world;
  const id = await runTask(world);
  const name = containerName("demo", "run", id);
  assertEquals(await waitForContainerExit(carrel, name, "demo", id), { exit_code: 124, error_message: null });
  assertEquals((await readTaskMeta(carrel, tasksMetaDir(carrel, "demo"), id))?.["exit_code"], 124);
});

Deno.test("waitForContainerExit() gives up after its seconds and records nothing", async () => {
  const world = await openDemo({ fake: { duration_ms: 5_000 } });
  const { carrel } = world;
  const id = await runTask(world);
  const name = containerName("demo", "run", id);
  assertEquals(await waitForContainerExit(carrel, name, "demo", id, 2), {
    exit_code: null,
    error_message: `container ${name} has not ended within 2 seconds`,
  });
  assertEquals((await readTaskMeta(carrel, tasksMetaDir(carrel, "demo"), id))?.["exit_code"], null);
});

Deno.test("waitForContainerExit() tells what is wrong with the container, and throws for the task", async () => {
  const { carrel } = await openDemo();
  const id = await taskNew(carrel, "demo");
  const { exit_code, error_message } = await waitForContainerExit(carrel, "demo-run-none", "demo", id);
  assertEquals([exit_code, error_message?.includes("demo-run-none")], [null, true]);
  assertEquals(await failure(() => waitForContainerExit(carrel, "x", "demo", "q7m2x")), "task_not_found");
});
