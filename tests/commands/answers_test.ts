/**
 * What the answers of single commands hold.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Program, projectFile, recordsDir, ROOT } from "../support/program.ts";
import { errorOf, type Item, parseLines } from "./output.ts";
import { fakeProject, newScene, type Scene, SPOILS } from "./scene.ts";
import type { SpoilName } from "./spoilt_lines.ts";

/** The keys that a task object has at least. */
const TASK_KEYS =
  ("task_id project_id name mode status container_state container_name exit_code exit_reason " +
    "workspace web_port created_at ready_at deleting initialized unrestricted agent provider preset backend " +
    "work_status work_message shield_state needs_human labels runtime image command").split(" ");

/** A call under `--json`; its answer. */
async function ask(scene: Scene, line: string, stdin = ""): Promise<unknown> {
  const { stdout } = await scene.run([...line.split(" "), "--json"], { stdin });
  return JSON.parse(stdout);
}

async function askItem(scene: Scene, line: string, stdin = ""): Promise<Item> {
  return await ask(scene, line, stdin) as Item;
}

function assertTask(task: unknown): Item {
  const object = task as Item;
  assertEquals(TASK_KEYS.filter((key) => !Object.hasOwn(object, key)), []);
  assert(!Object.hasOwn(object, "web_token"));
  return object;
}

Deno.test("every task object has the documented keys", async () => {
  const scene = await newScene();
  for (const task of await ask(scene, "task list") as unknown[]) assertTask(task);
  const status = assertTask(await ask(scene, "task status demo/{busy}"));
  assertEquals([status.name, status.status, status.container_state], ["busy", "running", "running"]);
  assertEquals([status.mode, status.runtime, status.command], ["run", "fake", ["serve"]]);
  const verbs = [
    "task new demo",
    "task run demo --detach --mode cli",
    "task start demo/{done}",
    "task stop demo/{busy}",
    "task restart demo/{busy}",
    "task rename demo/{idle} other",
    "task stop demo/{done}",
    "task followup --detach demo/{done} more",
    "archive restore demo/{gone}",
    "task wait demo/{gone}",
  ];
  for (const verb of verbs) assertTask((await askItem(scene, verb)).task);
});

Deno.test("task run --detach answers how the start has left the task, without another call of the runtime", async () => {
  const scene = await newScene();
  const { files } = scene.program.host;
  files.put(projectFile("demo"), fakeProject({ duration_ms: 0, fail_on: "states" }));
  const { code, stdout, stderr } = await scene.run("task run demo --detach --json -- make".split(" "));
  assertEquals([code, stderr], [0, ""]);
  const task = assertTask(JSON.parse(stdout).task);
  assertEquals([task.status, task.container_state, task.exit_code], ["running", "running", null]);
  files.put(projectFile("demo"), fakeProject({ duration_ms: 0 }));
  assertEquals((await askItem(scene, `task status demo/${task.task_id}`)).status, "completed");
});

Deno.test("task list is newest first, and an empty list is an array too", async () => {
  const scene = await newScene();
  const tasks = await ask(scene, "task list demo") as Item[];
  assertEquals(tasks.map(({ name }) => name), ["busy", "done", "idle", "", ""]);
  assertEquals(await ask(scene, "task list --status failed"), []);
  assertEquals((await scene.run(["task", "list", "--status", "failed"])).code, 0);
  assertEquals((await scene.run(["task", "list", "--status", "failed", "--exit-empty"])).code, 1);
});

Deno.test("archive list and archive show have the documented keys", async () => {
  const scene = await newScene();
  const [lost, gone] = await ask(scene, "archive list") as Item[];
  const { archive_id, archived_at, ...rest } = gone ?? {};
  assertMatch(String(archive_id), new RegExp(`^20260101T0000000\\d{5}Z_${scene.ids.gone}_gone$`));
  assertMatch(String(archived_at), /^2026-01-01T00:00:00\.0\d{5}\+00:00$/);
  assertEquals(rest, {
    project_id: "demo",
    task_id: scene.ids.gone,
    name: "gone",
    mode: "run",
    exit_code: 0,
  });
  assertEquals([lost?.name, lost?.mode, lost?.exit_code], ["lost", null, null]);
  const shown = await askItem(scene, "archive show demo/{gone}");
  assertEquals([shown.archive_id, shown.command, shown.runtime], [gone?.archive_id, ["make"], "fake"]);
});

