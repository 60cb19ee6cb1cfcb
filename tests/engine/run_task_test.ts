import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { runExistingTask, runNewTask } from "../../core/engine/run_task.ts";
import { AppError, type ErrorCode } from "../../core/error.ts";
import { loadTasks } from "../../core/query/load_tasks.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  fakeWith,
  look,
  newAgent,
  newRecorder,
  newTask,
  newWorld,
  placesOf,
  ROOT,
  runTask,
} from "../support/world.ts";

async function codeOf(run: () => Promise<unknown>): Promise<ErrorCode> {
  return (await assertRejects(run, AppError)).code;
}

const SETTINGS = `run:
  runtime: fake
  fake: {duration_ms: 1000000}
  image: localhost/dev
  pull: missing
  env: {FROM_CONFIG: "1", HANDED_DOWN: null}
  user: "1000:1000"
  workdir: /workspace/app
  network: none
  memory: 2g
  cpus: 1.5
  pids: 100
  timeout: 90m
  unrestricted: false
  agent: codex
  mounts: ["/data:/data:ro"]
  podman_args: ["--shm-size=1g"]
logs: {max_bytes: 1m}
`;

Deno.test("runNewTask() makes the container that configuration and caller describe", async () => {
  const { plugin, specs, calls } = newRecorder();
  const env = { HOME: "/home/reader", HANDED_DOWN: "from outside", ASKED: "also from outside" };
  const { carrel } = await newWorld({ projects: { demo: SETTINGS }, plugins: [plugin], env });
  await newAgent(carrel);
  const { ref, op } = await runNewTask(carrel, DEMO, {
    command: ["sh", "-c", "echo $KEY"],
    env: { KEY: "two\nlines = 'exact'", ASKED: null },
  });
  if (ref === null) throw new AppError("bug", "a real run has a task");
  const { dir, dossier } = placesOf(ref);
  const name = `demo-run-${ref.id}`;
  assertEquals(calls, [`create ${name}`, `start ${name}`]);
  assertEquals(specs, [{
    name,
    image: "localhost/dev",
    pull: "missing",
    command: ["sh", "-c", "echo $KEY"],
    entrypoint: "image",
    prelude: null,
    labels: {
      "carrel.project": "demo",
      "carrel.task": ref.id,
      "carrel.mode": "run",
      "carrel.op": op.id,
      "carrel.root": ROOT,
    },
    annotations: { "dossier.meta_path": dossier },
    env: {
      TASK_ID: ref.id,
      PROJECT_NAME: "demo",
      REPO_ROOT: "/workspace",
      CARREL_WORKSPACE: "/workspace",
      CARREL_AGENT_CONFIG: "/home/dev/.terok",
      FROM_CONFIG: "1",
      HANDED_DOWN: "from outside",
      KEY: "two\nlines = 'exact'",
      ASKED: "also from outside",
    },
    mounts: [
      {
        source: `${dir}/workspace-dangerous`,
        target: "/workspace",
        readOnly: false,
        relabel: "private",
        own: true,
      },
      {
        source: `${dir}/agent-config`,
        target: "/home/dev/.terok",
        readOnly: false,
        relabel: "private",
        own: true,
      },
      { source: "/data", target: "/data", readOnly: true, relabel: "none", own: false },
    ],
    ports: [],
    workdir: "/workspace/app",
    user: "1000:1000",
    network: "none",
    memory: "2g",
    cpus: "1.5",
    pids: 100,
    unrestricted: false,
    timeoutS: 5400,
    logPath: `${dir}/logs/container.log`,
    logMaxBytes: 1024 * 1024,
    extraArgs: ["--shm-size=1g"],
  }]);
});

Deno.test("runNewTask() records what a recreate needs, and no value of the environment", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: SETTINGS }, env: { HANDED_DOWN: "x" } });
  await newAgent(carrel);
  const ref = await runTask(carrel, { command: ["work", "--hard"], env: { KEY: "hush" }, timeoutS: 60 });
  const { bookkeeping, env, dossier } = placesOf(ref);
  const text = await host.files.readText(bookkeeping);
  assertEquals(text.includes("hush") || (await host.files.readText(dossier)).includes("hush"), false);
  assertEquals(JSON.parse(await host.files.readText(env)), { KEY: "hush" });
  assertEquals((await host.files.info(env))?.mode, 0o600);
  const meta = await look(carrel, ref);
  assertEquals([meta.mode, meta.status, meta.image, meta.runtime], [
    "run",
    "running",
    "localhost/dev",
    "fake",
  ]);
  assertEquals([meta.command, meta.unrestricted, meta.agent], [["work", "--hard"], false, "codex"]);
  assertStringIncludes(text, "timeout: 60\n");
});

Deno.test("runNewTask() leaves the prompt where the task finds it", async () => {
  const { carrel, host } = await newWorld();
  const ref = await runTask(carrel, { command: ["work"], prompt: "Fix it.\n" });
  assertEquals(await host.files.readText(`${placesOf(ref).dir}/agent-config/prompt.txt`), "Fix it.\n");
});

Deno.test("runNewTask() with a limit of time ends as timeout", async () => {
  const { carrel, host } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await runTask(carrel, { command: ["work"], timeoutS: 60 });
  assertEquals((await look(carrel, ref)).status, "running");
  await host.clock.advance(61_000);
  const { status, exit_reason } = await look(carrel, ref);
  assertEquals([status, exit_reason], ["failed", "timeout"]);
});

