/**
 * What an agent leaves to be read, as large, deep, growing and ugly as it can be: little memory, a clean terminal.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type CarrelProgram, newCarrelProgram } from "../support/carrel_program.ts";

const GIGABYTE = 1024 ** 3;
/** What reading may take beside what the program takes anyway; a gigabyte would be seen, and so would a bomb. */
const MEMORY_MAX_BYTES = 96 * 1024 ** 2;
const TIME_MAX_MS = 60_000;
const POLL_MS = 3;
// deno-lint-ignore no-control-regex
const RAW_CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

const AGENT_FILES = [
  "work-status.yml",
  "escalation.yml",
  "pending-phase.yml",
  ".base",
  "prompt.txt",
  "decision.yml",
];

const laughs = Array.from(
  { length: 30 },
  (_, at) => `a${at + 1}: &a${at + 1} [${Array.from({ length: 9 }, () => `*a${at}`).join(", ")}]`,
);
/** Ways to fill a file; each is given the path. */
const HEAVY: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "a gigabyte": async (path) => {
    await Deno.writeTextFile(path, "status: coding\nreason: x\n");
    await Deno.truncate(path, GIGABYTE);
  },
  "a bomb of aliases": (path) =>
    Deno.writeTextFile(path, `a0: &a0 lol\n${laughs.join("\n")}\nstatus: *a30\nreason: *a30\n`),
  "merge keys": (path) =>
    Deno.writeTextFile(
      path,
      `x: &x {a: 1}\nstatus: {<<: [${Array.from({ length: 5000 }, () => "*x").join(", ")}]}\n`,
    ),
  "deep lists": (path) => Deno.writeTextFile(path, "[".repeat(60_000)),
  "deep maps": (path) => Deno.writeTextFile(path, `reason: ${"{a: ".repeat(12_000)}`),
  "deep blocks": (path) => Deno.writeTextFile(path, "- ".repeat(30_000) + "x\n"),
  "one long line": (path) => Deno.writeTextFile(path, `status: ${"x".repeat(65_000)}\n`),
  "controls": (path) =>
    Deno.writeTextFile(
      path,
      `status: "\\e]0;title\\a\\e[2Jcoding"\nmessage: "a\\e[31m\\u202eb\\r\\x9bc\\x08"\nreason: "\\e[5mx\\u2066"\nimpact: "\\e[2J"\n`,
    ),
  "raw controls": (path) => Deno.writeTextFile(path, "status: \x1b[31mred\x9b\nreason: \x1b[2J\n"),
};

const LINES = [
  "task list",
  "task list --json",
  "task status {task} -v",
  "task status {task} --json",
  "escalation list",
  "escalation show {task}",
  "escalation show {task} --json",
  "task wait {task} --for needs-human --timeout 0",
  "task followup {task} more --detach",
  "storage usage",
];

Deno.test({
  name: "whatever an agent leaves to be read takes little memory and little time, and steers no terminal",
  ignore: !Deno.env.get("CARREL_BIN"),
  fn: leaveHeavyFiles,
});

async function leaveHeavyFiles(): Promise<void> {
  await using carrel = await newCarrelProgram();
  const config = join(carrel.place, "config/projects/demo");
  await Deno.mkdir(config, { recursive: true });
  await Deno.writeTextFile(join(config, "project.yml"), "run: {runtime: fake}\n");
  const task = (await carrel.run(["-q", "task", "run", "demo", "--prompt", "go", "--detach", "--", "work"]))
    .stdout.trim();
  const agentDir = join(carrel.place, "root/sandbox-live/tasks", task, "agent-config");
  const usual = Math.max(
    ...await Promise.all(
      LINES.slice(0, 4).map(async (line) => (await measure(carrel, line, task)).peakBytes),
    ),
  );
  assert(usual > 0);
  for (const [kind, fill] of Object.entries(HEAVY)) {
    for (const name of AGENT_FILES) {
      await Deno.remove(join(agentDir, name)).catch(() => {});
      await fill(join(agentDir, name));
    }
    for (const line of LINES) {
      const { code, output, peakBytes, ms } = await measure(carrel, line, task);
      const where = `${line}, ${kind}: exit ${code}, ${peakBytes} bytes, ${Math.round(ms)} ms\n${
        output.slice(0, 500)
      }`;
      assert(code !== 70 && code < 126, where);
      assert(!RAW_CONTROL.test(output), where);
      assert(peakBytes < usual + MEMORY_MAX_BYTES, `${where}; usually ${usual}`);
      assert(ms < TIME_MAX_MS, where);
    }
  }
  const deleted = await carrel.run(["task", "delete", task]);
  assertEquals(deleted.code, 0, deleted.stderr);
}

/** Runs a line; its peak of memory is looked at until its end. */
async function measure(carrel: CarrelProgram, line: string, task: string) {
  const begun = performance.now();
  const child = carrel.spawn(line.replace("{task}", task).split(" "));
  let peakBytes = 0;
  const timer = setInterval(() => peakBytes = Math.max(peakBytes, peakOf(child.pid)), POLL_MS);
  const { code, stdout, stderr } = await child.output();
  clearInterval(timer);
  const decoder = new TextDecoder();
  return {
    code,
    output: decoder.decode(stdout) + decoder.decode(stderr),
    peakBytes,
    ms: performance.now() - begun,
  };
}

function peakOf(pid: number): number {
  try {
    const [, kib = "0"] = /^VmHWM:\s*(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`)) ?? [];
    return Number(kib) * 1024;
  } catch {
    // It has ended.
    return 0;
  }
}