Deno.test("task delete answers task, archive and warnings; deleting again is exit 3, or nothing", async () => {
  const scene = await newScene();
  const deleted = await askItem(scene, "task delete demo/{done}");
  assertEquals([deleted.changed, deleted.task_id, deleted.warnings], [true, scene.ids.done, []]);
  assertMatch(String(deleted.archive_id), /_done$/);
  assertEquals((await scene.run(["task", "delete", "demo/{done}"])).code, 3);
  const again = await askItem(scene, "task delete --ignore-not-found demo/{done}");
  assertEquals([again.changed, again.task_id, again.archive_id], [false, null, null]);
  for (const target of ["demo/{done}", "nope/q7m2x"]) {
    assertEquals((await scene.run(["task", "delete", "--ignore-not-found", target])).code, 0);
  }
  // A malformed one is not absent.
  assertEquals((await scene.run(["task", "delete", "--ignore-not-found", "demo/7"])).code, 2);
});

Deno.test("what is so already is success without a change", async () => {
  const scene = await newScene();
  for (const verb of ["task stop demo/{busy}", "task start demo/{busy}", "task rename demo/{idle} other"]) {
    assertEquals(
      [(await askItem(scene, verb)).changed, (await askItem(scene, verb)).changed],
      [true, false],
      verb,
    );
  }
  assertEquals((await askItem(scene, "task stop demo/{idle}")).changed, false);
});

Deno.test("the predicate of task status is 0 or 1", async () => {
  const scene = await newScene();
  const is = async (word: string) => (await scene.run(["task", "status", "demo/{busy}", "--is", word])).code;
  assertEquals(await Promise.all(["running", "stopped", "not-found", "asleep"].map(is)), [0, 1, 1, 2]);
});

Deno.test("task status with a runtime that fails shows what is known, and the predicate is neither true nor false", async () => {
  const scene = await newScene();
  SPOILS["podman missing"](scene);
  const ran = await scene.run(["task", "status", "demo/{busy}", "--json"]);
  const view = assertTask(JSON.parse(ran.stdout));
  assertEquals([ran.code, errorOf(ran)?.code], [9, "runtime_unavailable"]);
  assertEquals([view.name, view.status, view.container_state], ["busy", "unknown", null]);
  assertEquals(parseLines(ran.stderr).length, 1);
  assertMatch((await scene.run(["task", "status", "demo/{busy}"])).stdout, /busy/);
  const is = await scene.run(["task", "status", "demo/{busy}", "--is", "running", "--json"]);
  assertEquals([is.code, JSON.parse(is.stdout).matches], [9, null]);
  for (const flags of [[], ["-q"]]) {
    const words = await scene.run(["task", "status", "demo/{busy}", "--is", "running", ...flags]);
    assertEquals([words.code, words.stdout], [9, ""]);
  }
});

Deno.test("archive list knows a deleted project by its archive, and one without archived tasks", async () => {
  const scene = await newScene();
  await scene.run(["project", "new", "other", "--runtime", "fake"]);
  assertEquals(await ask(scene, "archive list other"), []);
  await scene.run(["project", "delete", "other"]);
  assertEquals(await ask(scene, "archive list other"), []);
});

Deno.test("task wait --for deleted is satisfied when the whole project is gone", async () => {
  const scene = await newScene();
  await scene.run(["project", "delete", "demo", "--with-tasks"]);
  const gone = await askItem(scene, "task wait demo/{done} --for deleted");
  assertEquals([gone.satisfied, gone.task], [true, null]);
  assertEquals((await scene.run(["task", "wait", "demo/{done}"])).code, 3);
});

