/**
 * `storage usage`: what people see of the figures.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { MemoryHost } from "../../core/host/memory_host.ts";
import type { Host } from "../../core/port/host.ts";
import { newProgram, type Program, ROOT } from "../support/program.ts";

const TASKS = `${ROOT}/sandbox-live/tasks`;
const KIB = "x".repeat(1024);

/** A machine with two tasks of one project, an archive and a mount. */
function newFullProgram(): Program {
  return newProgram({
    files: {
      [`${TASKS}/demo/q7m2x/workspace-dangerous/f`]: KIB.repeat(8),
      [`${TASKS}/demo/q7m2x/agent-config/f`]: "1",
      [`${TASKS}/demo/k3v8h/workspace-dangerous/f`]: KIB.repeat(4),
      [`${TASKS}/demo/k3v8h/logs/container.log`]: KIB.repeat(16),
      [`${ROOT}/core/projects/demo/tasks/q7m2x_dossier.json`]: '{"name": "fix-login"}',
      [`${ROOT}/archive/demo/tasks/20260914T101530004211Z_g1aaa_old/f`]: KIB,
      [`${ROOT}/archive/demo/tasks/20260915T101530004211Z_g1aab/f`]: KIB,
      [`${ROOT}/sandbox-live/mounts/_claude-config/f`]: KIB.repeat(2),
    },
  });
}

/** `find` that prints this of every tree, and says that. */
function withFind({ host }: Program, ofTree: string, stderr = ""): void {
  host.processes.onCommand(({ argv }) => {
    if (argv[0] !== "find") return undefined;
    const trees = argv.filter((word) => word.includes("/./")).length;
    return { code: stderr === "" ? 0 : 1, stdout: ofTree.repeat(trees), stderr };
  });
}

