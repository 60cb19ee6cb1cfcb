/** The main job with real containers: a task that ran, and whose record, logs and work outlive it. @module */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { podman } from "./podman_here.ts";
import { addSetting, field, onlyTask, onProject as test } from "./project_bench.ts";

test(
  "a run streams both streams apart, exits with the task's code, and survives deletion",
  async (carrel, project) => {
    const script = "echo out; echo err >&2; echo hi > f; exit 7";
    const ran = await carrel.run(["task", "run", project, "--", "sh", "-c", script]);
    assertEquals([ran.code, ran.stdout], [7, "out\n"]);
    assertStringIncludes(ran.stderr, "err\n");
    const task = await onlyTask(carrel, project);
    const status = await carrel.json(["task", "status", task]);
    assertEquals(["status", "exit_code", "exit_reason"].map((key) => field(status, key)), [
      "failed",
      7,
      "exited",
    ]);

    assertEquals((await carrel.run(["task", "delete", task])).code, 0);
    assertEquals((await carrel.run(["task", "status", task])).code, 3);
    const archives = await carrel.json(["archive", "list", project]);
    assert(Array.isArray(archives));
    assertEquals([archives.length, field(archives[0], "exit_code")], [1, 7]);
    const restored = await carrel.json(["archive", "restore", task]);
    const workspace = String(field(field(restored, "task"), "workspace"));
    assertEquals(await Deno.readTextFile(join(workspace, "workspace-dangerous", "f")), "hi\n");
    const logs = await carrel.run(["task", "logs", task]);
    assertEquals([logs.code, logs.stdout, logs.stderr], [0, "out\n", "err\n"]);
    assertEquals(
      (await carrel.run(["task", "start", task])).code,
      0,
      "a new container is made from the record",
    );
    assertEquals((await carrel.run(["task", "wait", task])).stdout, "7\n");
  },
);

test("environment values are exact, and on no argument list", async (carrel, project) => {
  const secret = "a b\n'c' \"d\" $HOME \\ é=";
  const env = { SECRET: secret };
  const show = ["--", "sh", "-c", 'printf %s "$SECRET"; printf " %s" "$HOME"'];
  const ran = await carrel.run(
    ["task", "run", project, "--env", "SECRET", "--env", "HOME=/workspace", ...show],
    { env },
  );
  assertEquals([ran.code, ran.stdout], [0, `${secret} /workspace`]);
  const task = await onlyTask(carrel, project);
  const missing = await carrel.run(["task", "restart", "--recreate", task]);
  assertEquals(missing.code, 0, "the value is kept beside the record");
  assertEquals((await carrel.run(["task", "wait", task])).code, 0);
});

test("stop leaves no exit code, start runs the command again", async (carrel, project) => {
  const command = ["sh", "-c", "trap 'exit 3' TERM; echo started; while :; do sleep 0.1; done"];
  const ran = await carrel.run(["task", "run", "-d", project, "--", ...command]);
  assertEquals(ran.code, 0, ran.stderr);
  const task = await onlyTask(carrel, project);
  assertEquals((await carrel.run(["task", "status", task, "--is", "running"])).code, 0);
  const stopped = await carrel.json(["task", "stop", task]);
  assertEquals(field(stopped, "changed"), true);
  assertEquals(["status", "exit_code"].map((key) => field(field(stopped, "task"), key)), ["stopped", null]);
  assertEquals(field(await carrel.json(["task", "stop", task]), "changed"), false);
  assertEquals((await carrel.run(["task", "start", task])).code, 0);
  assertEquals((await carrel.run(["task", "status", task, "--is", "running"])).code, 0);
});

test("Ctrl-C on a followed task stops it and gives 130", async (carrel, project) => {
  const command = ["sh", "-c", "echo ready; trap 'echo bye; exit 0' TERM; while :; do sleep 0.1; done"];
  const child = carrel.spawn(["task", "run", project, "--", ...command]);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  while (!seen.includes("ready")) seen += (await reader.read()).value ?? "";
  Deno.kill(-child.pid, "SIGINT"); // to the whole foreground group, as a terminal does
  for (let part = await reader.read(); !part.done; part = await reader.read()) seen += part.value;
  await child.stderr.cancel();
  assertEquals([(await child.status).code, seen], [130, "ready\nbye\n"]);
  const status = await carrel.json(["task", "status", await onlyTask(carrel, project)]);
  assertEquals(["status", "exit_code"].map((key) => field(status, key)), ["stopped", null]);
});

test("SIGHUP leaves a followed task running and gives 129", async (carrel, project) => {
  const child = carrel.spawn(["task", "run", project, "--", "sh", "-c", "echo ready; sleep 600"]);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  child.kill("SIGHUP");
  await reader.cancel();
  await child.stderr.cancel();
  assertEquals((await child.status).code, 129);
  assertEquals(
    (await carrel.run(["task", "status", await onlyTask(carrel, project), "--is", "running"])).code,
    0,
  );
});

test("a start that the engine refuses is 127, and the task is failed", async (carrel, project) => {
  const ran = await carrel.run(["task", "run", project, "--json", "--", "no-such-program"]);
  assertEquals([ran.code, ran.stdout], [127, ""]);
  assertEquals(
    field(field(JSON.parse(ran.stderr.trim().split("\n").at(-1) ?? ""), "error"), "code"),
    "start_failed",
  );
  assertEquals(
    field(await carrel.json(["task", "status", await onlyTask(carrel, project)]), "status"),
    "failed",
  );
});

test("an image that is not here is exit 5 and no container is left", async (carrel, project) => {
  const ran = await carrel.run(["task", "run", project, "--image", "localhost/no-such-image", "--", "true"]);
  assertEquals(ran.code, 5, ran.stderr);
  assertMatch(ran.stderr, /error: .*no-such-image/);
});