Deno.test("task list with a damaged record lists the sound tasks and names the file", async () => {
  for (const spoil of ["damaged dossier", "damaged bookkeeping", "empty bookkeeping"] as const) {
    const scene = await newScene();
    SPOILS[spoil](scene);
    const ran = await scene.run(["task", "list", "--json"]);
    const names = JSON.parse(ran.stdout).map(({ name }: Item) => name);
    assertEquals([ran.code, names], [11, ["busy", "idle", "", ""]], spoil);
    assertStringIncludes(String(errorOf(ran)?.message), `${recordsDir("demo")}/${scene.ids.done}_`);
  }
});

Deno.test("task list with a runtime that fails lists all tasks, their states unknown", async () => {
  const spoils = { "podman missing": 9, "podman hanging": 9, "podman babbling": 9 } as const;
  for (const [spoil, exit] of Object.entries(spoils) as [SpoilName, number][]) {
    const scene = await newScene();
    SPOILS[spoil](scene);
    const ran = await scene.run(["task", "list", "--json"]);
    const states = JSON.parse(ran.stdout).map((task: Item) => [task.name, task.status, task.container_state]);
    assertEquals([ran.code, states.slice(0, 3)], [exit, [
      ["busy", "unknown", null],
      ["done", "unknown", null],
      ["idle", "created", null],
    ]]);
  }
});

Deno.test("a verb that has done its work says so, although its runtime does not tell how the task is", async () => {
  for (const verb of ["task rename demo/{done} other", "archive restore demo/{gone}"]) {
    const scene = await newScene();
    SPOILS["podman missing"](scene);
    const { code, stdout, stderr } = await scene.run([...verb.split(" "), "--json"]);
    const { changed, task } = JSON.parse(stdout);
    assertEquals([code, changed, task.status], [0, true, "unknown"]);
    assertMatch(String(parseLines(stderr)[0]?.warning), /podman is not installed/);
  }
});

Deno.test("a task that could not be started is named, so that it can be tried again", async () => {
  const scene = await newScene();
  SPOILS["podman missing"](scene);
  const { code, stdout, stderr } = await scene.run(["task", "run", "demo", "--json", "--", "make"]);
  const [warning, failure] = parseLines(stderr);
  assertEquals([code, stdout, (failure?.error as Item).code], [9, "", "runtime_unavailable"]);
  const [, address = ""] = /^task (demo\/\w+) was made, but not started/.exec(String(warning?.warning)) ?? [];
  assertEquals((await askItem(scene, `task status ${address}`)).status, "created");
});

Deno.test("project delete refuses while there are tasks, and changes nothing when one cannot be deleted", async () => {
  const scene = await newScene();
  const refused = await scene.run(["project", "delete", "demo", "--json"]);
  assertEquals([refused.code, errorOf(refused)?.code], [5, "wrong_state"]);
  const done = await askItem(scene, "project delete demo --with-tasks");
  assertEquals([done.changed, done.project_id, (done.archive_ids as unknown[]).length], [true, "demo", 5]);
  assertMatch(await scene.program.host.files.readText(String(done.config_archive)), /runtime: fake/);
  assertEquals((await ask(scene, "project list") as Item[]).map(({ project_id }) => project_id), ["kept"]);
  assertEquals((await ask(scene, "archive list demo") as unknown[]).length, 7);
});

Deno.test("project list shows the sound projects beside one that cannot be read", async () => {
  const scene = await newScene();
  await scene.run(["project", "new", "other", "--runtime", "fake"]);
  const view = SPOILS["unreadable records"]();
  const { code, stdout } = await scene.run(["project", "list", "--json"], { host: view });
  const seen = JSON.parse(stdout).map(({ project_id, tasks }: Item) => [project_id, tasks]);
  assertEquals([code, seen], [11, [["demo", null], ["kept", 0], ["other", 0]]]);
});

