import { assertEquals, assertRejects } from "@std/assert";
import {
  AppError,
  dossierPath,
  getAllTaskStates,
  getTaskContainerState,
  getTaskMeta,
  getTasks,
  getWorkspaceGitDiff,
  lookupContainerByPt,
  type StateQuery,
  taskList,
  TaskMeta,
  taskNew,
  taskStop,
  writeTaskMeta,
} from "../../core/mod.ts";
import { AgentRegistry } from "../../core/state/managers/agent_registry.ts";
import { fakeWith, LASTING, openDemo, runTask } from "./demo_world.ts";

const META_DIR = "/r/core/projects/demo/tasks";
const GONE = fakeWith(() => ({ states: () => Promise.reject(new AppError("runtime_unavailable", "gone")) }));

/** The code of the error that the call ends with. */
async function failure(call: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(call, AppError)).code;
}

Deno.test("TaskMeta.load() and getTaskMeta() are one", async () => {
  const world = await openDemo({ fake: LASTING });
  const run = await runTask(world);
  const meta: TaskMeta = await TaskMeta.load(world.carrel, "demo", run);
  assertEquals(meta, await getTaskMeta(world.carrel, "demo", run));
  assertEquals([meta.project_id, meta.status, meta.container_state], ["demo", "running", "running"]);
});

Deno.test("getTaskMeta() records an end that it is the first to see", async () => {
  const world = await openDemo({ fake: { exit_code: 7 } });
  const id = await runTask(world);
  assertEquals((await getTaskMeta(world.carrel, "demo", id)).status, "failed");
  const text = await world.host.files.readText(`${META_DIR}/${id}_meta.yml`);
  assertEquals(/^exit_code: 7$/m.test(text), true);
});

Deno.test("getTaskMeta() never takes a runtime's silence for a missing container", async () => {
  const before = await openDemo({ fake: LASTING });
  const id = await runTask(before);
  const { carrel } = await openDemo({ host: before.host, plugins: [GONE] });
  assertEquals(await failure(() => getTaskMeta(carrel, "demo", id)), "runtime_unavailable");
  assertEquals(await failure(() => getTaskMeta(carrel, "demo", "q7m2x")), "task_not_found");
});

Deno.test("getTasks() is sorted by id, or the other way round", async () => {
  const { carrel } = await openDemo();
  const ids: string[] = [];
  for (let made = 0; made < 8; made++) ids.push(await taskNew(carrel, "demo"));
  ids.sort();
  assertEquals((await getTasks(carrel, "demo")).map(({ task_id }) => task_id), ids);
  assertEquals((await getTasks(carrel, "demo", true)).map(({ task_id }) => task_id), ids.reverse());
  assertEquals(await failure(() => getTasks(carrel, "nothing")), "project_not_found");
});

Deno.test("getTasks() names damaged records and goes on", async () => {
  const { carrel, host, notices } = await openDemo();
  const id = await taskNew(carrel, "demo");
  host.files.put(`${META_DIR}/k3v8h_dossier.json`, "{");
  assertEquals((await getTasks(carrel, "demo")).map(({ task_id }) => task_id), [id]);
  assertEquals(notices.map(({ kind, text }) => [kind, text.includes("k3v8h_dossier.json")]), [[
    "warning",
    true,
  ]]);
});

Deno.test("getTasks() gives tasks whose runtime is silent as unknown, and says so", async () => {
  const before = await openDemo({ fake: LASTING });
  await runTask(before);
  const { carrel, notices } = await openDemo({ host: before.host, plugins: [GONE] });
  const [task] = await getTasks(carrel, "demo");
  assertEquals([task?.status, task?.container_state], ["unknown", null]);
  assertEquals(notices, [{ kind: "warning", text: "gone" }]);
});

Deno.test("taskList() has a line for each task, by id", async () => {
  const { carrel, host } = await openDemo();
  assertEquals(await taskList(carrel, "demo"), "No tasks found");
  await writeTaskMeta(carrel, dossierPath(META_DIR, "v4hd9"), {
    name: "plain",
    mode: null,
    workspace: "/w/v",
  });
  const launched = {
    name: "busy",
    mode: "toad",
    web_port: 18700,
    workspace: "/w/k3v8h",
    exit_code: 0,
    ready_at: "x",
  };
  await writeTaskMeta(carrel, dossierPath(META_DIR, "k3v8h"), launched);
  host.files.putDir("/w/k3v8h/workspace-dangerous");
  host.files.put("/w/k3v8h/agent-config/work-status.yml", "status: testing\nmessage: 3 of 5\n");
  assertEquals(
    await taskList(carrel, "demo"),
    "- k3v8h: busy completed [mode=toad; port=18700; work=testing]\n- v4hd9: plain created",
  );
});

Deno.test("taskList() filters by status, mode and agent", async () => {
  const world = await openDemo({
    fake: LASTING,
    config: { run: { runtime: "fake", fake: LASTING, agent: "codex" } },
  });
  const { carrel } = world;
  await new AgentRegistry({ storage: (await carrel.state()).agentRegistry }).handshake("codex", {}, "1.0");
  const fresh = await taskNew(carrel, "demo", { name: "fresh" });
  const cli = await runTask(world, { name: "desk", mode: "cli" });
  const run = await runTask(world, { name: "job", command: ["true"] });
  await taskStop(carrel, "demo", run);
  const ids = async (filter: Parameters<typeof taskList>[2]) =>
    (await taskList(carrel, "demo", filter)).split("\n").map((line) => line.slice(2, 7)).sort();
  assertEquals(await ids({ status: "running" }), [cli]);
  assertEquals(await ids({ mode: "run" }), [run]);
  assertEquals(await ids({ agent: "codex" }), [cli, run].sort());
  assertEquals(await ids({ agent: "codex", status: "stopped" }), [run]);
  assertEquals(await ids({ status: null, mode: null, agent: null }), [fresh, cli, run].sort());
  assertEquals(await taskList(carrel, "demo", { status: "not-found" }), "No tasks found");
});

