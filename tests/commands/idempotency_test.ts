import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { StorageError } from "../../core/state/errors.ts";
import { encodeLockOwner } from "../../core/state/managers/lock_owner.ts";
import { newProgram, type Program, projectFile, type Ran, recordsDir } from "../support/program.ts";

const KEY = ["--idempotency-key", "k1"];

function newDemo(script: Record<string, unknown> = {}): Program {
  const run = { runtime: "fake", fake: script };
  return newProgram({ files: { [projectFile("demo")]: `run: ${JSON.stringify(run)}\n` } });
}

function errorOf({ stderr }: Ran): Record<string, unknown> {
  return JSON.parse(stderr.trim().split("\n").at(-1) ?? "").error;
}

async function countTasks({ run }: Program): Promise<number> {
  return JSON.parse((await run(["task", "list", "--json"])).stdout).length;
}

Deno.test("the same request under the same key gets the stored answer, byte for byte but for the mark", async () => {
  const program = newDemo();
  const first = await program.run(["task", "new", "demo", ...KEY, "--json"]);
  const again = await program.run(["task", "new", "demo", ...KEY, "--json"]);
  assertEquals([again.code, again.stderr], [0, ""]);
  assertEquals(again.stdout, first.stdout.replace(/\}\n$/, ',"replayed":true}\n'));
  assertEquals(await countTasks(program), 1);
  const words = await program.run(["task", "new", "demo", ...KEY]);
  assertEquals(
    words.stdout,
    `created task ${JSON.parse(first.stdout).task.project_id}/${JSON.parse(first.stdout).task.task_id} (${
      JSON.parse(first.stdout).task.name
    })\n`,
  );
});

Deno.test("a run that was followed gives its exit code again, without running", async () => {
  const program = newDemo({ exit_code: 7, stdout: "once\n" });
  const words = ["task", "run", "demo", ...KEY, "--json", "--", "make"];
  const first = await program.run(words);
  const again = await program.run(words);
  assertEquals([first.code, again.code], [7, 7]);
  const lines = again.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals([lines.length, lines[0].type, lines[0].replayed, lines[0].exit_code], [1, "result", true, 7]);
  assertEquals(await countTasks(program), 1);
});

Deno.test("other arguments under the same key are exit 13, in a dry run too, and change nothing", async () => {
  const program = newDemo();
  await program.run(["task", "new", "demo", "--name", "one", ...KEY]);
  for (const more of [[], ["--dry-run"]]) {
    const other = await program.run(["task", "new", "demo", "--name", "two", ...KEY, "--json", ...more]);
    const { code, exit, details } = errorOf(other);
    assertEquals([other.code, code, exit, details], [13, "idempotency_mismatch", 13, { key: "k1" }]);
  }
  const verb = await program.run(["project", "new", "other", ...KEY]);
  assertEquals(verb.code, 13);
  assertEquals(await countTasks(program), 1);
});

Deno.test("a dry run of what has its answer says that nothing would be done, or fails as it failed", async () => {
  const program = newDemo({ exit_code: 7 });
  const other = (words: readonly string[], key: string) => [...words, "--idempotency-key", key, "--json"];
  const requests = [
    [[...other(["task", "new", "demo", "--name", "one"], "k1")], 0],
    [[...other(["task", "run", "demo"], "k2"), "--", "make"], 7],
    [other(["task", "delete", "demo/x0000", "demo/x0001"], "k3"), 11],
  ] as const;
  for (const [words, code] of requests) {
    assertEquals((await program.run(words)).code, code);
    const { host, state } = program;
    const before = [host.files.snapshot(), await state.decisionAudit.head()];
    const [group = "", verb = "", ...rest] = words;
    const foreseen = await program.run([group, verb, "--dry-run", ...rest]);
    assertEquals([foreseen.code, JSON.parse(foreseen.stdout)], [0, {
      dry_run: true,
      changed: false,
      plan: [],
    }]);
    assertMatch(
      foreseen.stderr,
      /^\{"notice":"the answer of the idempotency key k\d would be given again"\}\n$/,
    );
    assertEquals([host.files.snapshot(), await state.decisionAudit.head()], before);
  }
  const missing = other(["task", "stop", "demo/x0000"], "k4");
  const failed = await program.run(missing);
  // Were it asked for now, it would be found.
  program.host.files.put(`${recordsDir("demo")}/x0000_meta.yml`, "mode:\n");
  const foreseen = await program.run([...missing, "--dry-run"]);
  assertEquals([failed.code, foreseen.code, errorOf(foreseen).message], [3, 3, errorOf(failed).message]);
});

Deno.test("what stdin and files say is part of the request", async () => {
  const program = newDemo();
  const words = ["task", "run", "demo", "-d", "--prompt", "-", ...KEY, "--", "make"];
  assertEquals((await program.run(words, { stdin: "one" })).code, 0);
  assertEquals((await program.run(words, { stdin: "one" })).code, 0);
  assertEquals((await program.run(words, { stdin: "two" })).code, 13);
  const fromFile = [
    "task",
    "run",
    "demo",
    "-d",
    "--prompt",
    "@/tmp/p",
    "--idempotency-key",
    "k2",
    "--",
    "make",
  ];
  program.host.files.put("/tmp/p", "one");
  assertEquals((await program.run(fromFile)).code, 0);
  program.host.files.put("/tmp/p", "two");
  assertEquals((await program.run(fromFile)).code, 13);
  assertEquals(await countTasks(program), 2);
});