Deno.test("cache sync, status and clear answer what is cached, and of which project", async () => {
  const scene = await newScene();
  const [old, now] = ["1".repeat(40), "2".repeat(40)];
  const path = `${ROOT}/sandbox/clone-cache/kept`;
  const [cache] = await ask(scene, "cache status") as Item[];
  assertEquals(cache, {
    project_id: "kept",
    cached: true,
    path,
    commit: old,
    branch: "main",
    synced_at: cache?.synced_at,
    problem: null,
  });
  assertMatch(String(cache?.synced_at), /^2026-01-01T00:00:00/);
  const synced = await askItem(scene, "cache sync kept");
  assertEquals([synced.changed, (synced.cache as Item).commit], [true, now]);
  assertEquals((await askItem(scene, "cache sync kept")).changed, false);
  const cleared = await askItem(scene, "cache clear kept");
  assertEquals([cleared.changed, cleared.project_id], [true, "kept"]);
  assertEquals((await askItem(scene, "cache clear kept")).changed, false);
  const [absent] = await ask(scene, "cache status kept") as Item[];
  assertEquals([absent?.cached, absent?.path, absent?.commit], [false, path, null]);
  assertEquals((await ask(scene, "cache status demo") as Item[]).length, 1);
});

Deno.test("a login needs a terminal, but not to tell its command", async () => {
  const scene = await newScene();
  const refused = await scene.run(["task", "login", "demo/{busy}"]);
  assertEquals([refused.code, refused.stdout], [2, ""]);
  assertEquals(
    (await scene.run(["task", "login", "demo/{busy}", "--no-input"], { isTerminal: true })).code,
    2,
  );
  assertEquals((await askItem(scene, "task login demo/{busy}")).argv instanceof Array, true);
  scene.program.host.processes.onCommand(({ argv, how }) =>
    argv[0] === "null-exec" && how === "attach" ? { code: 3 } : undefined
  );
  assertEquals((await scene.run(["task", "login", "demo/{busy}"], { isTerminal: true })).code, 3);
});

Deno.test("--purge asks on a terminal, and only there", async () => {
  const scene = await newScene();
  const purge = ["task", "delete", "--purge", "demo/{done}"];
  const no = await scene.run(purge, { isTerminal: true, stdin: "n\n" });
  assertEquals([no.code, no.stdout], [2, ""]);
  assertStringIncludes(no.stderr, `Delete demo/${scene.ids.done} for good`);
  assertStringIncludes(no.stderr, "give --yes");
  assertEquals((await scene.run([...purge, "--no-input"], { isTerminal: true, stdin: "y\n" })).code, 2);
  for (const isTerminal of [true, false]) {
    const plan = await scene.run([...purge, "--dry-run"], { isTerminal });
    assertEquals([plan.code, plan.stderr], [0, ""]);
    assertMatch(plan.stdout, /^would purge: /);
  }
  assertMatch((await scene.run(purge, { isTerminal: true, stdin: "y\n" })).stdout, /^purged task/);
  assertEquals((await ask(scene, "archive list") as unknown[]).length, 2);
});

Deno.test("every warning of the configuration is said once", async () => {
  const scene = await newScene();
  const text = "hooks: {pre_start: echo}\n";
  scene.program.host.files.put(projectFile("demo"), fakeProject({}) + text);
  const call = { env: { CARREL_RUN_IMAG: "x" } };
  const said = ["CARREL_RUN_IMAG means nothing", "hooks.pre_start is not run by this version"];
  const json = await scene.run(["config", "validate", "--json"], call);
  assertEquals([json.code, json.stderr], [0, ""]);
  const { valid, warnings } = JSON.parse(json.stdout);
  assertEquals([valid, warnings.length], [true, said.length]);
  const words = await scene.run(["config", "validate"], call);
  assertEquals(words.stderr.trimEnd().split("\n").length, said.length);
  for (const [at, part] of said.entries()) {
    assertStringIncludes(warnings[at], part);
    assertStringIncludes(words.stderr.split("\n")[at] ?? "", part);
  }
});

Deno.test("--purge names the tasks that stdin names, or how many there are", async () => {
  const scene = await newScene();
  const purge = async (stdin: string) =>
    String(errorOf(await scene.run(["task", "delete", "-", "--purge", "--json"], { stdin }))?.message);
  assertStringIncludes(await purge("demo/a1\ndemo/b2\n"), "Delete demo/a1, demo/b2 for good");
  assertStringIncludes(await purge("demo/a1\n".repeat(20)), "Delete 20 tasks for good");
  assertEquals((await scene.run(["task", "delete", "-", "--purge"], { stdin: "" })).code, 0);
});

