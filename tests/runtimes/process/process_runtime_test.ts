/**
 * What the process runtime promises beyond the laws of all runtimes; on real processes.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { AppError } from "../../../core/error.ts";
import { processPlugin } from "../../../plugins/process.ts";
import { processPaths, readProcessRun } from "../../../runtimes/process/process_record.ts";
import { readOutputText, safety, started, startedCommand, statusOf } from "../../contract/runtime_bench.ts";
import { assertCode, LONG_MS, untilOutput } from "../../contract/runtime_bench.ts";
import { newProcessBench, type ProcessBench } from "../../support/process_bench.ts";
import { SUPERVISOR_ARGV } from "../../support/supervise_main.ts";

const STARTER = fromFileUrl(new URL("../../support/start_process_main.ts", import.meta.url));

async function runOf({ host, directory }: ProcessBench, name: string) {
  const run = await readProcessRun(host.files, processPaths(join(directory, "root", "process", name)));
  assert(run !== null && run.supervisor !== null && run.child !== null);
  return { supervisor: run.supervisor, child: run.child };
}

Deno.test("ProcessRuntime: a command outlives the program that started it", async () => {
  await using bench = await newProcessBench();
  const spec = bench.behave(bench.newSpec(), { durationMs: LONG_MS, exitCode: 7 });
  const argv = [Deno.execPath(), "run", "--allow-all", STARTER] as const;
  const starter = await bench.host.processes.run({
    argv: [...argv, join(bench.directory, "root"), JSON.stringify(spec)],
  });
  assertEquals([starter.code, new TextDecoder().decode(starter.stderr)], [0, ""]);
  assertEquals((await statusOf(bench.runtime, spec.name)).state, "running");
  await bench.runtime.stop(spec.name, { graceMs: 20_000 });
  const { exit } = await statusOf(bench.runtime, spec.name);
  assert(exit !== null && exit.reason !== "unknown", "the supervisor saw the end");
});

Deno.test("ProcessRuntime: what a command leaves behind ends with it", async () => {
  await using bench = await newProcessBench();
  const name = await startedCommand(bench, ["sh", "-c", "sleep 1000 & echo $!; exit 3"]);
  assertEquals((await bench.runtime.wait(name, { signal: safety() })).code, 3);
  const pid = Number((await readOutputText(bench.runtime, name)).stdout);
  assert(pid > 1);
  assertEquals(await bench.host.processes.identify(pid), null);
});

Deno.test("ProcessRuntime: without its supervisor a command still runs and can be stopped, its end is unknown", async () => {
  await using bench = await newProcessBench();
  const name = await started(bench, { durationMs: LONG_MS });
  const { supervisor } = await runOf(bench, name);
  bench.host.processes.kill(supervisor.pid, "SIGKILL");
  assertEquals((await statusOf(bench.runtime, name)).state, "running");
  await bench.runtime.stop(name, { graceMs: 20_000 });
  const { state, exit } = await statusOf(bench.runtime, name);
  assertEquals([state, exit], ["exited", { code: null, reason: "unknown", finishedAtMicros: null }]);
});

Deno.test("ProcessRuntime: a command has a session of its own", async () => {
  await using bench = await newProcessBench();
  const name = await startedCommand(bench, ["sh", "-c", "cut -d ' ' -f 6 /proc/$$/stat; sleep 1000 & wait"]);
  assert(await untilOutput(bench.runtime, name, "\n"));
  const { child } = await runOf(bench, name);
  const session = await readSoFar(bench, name);
  assertEquals(Number(session), child.pid);
});

async function readSoFar(bench: ProcessBench, name: string): Promise<string> {
  const chunks = await Array.fromAsync(bench.runtime.logs(name));
  return chunks.map(({ data }) => new TextDecoder().decode(data)).join("");
}

Deno.test("ProcessRuntime: a command does not get carrel's own environment", async () => {
  await using bench = await newProcessBench(["env", "LEAK=1", ...SUPERVISOR_ARGV]);
  const name = await startedCommand(bench, ["env"], { env: { GIVEN: "yes" } });
  const { stdout } = await readOutputText(bench.runtime, name);
  const names = stdout.trimEnd().split("\n").map((line) => line.replace(/=.*/s, ""));
  const wanted = ["GIVEN", "CARREL_WORKSPACE", "CARREL_AGENT_CONFIG"];
  const allowed = [...wanted, "PATH", "HOME", "USER", "LANG", "TERM", "TMPDIR", "SHELL"];
  assertEquals(names.filter((found) => !allowed.includes(found)), []);
  assertEquals(wanted.filter((found) => !names.includes(found)), []);
});

