/**
 * A run that is followed: output, exit status, signals, and what happens when it goes wrong on the way.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { newProgram, type Program, projectFile, ROOT } from "../support/program.ts";
import { errorOf, parseLines } from "./output.ts";
import { fakeProject } from "./scene.ts";

function programWith(script: Readonly<Record<string, unknown>>, more = ""): Program {
  return newProgram({ files: { [projectFile("demo")]: fakeProject(script) + more } });
}

const RUN = ["task", "run", "demo", "--", "make"];

Deno.test("a followed run gives output and exit status of the command", async () => {
  const program = programWith({ exit_code: 7, stdout: "made\n", stderr: "oh\n", duration_ms: 5000 });
  const { code, stdout, stderr } = await program.run(RUN);
  assertEquals([code, stdout], [7, "made\n"]);
  assertMatch(stderr, /^notice: task demo\/\w+ is running\noh\n$/);
});

Deno.test("a followed run under --json is lines, then the answer with the end", async () => {
  const program = programWith({ exit_code: 7, stdout: "made\n", stderr: "oh\n" });
  const { code, stdout, stderr } = await program.run(["--json", ...RUN]);
  const [first, second, result, ...more] = parseLines(stdout);
  assertEquals([code, more, first?.data, first?.stream, second?.stream], [
    7,
    [],
    "made\n",
    "stdout",
    "stderr",
  ]);
  assertEquals([result?.type, result?.changed, result?.exit_code, result?.exit_reason], [
    "result",
    true,
    7,
    "exited",
  ]);
  assertEquals(parseLines(stderr).map((line) => Object.keys(line)), [["notice"]]);
});

Deno.test("a followed run under --quiet prints the address alone; the output is in the logs", async () => {
  const program = programWith({ stdout: "made\n", stderr: "oh\n" });
  const { code, stdout, stderr } = await program.run(["-q", ...RUN]);
  assertMatch(stdout, /^demo\/\w{5}\n$/);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(await program.run(["task", "logs", stdout.trim()]), {
    code: 0,
    stdout: "made\n",
    stderr: "oh\n",
  });
  const followup = await program.run(["-q", "task", "followup", stdout.trim(), "more"]);
  assertEquals([followup.code, followup.stdout, followup.stderr], [0, stdout, ""]);
});

Deno.test("a run whose time is up ends with 124", async () => {
  const program = programWith({ duration_ms: 1e9 });
  const { code, stdout } = await program.run([
    "--json",
    "task",
    "run",
    "demo",
    "--timeout",
    "2",
    "--",
    "make",
  ]);
  assertEquals([code, parseLines(stdout).at(-1)?.exit_reason], [124, "timeout"]);
});

Deno.test("without a follower the answer is one document", async () => {
  const program = programWith({ duration_ms: 1e9 });
  for (const flags of [["--detach", "--", "make"], ["--mode", "cli"]]) {
    const { code, stdout } = await program.run(["task", "run", "demo", "--json", ...flags]);
    assertEquals([code, JSON.parse(stdout).task.status], [0, "running"]);
  }
});

Deno.test("what goes wrong after the start stands beside the answer", async () => {
  const program = programWith({ fail_on: ["logs"] });
  const told = await program.run(["--json", ...RUN]);
  const { type, op, task, exit_code } = parseLines(told.stdout).at(-1) ?? {};
  assertEquals([told.code, type, typeof op, exit_code], [9, "result", "string", null]);
  assert(typeof task === "object");
  assertEquals(errorOf(told)?.code, "runtime_failed");
  const words = await program.run(RUN);
  assertEquals([words.code, words.stdout], [9, ""]);
  assertStringIncludes(words.stderr, "error: simulated failure of logs");
});

Deno.test("an upstream that cannot be had is init_failed", async () => {
  const program = programWith({ exit_code: 125 }, "git: {upstream_url: 'https://example.org/app.git'}\n");
  const told = await program.run(["--json", ...RUN]);
  assertEquals([told.code, errorOf(told)?.code, parseLines(told.stdout).at(-1)?.type], [
    125,
    "init_failed",
    "result",
  ]);
});

Deno.test("a start that fails is an error, not an answer", async () => {
  const program = programWith({ fail_on: ["start"] });
  const told = await program.run(["--json", ...RUN]);
  assertEquals([told.code, told.stdout, errorOf(told)?.code], [9, "", "runtime_failed"]);
});

Deno.test("logs that are followed end by SIGINT and SIGTERM with 130 and 143, and the task goes on", async () => {
  const program = programWith({ duration_ms: 1e9, stdout: "made\n" });
  const { stdout } = await program.run(["-q", "task", "run", "demo", "--detach", "--", "make"]);
  for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const left = await program.run(["task", "logs", "-f", stdout.trim()], {
      onTerminal: async (terminal) => {
        while (!terminal.stdoutText().includes("made")) await program.host.clock.sleep(100);
        terminal.raise(signal);
      },
    });
    assertEquals([left.code, left.stdout], [exit, "made\n"]);
  }
  assertEquals((await program.run(["task", "status", stdout.trim(), "--is", "running"])).code, 0);
});

const LEAVING = [
  { by: "SIGINT", exit: 130, status: "stopped" },
  { by: "SIGTERM", exit: 143, status: "stopped" },
  { by: "SIGHUP", exit: 129, status: "running" },
  { by: "a closed stdout", exit: 141, status: "running" },
] as const;

for (const { by, exit, status } of LEAVING) {
  Deno.test(`a followed run ends by ${by} with ${exit}, and the task is ${status}`, async () => {
    const program = programWith({ duration_ms: 1e9, stdout: "made\n" });
    const { code } = await program.run(RUN, {
      onTerminal: async (terminal) => {
        if (by === "a closed stdout") return terminal.closeStdout();
        while (!terminal.stdoutText().includes("made")) await program.host.clock.sleep(100);
        terminal.raise(by);
      },
    });
    assertEquals(code, exit);
    const [task] = JSON.parse((await program.run(["task", "list", "--json"])).stdout);
    assertEquals(task.status, status);
  });
}

Deno.test("a followed run tells each question of its agent once, and exits as the command does", async () => {
  const program = programWith({ exit_code: 7, stdout: "made\n", duration_ms: 60_000 });
  const { host } = program;
  const running = program.run(RUN);
  await host.clock.sleep(5000);
  const [address = ""] = (await program.run(["task", "list", "-q"])).stdout.split("\n");
  const file = `${ROOT}/sandbox-live/tasks/${address}/agent-config/escalation.yml`;
  host.files.put(file, "reason: may I?\n");
  await host.clock.sleep(20_000);
  host.files.put(file, 'reason: "and \\e[31mnow?"\n');
  const { code, stderr } = await running;
  const answer = `answer: carrel escalation resolve ${address} override|modify|abort`;
  assertEquals([code, stderr.split("\n")], [7, [
    `notice: task ${address} is running`,
    `notice: task ${address} needs a human: may I?; ${answer}`,
    `notice: task ${address} needs a human: and \\x1b[31mnow?; ${answer}`,
    "",
  ]]);
});

Deno.test("what an agent asks in its last moment is told at the end", async () => {
  const program = programWith({ duration_ms: 60_000 });
  const running = program.run(["--json", ...RUN]);
  await program.host.clock.sleep(59_000);
  const [address = ""] = (await program.run(["task", "list", "-q"])).stdout.split("\n");
  const file = `${ROOT}/sandbox-live/tasks/${address}/agent-config/escalation.yml`;
  await program.host.clock.sleep(999);
  program.host.files.put(file, "reason: may I?\n");
  const { code, stderr } = await running;
  const told = parseLines(stderr).filter(({ notice }) => String(notice).includes("needs a human"));
  assertEquals([code, told.length], [0, 1]);
});
