/**
 * A command in a running task: its output, its exit status, and what ends it early.
 *
 * @module
 */
import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { parseTimestamp } from "../../core/meta/time.ts";
import { newProgram, projectFile } from "../support/program.ts";
import { fakeWith } from "../support/world.ts";
import { errorOf, parseLines } from "./output.ts";
import { fakeProject, newScene } from "./scene.ts";

Deno.test("exec tells its own failures from the command's statuses", async () => {
  const scene = await newScene();
  const exec = [{ argv: ["false"], exit_code: 2, stdout: "out", stderr: "err" }];
  scene.program.host.files.put(projectFile("demo"), fakeProject({ duration_ms: 1e9, exec }));
  await scene.run(["task", "restart", "--recreate", "demo/{busy}"]);
  const plain = await scene.run(["task", "exec", "demo/{busy}", "--", "false"]);
  assertEquals(plain, { code: 2, stdout: "out", stderr: "err" });
  const json = await scene.run(["task", "exec", "demo", "{busy}", "--json", "--", "false"]);
  const [out, err, result] = parseLines(json.stdout);
  assertEquals([out?.stream, out?.data, err?.stream, err?.data], ["stdout", "out", "stderr", "err"]);
  assertEquals(result, { type: "result", exit_code: 2 });
  for (const item of [out, err]) assertNotEquals(parseTimestamp(String(item?.time)), null);
  const absent = await scene.run(["task", "exec", "demo/z0zzz", "--json", "--", "false"]);
  assertEquals([absent.code, errorOf(absent)?.exit], [125, 3]);
});

Deno.test("exec that takes too long says how the command is ended", async () => {
  const plugin = fakeWith(() => ({
    exec: (_name, _argv, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  }));
  const program = newProgram({
    files: { [projectFile("demo")]: fakeProject({ duration_ms: 1e9 }) },
    plugins: [plugin],
  });
  const task = (await program.run(["-q", "task", "run", "demo", "--detach", "--", "serve"])).stdout.trim();
  const exec = ["task", "exec", task, "--json", "--timeout", "5", "--", "sleep", "60"];
  const late = await program.run(exec);
  assertEquals([late.code, errorOf(late)?.code], [125, "runtime_timeout"]);
  assertEquals(errorOf(late)?.message, "the command did not end within 5 s");
  assertStringIncludes(String(errorOf(late)?.hint), "carrel task stop");
  for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const left = await program.run(["task", "exec", task, "--json", "--", "sleep", "60"], {
      onTerminal: async (terminal) => {
        await program.host.clock.sleep(1000);
        terminal.raise(signal);
      },
    });
    assertEquals([left.code, parseLines(left.stdout)], [exit, [{ type: "result", exit_code: null }]]);
  }
});

Deno.test("exec under --json is text where pieces end inside a character", async () => {
  const plugin = fakeWith(() => ({
    async exec(_name, _argv, { onOutput }) {
      for (const byte of new TextEncoder().encode("€")) await onOutput("stdout", new Uint8Array([byte]));
      await onOutput("stderr", new Uint8Array([0xe2]));
      return 0;
    },
  }));
  const program = newProgram({
    files: { [projectFile("demo")]: fakeProject({ duration_ms: 1e9 }) },
    plugins: [plugin],
  });
  const task = (await program.run(["-q", "task", "run", "demo", "--detach", "--", "serve"])).stdout.trim();
  const { stdout } = await program.run(["task", "exec", task, "--json", "--", "print"]);
  assertEquals(parseLines(stdout).map(({ data, encoding }) => [data, encoding]), [
    ["€", undefined],
    ["4g==", "base64"],
    [undefined, undefined],
  ]);
});