Deno.test("ProcessRuntime: login runs in the workspace with the container's environment, values not on its argv", async () => {
  await using bench = await newProcessBench();
  const secret = "it's a\nsecret $HOME";
  const name = await started(bench, { durationMs: LONG_MS }, { env: { TOKEN: secret } });
  await bench.writeWorkspace("marker", "here");
  const argv = await bench.runtime.loginArgv(name, ["sh", "-c", 'cat marker; printf %s "$TOKEN"; exit 5']);
  const result = await bench.host.processes.run({ argv });
  assertEquals([result.code, new TextDecoder().decode(result.stdout)], [5, `here${secret}`]);
  assert(!argv.some((word) => word.includes("secret")));
});

Deno.test("ProcessRuntime: exec ends with its time limit, its signal, or its listener", async () => {
  await using bench = await newProcessBench();
  const name = await started(bench, { durationMs: LONG_MS });
  const forever = ["sh", "-c", "echo x; exec sleep 1000"] as const;
  const limited = { timeoutMs: 50, onOutput: () => {} };
  await assertCode("runtime_timeout", () => bench.runtime.exec(name, forever, limited));
  const reason = new Error("enough");
  const controller = new AbortController();
  const aborted = bench.runtime.exec(name, forever, {
    signal: controller.signal,
    onOutput: () => controller.abort(reason),
  });
  assertEquals(await assertRejects(() => aborted, Error), reason);
  const deaf = bench.runtime.exec(name, forever, { onOutput: () => Promise.reject(reason) });
  assertEquals(await assertRejects(() => deaf, Error), reason);
});

Deno.test("ProcessRuntime: a log that cannot be written does not stop the command", async () => {
  await using bench = await newProcessBench();
  const spec = bench.newSpec({
    command: ["sh", "-c", "head -c 1000000 /dev/zero; exit 4"],
    logPath: join(bench.directory, "no-such-directory", "a.log"),
  });
  await bench.runtime.create(spec);
  await bench.runtime.start(spec.name);
  assertEquals((await bench.runtime.wait(spec.name, { signal: safety() })).code, 4);
});

Deno.test("ProcessRuntime: a supervisor that cannot work is start_failed with 125", async () => {
  await using bench = await newProcessBench(["false"]);
  const spec = bench.newSpec();
  await bench.runtime.create(spec);
  const error = await assertRejects(() => bench.runtime.start(spec.name), AppError);
  assertEquals([error.code, error.exit], ["start_failed", 125]);
});

Deno.test("ProcessRuntime: what the system refuses is start_failed with 125 and names the command", async () => {
  await using bench = await newProcessBench();
  await bench.writeWorkspace("tool", "#!/no/such\n");
  await Deno.chmod(join(bench.directory, "workspace", "tool"), 0o755);
  for (const [program, words] of [["./tool", /\/no\/such/], ["true", /too long/]] as const) {
    const spec = bench.newSpec({ command: [program, "x".repeat(program === "true" ? 1 << 18 : 1)] });
    await bench.runtime.create(spec);
    const error = await assertRejects(() => bench.runtime.start(spec.name), AppError);
    assertEquals([error.code, error.exit], ["start_failed", 125]);
    assertMatch(error.message, new RegExp(`cannot run ${program}: .*${words.source}`));
    assertEquals((await statusOf(bench.runtime, spec.name)).state, "created");
  }
});

Deno.test("ProcessRuntime: removal leaves nothing of the container", async () => {
  await using bench = await newProcessBench();
  const name = await started(bench, { durationMs: LONG_MS });
  const { child, supervisor } = await runOf(bench, name);
  await bench.runtime.remove([name]);
  assertEquals(await bench.host.processes.identify(child.pid), null);
  assertEquals(await bench.host.files.info(join(bench.directory, "root", "process", name)), null);
  assert(supervisor.pid !== child.pid);
});

Deno.test("processPlugin works here and says that it is no sandbox", async () => {
  await using bench = await newProcessBench();
  const context = { host: bench.host, root: "/", stateDir: "/", setting: () => undefined };
  assertEquals(await processPlugin.probe(context), {
    works: true,
    version: null,
    detail: "no sandbox: runs as this user",
  });
});