Deno.test("logs are tagged lines under --json, and bytes that are no text travel as base64", async () => {
  const scene = await newScene();
  const log = `${ROOT}/sandbox-live/tasks/demo/${scene.ids.done}/logs/container.log`;
  const line = (stream: string, bytes: number[]) =>
    new Uint8Array([...new TextEncoder().encode(`2026-01-01T00:00:00Z ${stream} F `), ...bytes, 10]);
  const bytes = new Uint8Array([...line("stdout", [0x61]), ...line("stderr", [0xff, 0xfe])]);
  scene.program.host.files.put(log, bytes);
  const { stdout } = await scene.run(["task", "logs", "demo/{done}", "--json"]);
  assertEquals(parseLines(stdout), [
    { type: "log", stream: "stdout", time: "2026-01-01T00:00:00Z", data: "a\n" },
    { type: "log", stream: "stderr", time: "2026-01-01T00:00:00Z", data: "//4K", encoding: "base64" },
    { type: "result", task_id: scene.ids.done, project_id: "demo" },
  ]);
});

Deno.test("a character that two pieces share is text, in logs as in archived logs", async () => {
  const scene = await newScene();
  const log = `${ROOT}/sandbox-live/tasks/demo/${scene.ids.done}/logs/container.log`;
  const encoder = new TextEncoder();
  const partial = (bytes: number[]) => [...encoder.encode("2026-01-01T00:00:00Z stdout P "), ...bytes, 10];
  const [first = 0, ...rest] = encoder.encode("é");
  const last = encoder.encode("2026-01-01T00:00:01Z stdout F !\n");
  scene.program.host.files.put(log, new Uint8Array([...partial([first]), ...partial(rest), ...last]));
  const text = async (...argv: string[]) => {
    const { stdout } = await scene.run([...argv, "demo/{done}", "--json"]);
    const items = parseLines(stdout).slice(0, -1);
    assertEquals(items.filter((item) => "encoding" in item), []);
    return items.map(({ data }) => data).join("");
  };
  assertEquals(await text("task", "logs"), "é!\n");
  await scene.run(["task", "delete", "demo/{done}"]);
  assertEquals(await text("archive", "logs"), "é!\n");
});

Deno.test("the token of a task that serves a port appears in no output and in no archive", async () => {
  const scene = await newScene();
  const { program } = scene;
  program.host.files.put(
    projectFile("demo"),
    'run: {runtime: fake, web: {command: ["serve"]}, fake: {duration_ms: 1e9, stdout: "up\\n"}}\n',
  );
  program.host.network.listening.add(18_700);
  const said: string[] = [];
  const say = async (line: string) => {
    for (const flags of [[], ["--json"]]) {
      const { code, stdout, stderr } = await program.run([...line.split(" "), ...flags]);
      assertEquals(code, 0, `${line}: ${stderr}`);
      said.push(stdout, stderr);
    }
  };
  const id = (await program.run(["-q", "task", "run", "demo", "--mode", "web", "--detach"])).stdout.trim();
  const dir = `${ROOT}/sandbox-live/tasks/${id}`;
  const token = (await program.host.files.readText(`${dir}/agent-config/web.token`)).trim();
  assertMatch(token, /^[A-Za-z0-9_-]{43}$/);
  assertStringIncludes(await bookkeeping(program, id), token);
  for (const verb of ["status", "status -v", "logs", "login --json", "start", "restart", "stop"]) {
    const [word = "", ...flags] = verb.split(" ");
    await say(["task", word, id, ...flags].join(" "));
  }
  await say("task list");
  await say(`task stop ${id} --dry-run`);
  await say(`task restart ${id} --recreate`);
  const { stdout } = await program.run(["task", "delete", id, "--json"]);
  said.push(stdout);
  for (const line of ["archive list", `archive show ${id}`, `archive logs ${id}`]) await say(line);
  const kept = Object.entries(program.host.files.snapshot()).filter(([, text]) => text.includes(token));
  assertEquals(kept.map(([path]) => path), []);
  assertEquals(said.filter((text) => text.includes(token)), []);
});

function bookkeeping({ host }: Program, address: string): Promise<string> {
  return host.files.readText(`${recordsDir("demo")}/${address.replace("demo/", "")}_meta.yml`);
}