Deno.test("runNewTask() without a command idles in mode cli, and runs run.command where there is one", async () => {
  const { plugin, specs } = newRecorder();
  const { carrel, configure } = await newWorld({ plugins: [plugin] });
  const ref = await runTask(carrel, {});
  assertEquals((await look(carrel, ref)).mode, "cli");
  assertEquals([specs[0]?.entrypoint, specs[0]?.command?.[0]], ["none", "sh"]);
  const other = await configure("demo", "run: {runtime: fake, command: [agent, --go]}\n");
  assertEquals((await look(other, await runTask(other, {}))).mode, "run");
  assertEquals(specs[1]?.command, ["agent", "--go"]);
});

Deno.test("runNewTask() checks before it makes anything", async () => {
  const { carrel, host, configure } = await newWorld();
  const before = { ...host.files.snapshot() };
  const run = (more: Parameters<typeof runNewTask>[2]) => () => runNewTask(carrel, DEMO, more);
  assertEquals(await codeOf(run({ command: ["x"], mode: "cli" })), "usage");
  assertEquals(await codeOf(run({ mode: "web" })), "config_missing");
  assertEquals(await codeOf(run({ mode: "toad" })), "config_missing");
  assertEquals(await codeOf(run({ command: ["x"], env: { NOT_SET: null } })), "env_missing");
  assertEquals(await codeOf(run({ command: ["x"], name: "-x" })), "invalid_task_name");
  assertEquals(host.files.snapshot(), before);
  const broken: [string, ErrorCode][] = [
    ["run: {runtime: fake, env: {NOT_SET: null}}\n", "env_missing"],
    ["run: {runtime: fake, memory: lots}\n", "invalid_config"],
    ["run: {runtime: fake, imag: x}\n", "invalid_config"],
    ["run: {runtime: nobody}\n", "runtime_not_found"],
  ];
  for (const [text, code] of broken) {
    const with_ = await configure("demo", text);
    assertEquals(await codeOf(() => runNewTask(with_, DEMO, { command: ["x"] })), code, text);
    assertEquals((await loadTasks(with_, DEMO)).tasks, []);
  }
});

Deno.test("runNewTask() needs an image where the runtime has images", async () => {
  const { plugin } = newRecorder();
  const { carrel } = await newWorld({ plugins: [{ ...plugin, needsImage: true }] });
  assertEquals(await codeOf(() => runNewTask(carrel, DEMO, { command: ["x"] })), "config_missing");
});

Deno.test("runNewTask() as a dry run plans everything and does nothing", async () => {
  const { plugin, calls } = newRecorder();
  const { carrel, host } = await newWorld({ plugins: [plugin] });
  const before = host.files.snapshot();
  const { op, ref } = await runNewTask(carrel, DEMO, { command: ["x"], name: "n" }, { dryRun: true });
  const answer = await op.answer(() => ({}));
  assertEquals("plan" in answer && answer.plan.map(({ action }) => action), [
    "create task",
    "prepare",
    "create container",
    "start container",
  ]);
  assertEquals([ref, calls, host.files.snapshot()], [null, [], before]);
});

Deno.test("runExistingTask() starts a task that never ran, and refuses one that did", async () => {
  const { carrel } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const ref = await newTask(carrel, { name: "kept", labels: { team: "web" } });
  await runExistingTask(carrel, ref, { command: ["work"] });
  const { status, name, labels } = await look(carrel, ref);
  assertEquals([status, name, labels], ["running", "kept", { team: "web" }]);
  const error = await assertRejects(() => runExistingTask(carrel, ref, { command: ["work"] }), AppError);
  assertEquals([error.code, error.exit], ["already_ran", 5]);
  assertStringIncludes(error.hint ?? "", "restart");
});

Deno.test("a start that the engine refuses leaves a failed task with the engine's status", async () => {
  const refusing = fakeWith(() => ({
    start: () => Promise.reject(new AppError("start_failed", "no such program", { exit: 127 })),
  }));
  const { carrel } = await newWorld({ plugins: [refusing] });
  assertEquals(await codeOf(() => runNewTask(carrel, DEMO, { command: ["typo"] })), "start_failed");
  const { tasks } = await loadTasks(carrel, DEMO);
  assertEquals(tasks.map(({ meta }) => [meta.status, meta.exit_code]), [["failed", 127]]);
});

Deno.test("a start that had its effect is a start, whatever the engine says of it", async () => {
  const lying = fakeWith((inner) => ({
    start: async (name) => {
      await inner.start(name);
      throw new AppError("start_failed", "failed after all was done");
    },
  }));
  const { carrel } = await newWorld({ plugins: [lying], projects: { demo: fakeProject(ENDLESS) } });
  const { status, exit_code, exit_reason } = await look(carrel, await runTask(carrel));
  assertEquals([status, exit_code, exit_reason], ["running", null, null]);
});

Deno.test("without git.upstream_url a task is ready when it starts", async () => {
  const { carrel } = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  for (const request of [{ command: ["work"] }, {}]) {
    const { initialized, ready_at, created_at } = await look(carrel, await runTask(carrel, request));
    assertEquals(initialized, true);
    assertEquals(String(ready_at) > String(created_at), true);
  }
});