Deno.test("storage usage: the largest first, with shares and totals", async () => {
  const { code, stdout, stderr } = await newFullProgram().run(["storage", "usage"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    stdout,
    [
      "KIND     NAME                  WORKSPACE  CONFIG    LOGS   TOTAL  SHARE",
      "task     demo/k3v8h                4 KiB          16 KiB  20 KiB  ██████▎",
      "task     demo/q7m2x fix-login      8 KiB     1 B           8 KiB  ██▌",
      "mount    Claude Config                                     2 KiB  ▋",
      "archive  demo: 2 deleted                                   2 KiB  ▋",
      "total                             12 KiB     1 B  16 KiB  32 KiB",
      "archives take 8 KiB of the disk, which `carrel archive prune` frees",
      "",
    ].join("\n"),
  );
});

Deno.test("storage usage --sort: tasks by a figure or by address, then the rest", async () => {
  const { run } = newFullProgram();
  const order = async (word: string) =>
    (await run(["storage", "usage", "-q", "--sort", word])).stdout.split("\n").slice(0, -1);
  const [q, k] = ["demo/q7m2x", "demo/k3v8h"];
  assertEquals(await order("total"), [k, q]);
  assertEquals(await order("workspace"), [q, k]);
  assertEquals(await order("agent-config"), [q, k]);
  assertEquals(await order("logs"), [k, q]);
  assertEquals(await order("task"), [k, q]);
  const { stdout } = await run(["storage", "usage", "--sort", "workspace"]);
  assertEquals(stdout.split("\n").slice(1, -2).map((line) => line.split(" ")[0]), [
    ...["task", "task", "mount", "archive", "total"],
  ]);
});

Deno.test("storage usage --allocated: blocks on the disk in place of sizes", async () => {
  const { run } = newFullProgram();
  const { stdout } = await run(["storage", "usage", "--allocated"]);
  assertMatch(stdout, /^KIND +NAME +WORKSPACE +CONFIG +LOGS +ON DISK +SHARE\n/);
  assertMatch(stdout, /^task +demo\/q7m2x fix-login +8 KiB +4 KiB +12 KiB +█/m);
  const data = JSON.parse((await run(["storage", "usage", "--allocated", "--json"])).stdout);
  assertEquals([data.measure, data.total_bytes, data.total_allocated_bytes], [
    "allocated",
    32 * 1024 + 1,
    44 * 1024,
  ]);
});

Deno.test("storage usage PROJECT: also of one that was deleted, or has no configuration", async () => {
  const { run, host } = newFullProgram();
  host.files.put(`${ROOT}/archive/gone/tasks/20260914T101530004211Z_g1aaa/f`, KIB);
  assertStringIncludes((await run(["storage", "usage", "demo"])).stdout, "demo/k3v8h");
  const { code, stdout } = await run(["storage", "usage", "gone"]);
  assertEquals(code, 0);
  assertMatch(stdout, /^archive +gone: 1 deleted +1 KiB +█{10}$/m);
});

Deno.test("storage usage: nothing is said to be nothing", async () => {
  assertEquals((await newProgram().run(["storage", "usage"])).stdout, "nothing takes space\n");
});

Deno.test("storage usage: what cannot be read is named, the figures stand, exit 11", async () => {
  const program = newProgram({ files: { [`${TASKS}/demo/q7m2x/workspace-dangerous/f`]: "" } });
  const lines = Array.from({ length: 12 }, (_, at) => `find: '/t/./w/${at + 10}': Permission denied\n`);
  withFind(program, "1,1024,8,\nnull,\n", lines.join(""));
  const { code, stdout, stderr } = await program.run(["storage", "usage"]);
  assertEquals(code, 11);
  assertMatch(stdout, /^total +1 KiB +1 KiB$/m);
  const said = stderr.trimEnd().split("\n");
  assertEquals(
    said.slice(0, 10),
    lines.slice(0, 10).map((_, at) => `warning: /t/w/${at + 10} is not counted: permission denied`),
  );
  assertEquals(said.slice(10), [
    "warning: 2 more paths are not counted; --json names them all",
    "error: 12 paths could not be read",
    "hint: the figures are without them; look at the owners and modes of the paths named",
  ]);
  const json = await program.run(["storage", "usage", "--json"]);
  assertEquals(JSON.parse(json.stdout).unreadable.length, 12);
  assertEquals(JSON.parse(json.stdout).unreadable[0], { path: "/t/w/10", reason: "permission denied" });
});

Deno.test("storage usage: names from elsewhere do not steer the terminal", async () => {
  const program = newProgram({ files: { [`${TASKS}/demo/q7m2x/workspace-dangerous/f`]: "" } });
  withFind(program, "null,\n", String.raw`find: '/t/./w/\033[2J\nerror: x': Permission denied` + "\n");
  const { stderr } = await program.run(["storage", "usage"], { isTerminal: true, env: { NO_COLOR: "1" } });
  assertEquals(stderr.includes("\x1b"), false);
  assertStringIncludes(stderr, String.raw`warning: /t/w/\x1b[2J` + "\n  error: x is not counted");
});

Deno.test("storage usage: a person who waits sees how far it is, nobody else does", async () => {
  const call = async (flags: readonly string[], isTerminal: boolean) => {
    const program = newFullProgram();
    withFind(program, "1,1024,8,\nnull,\n");
    // Whoever looks at the clock finds that two seconds have passed.
    const host = (machine: MemoryHost): Host => {
      let ms = 0;
      return { ...machine, clock: { ...machine.clock, monotonicMs: () => ms += 2000 } };
    };
    return (await program.run(["storage", "usage", ...flags], { isTerminal, host })).stderr;
  };
  assertMatch(await call([], true), /^(\rfiles measured: \d \(\d KiB\))+\r +\r$/);
  for (const [flags, isTerminal] of [[["--json"], true], [["-q"], true], [[], false]] as const) {
    assertEquals(await call(flags, isTerminal), "");
  }
});

Deno.test("storage usage --containers: a runtime that does not answer is named, the figures stand", async () => {
  const program = newFullProgram();
  const { code, stdout, stderr } = await program.run(["storage", "usage", "--containers"]);
  assertEquals(code, 11);
  assertStringIncludes(stdout, "demo/q7m2x fix-login");
  assertStringIncludes(stderr, "error: podman is not installed\n");
  const json = await program.run(["storage", "usage", "--containers", "--json"]);
  assertEquals(JSON.parse(json.stdout).containers, []);
});