test("the time limit ends a run with 124", async (carrel, project) => {
  const ran = await carrel.run(["task", "run", project, "--timeout", "1", "--", "sleep", "600"]);
  assertEquals(ran.code, 124, ran.stderr);
  assertEquals(
    field(await carrel.json(["task", "status", await onlyTask(carrel, project)]), "exit_reason"),
    "timeout",
  );
});

test(
  "cli mode idles for logins; exec has the command's own exit code and streams",
  async (carrel, project) => {
    const ran = await carrel.run(["task", "run", project, "--mode", "cli"]);
    assertEquals(ran.code, 0, ran.stderr);
    assertStringIncludes(ran.stdout, "carrel task login");
    const task = await onlyTask(carrel, project);
    const exec = await carrel.run(["task", "exec", "-i", task, "--", "sh", "-c", "cat; echo e >&2; exit 9"], {
      stdin: "in",
    });
    assertEquals([exec.code, exec.stdout, exec.stderr], [9, "in", "e\n"]);
    assertEquals((await carrel.run(["task", "exec", task, "--", "no-such-program"])).code, 127);
    const login = field(await carrel.json(["task", "login", task]), "argv");
    assert(Array.isArray(login) && login[0] === "podman");
    assertEquals((await carrel.run(["task", "stop", task])).code, 0);
    const refused = await carrel.run(["task", "exec", task, "--json", "--", "true"]);
    assertEquals(refused.code, 125);
    const error = field(JSON.parse(refused.stderr.trim().split("\n").at(-1) ?? ""), "error");
    assertEquals([field(error, "code"), field(error, "exit")], ["wrong_state", 5]);
  },
);

test(
  "an upstream is checked out, its diff shown from a running and a stopped task",
  async (carrel, project) => {
    const upstream = join(carrel.place, "upstream");
    const git = async (...args: string[]) => {
      const { success, stderr } = await new Deno.Command("git", { args: ["-C", upstream, ...args] }).output();
      assert(success, new TextDecoder().decode(stderr));
    };
    await Deno.mkdir(upstream);
    await Deno.writeTextFile(join(upstream, "a"), "one\n");
    await git("init", "-q", "-b", "trunk");
    await git("add", ".");
    await git("-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-q", "-m", "one");
    await addSetting(carrel, project, `git:\n  upstream_url: ${upstream}\n`);
    const ran = await carrel.run([
      "task",
      "run",
      project,
      "--",
      "sh",
      "-c",
      "git branch --show-current; echo two >> a; echo new > b",
    ]);
    assertEquals([ran.code, ran.stdout], [0, "trunk\n"], ran.stderr);
    const task = await onlyTask(carrel, project);
    const diff = await carrel.run(["task", "diff", task]);
    assertEquals(diff.code, 0, diff.stderr);
    assertStringIncludes(diff.stdout, "+two");
    assertStringIncludes(diff.stdout, "+++ b/b");
    assertStringIncludes((await carrel.run(["task", "diff", "--stat", task])).stdout, "2 files changed");
    await Deno.writeTextFile(join(upstream, "a"), "other\n");
    await git("-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-q", "-a", "-m", "two");
    assertEquals((await carrel.run(["task", "restart", task])).code, 0);
    assertEquals((await carrel.run(["task", "wait", task])).stdout, "0\n");
    assertStringIncludes((await carrel.run(["task", "diff", task])).stdout, "+two", "local work was kept");
  },
);

test("a workspace that cannot be prepared is init_failed", async (carrel, project) => {
  const upstream = join(carrel.place, "nothing-here");
  await Deno.mkdir(upstream);
  await addSetting(carrel, project, `git:\n  upstream_url: ${upstream}\n`);
  const ran = await carrel.run(["task", "run", project, "--", "true"]);
  assertEquals(ran.code, 125, ran.stderr);
  assertStringIncludes(ran.stderr, "could not be prepared");
  const task = await onlyTask(carrel, project);
  assertEquals(field(await carrel.json(["task", "status", task]), "status"), "failed");
});

test("a named user of the image owns the workspace", async (carrel, project) => {
  await addSetting(carrel, project, "  user: dev\n");
  const ran = await carrel.run(["task", "run", project, "--", "sh", "-c", "id -u; touch f; echo ok"]);
  assertEquals([ran.code, ran.stdout], [0, "1234\nok\n"], ran.stderr);
  const task = await onlyTask(carrel, project);
  assertEquals((await carrel.run(["task", "delete", task])).code, 0);
  assertEquals((await carrel.run(["archive", "restore", task])).code, 0);
  assertEquals((await carrel.run(["task", "delete", "--purge", "--yes", task])).code, 0);
});

test("a task can be stopped although config.yml cannot be read", async (carrel, project) => {
  const command = ["sh", "-c", "trap exit TERM; while :; do sleep 0.1; done"];
  assertEquals((await carrel.run(["task", "run", "-d", project, "--", ...command])).code, 0);
  const task = await onlyTask(carrel, project);
  const file = join(carrel.place, "config", "config.yml");
  await Deno.writeTextFile(file, "run: {");
  try {
    assertMatch((await carrel.run(["task", "stop", task])).stdout, /^stopped /);
    assertEquals((await carrel.run(["task", "delete", task])).code, 2);
    // Which engine to ask is not known, and this one has nothing.
    await podman("rm", "--force", task.replace("/", "-run-"));
    assertEquals((await carrel.run(["task", "stop", task])).code, 2);
  } finally {
    await Deno.remove(file);
  }
});