Deno.test("taskList() refuses words that mean nothing", async () => {
  const { carrel } = await openDemo();
  assertEquals(await failure(() => taskList(carrel, "demo", { status: "runing" })), "invalid_value");
  assertEquals(await failure(() => taskList(carrel, "demo", { mode: "batch" })), "invalid_value");
});

Deno.test("taskList(), getAllTaskStates() and getTaskContainerState() throw when the runtime is silent", async () => {
  const before = await openDemo({ fake: LASTING });
  const id = await runTask(before);
  const tasks = await getTasks(before.carrel, "demo");
  const { carrel } = await openDemo({ host: before.host, plugins: [GONE] });
  const calls = [
    () => taskList(carrel, "demo"),
    () => getAllTaskStates(carrel, "demo", tasks),
    () => getTaskContainerState(carrel, "demo", id, "run"),
  ];
  for (const call of calls) assertEquals(await failure(call), "runtime_unavailable");
});

Deno.test("getTaskContainerState() is the runtime's word for the container of that mode", async () => {
  const world = await openDemo({ fake: LASTING });
  const { carrel } = world;
  const id = await runTask(world);
  const states = (["run", "cli", null] as const).map((mode) =>
    getTaskContainerState(carrel, "demo", id, mode)
  );
  assertEquals(await Promise.all(states), ["running", null, null]);
  assertEquals(await getTaskContainerState(carrel, "demo", "q7m2x", "run"), null);
});

Deno.test("getAllTaskStates() asks once for all", async () => {
  const asked: StateQuery[] = [];
  const plugin = fakeWith((runtime) => ({
    states: (query) => {
      asked.push(query);
      return runtime.states(query);
    },
  }));
  const world = await openDemo({ fake: LASTING, plugins: [plugin] });
  const { carrel } = world;
  const running = await runTask(world);
  const stopped = await runTask(world);
  await taskStop(carrel, "demo", stopped);
  const fresh = await taskNew(carrel, "demo");
  const tasks = await getTasks(carrel, "demo");
  asked.length = 0;
  assertEquals(await getAllTaskStates(carrel, "demo", tasks), {
    [running]: "running",
    [stopped]: "exited",
    [fresh]: null,
  });
  assertEquals(asked.length, 1);
});

Deno.test("getWorkspaceGitDiff() is what git says where the task runs", async () => {
  const plugin = fakeWith(() => ({
    exec: async (_name, argv, { onOutput }) => {
      await onOutput(
        "stdout",
        new TextEncoder().encode(argv.includes("prev") ? "of the commit\n" : "since\n"),
      );
      return 0;
    },
  }));
  const world = await openDemo({ fake: LASTING, plugins: [plugin] });
  const id = await runTask(world);
  assertEquals(await getWorkspaceGitDiff(world.carrel, "demo", id), "since\n");
  assertEquals(await getWorkspaceGitDiff(world.carrel, "demo", id, "HEAD"), "since\n");
  assertEquals(await getWorkspaceGitDiff(world.carrel, "demo", id, "PREV"), "of the commit\n");
});

Deno.test("getWorkspaceGitDiff() is null where nobody can say", async () => {
  const refusing = await openDemo({
    fake: LASTING,
    plugins: [fakeWith(() => ({ exec: () => Promise.resolve(125) }))],
  });
  const fresh = await taskNew(refusing.carrel, "demo");
  assertEquals(await getWorkspaceGitDiff(refusing.carrel, "demo", fresh), null);
  assertEquals(await getWorkspaceGitDiff(refusing.carrel, "demo", await runTask(refusing)), null);
  const failing = await openDemo({ fake: { ...LASTING, fail_on: "exec" } });
  assertEquals(await getWorkspaceGitDiff(failing.carrel, "demo", await runTask(failing)), null);
  assertEquals(await failure(() => getWorkspaceGitDiff(failing.carrel, "demo", "q7m2x")), "task_not_found");
});

Deno.test("lookupContainerByPt() names the container of a task that was launched, running or not", async () => {
  const world = await openDemo();
  const id = await runTask(world);
  assertEquals(await lookupContainerByPt(world.carrel, "demo", id), `demo-run-${id}`);
});

Deno.test("lookupContainerByPt() is null for what is unknown, never ran or is no name", async () => {
  const { carrel } = await openDemo();
  const fresh = await taskNew(carrel, "demo");
  const pairs = [["demo", fresh], ["demo", "q7m2x"], ["nothing", "q7m2x"], ["..", fresh], [
    "demo",
    "../../etc",
  ]];
  for (const [project = "", id = ""] of pairs) {
    assertEquals(await lookupContainerByPt(carrel, project, id), null, `${project}/${id}`);
  }
});

Deno.test("getTaskMeta() and getTasks() tell which task needs a human", async () => {
  const world = await openDemo({ fake: LASTING });
  const { carrel, host } = world;
  const [asks, works] = [await runTask(world), await runTask(world)];
  host.files.put(`/r/sandbox-live/tasks/demo/${asks}/agent-config/escalation.yml`, "reason: may I?\n");
  assertEquals((await getTaskMeta(carrel, "demo", asks)).needs_human, true);
  assertEquals((await getTaskMeta(carrel, "demo", works)).needs_human, false);
  const needy = (await getTasks(carrel, "demo")).filter(({ needs_human }) => needs_human);
  assertEquals(needy.map(({ task_id }) => task_id), [asks]);
});