Deno.test("the value of a variable that is passed on is part of the request", async () => {
  const program = newDemo();
  const words = ["task", "run", "demo", "-d", "--env", "TOKEN", ...KEY, "--", "make"];
  const codes: number[] = [];
  for (const TOKEN of ["one", "one", "two"]) codes.push((await program.run(words, { env: { TOKEN } })).code);
  assertEquals(codes, [0, 0, 13]);
});

Deno.test("a failure that trying again cannot mend is the answer from then on; another frees the key", async () => {
  const program = newDemo();
  const missing = ["task", "run", "nope", ...KEY, "--json"];
  const first = await program.run(missing);
  const again = await program.run(missing);
  assertEquals([first.code, again.code, errorOf(again).message], [3, 3, errorOf(first).message]);
  assertEquals(errorOf(again).details, { replayed: true });

  program.host.files.put(projectFile("demo"), "run: {runtime: fake, fake: {fail_on: create}}\n");
  const failing = ["task", "run", "demo", "-d", "--idempotency-key", "k2", "--", "make"];
  assertEquals((await program.run(failing)).code, 9);
  program.host.files.put(projectFile("demo"), "run: {runtime: fake}\n");
  assertEquals((await program.run(failing)).code, 0);
});

for (const failOn of ["create", "start"]) {
  Deno.test(`a run whose ${failOn} fails is tried again with the task that it has made`, async () => {
    const program = newDemo({ fail_on: failOn, duration_ms: 1e9 });
    const words = ["task", "run", "demo", "-d", "--name", "same", ...KEY, "--json", "--", "make"];
    const failures = [await program.run(words), await program.run(words)];
    assertEquals(failures.map(({ code }) => code), [9, 9]);
    program.host.files.put(projectFile("demo"), "run: {runtime: fake, fake: {duration_ms: 100000000}}\n");
    const last = await program.run(words);
    assertEquals([last.code, JSON.parse(last.stdout).task.status], [0, "running"]);
    assertEquals(await countTasks(program), 1);
    const made = failures.map((failure) => errorOf(failure)["details"]);
    const { project_id, task_id } = JSON.parse(last.stdout).task;
    assertEquals(made, [{ project_id, task_id }, { project_id, task_id }]);
  });
}

Deno.test("a key in progress is waited for, then exit 6; one whose process is dead is taken over at once", async () => {
  const program = newDemo();
  const { host, state } = program;
  const living = host.processes.start();
  const owner = encodeLockOwner({
    kind: "process",
    host: host.system.hostname,
    boot_id: await host.system.bootId(),
    pid_namespace: await host.system.pidNamespace(),
    pid: living.pid,
    start_ticks: living.startTicks,
  });
  await state.idempotency.reserve("command k1", { owner, leaseMs: 30_000 });
  const words = ["task", "new", "demo", ...KEY, "--lock-timeout", "2", "--json"];
  const before = host.clock.monotonicMs();
  const busy = await program.run(words);
  assertEquals([busy.code, errorOf(busy).code, errorOf(busy).retryable], [6, "lock_timeout", true]);
  assert(host.clock.monotonicMs() - before >= 2000);
  host.processes.end(living.pid);
  assertEquals((await program.run(words)).code, 0);
});

Deno.test("a key that cannot be kept is refused, also of what works without the state store", async () => {
  const program = newDemo({ duration_ms: 1e9 });
  const run = await program.run(["task", "run", "demo", "-d", "-q", "--", "make"]);
  const state = () => {
    throw new StorageError("the state store is damaged");
  };
  const before = program.host.files.snapshot();
  for (const words of [["task", "stop", run.stdout.trim()], ["storage", "prune"], ["doctor", "--fix"]]) {
    const refused = await program.run([...words, ...KEY, "--json"], { state });
    assertEquals([refused.code, errorOf(refused).message], [10, "the state store is damaged"], words[1]);
  }
  assertEquals(program.host.files.snapshot(), before);
  const stopped = await program.run(["task", "stop", run.stdout.trim()], { state });
  assertEquals(stopped.code, 0, stopped.stderr);
});

Deno.test("keys are kept for seven days", async () => {
  const program = newDemo();
  await program.run(["task", "new", "demo", ...KEY]);
  await program.host.clock.sleep(6 * 86_400_000);
  await program.run(["task", "new", "demo", ...KEY]);
  assertEquals(await countTasks(program), 1);
  await program.host.clock.sleep(2 * 86_400_000);
  await program.run(["task", "new", "demo", ...KEY]);
  assertEquals(await countTasks(program), 2);
});

Deno.test("a key that is no text one can read is refused", async () => {
  const { run } = newDemo();
  for (const key of ["", "a\tb", "é", "x".repeat(256)]) {
    const ran = await run(["task", "new", "demo", `--idempotency-key=${key}`, "--json"]);
    assertEquals([ran.code, errorOf(ran).code], [2, "invalid_value"], key);
    assertStringIncludes(String(errorOf(ran).message), "--idempotency-key");
  }
});
