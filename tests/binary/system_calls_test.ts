/**
 * What the compiled program asks of the kernel: no network, no library but the system's, no link followed where a task
 * can write.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { whyNoStrace } from "../../scripts/why_no_strace.ts";

const BINARY = Deno.env.get("CARREL_BIN") || null;
const obstacle = BINARY === null ? "CARREL_BIN names no program" : await whyNoStrace();
const skipped = obstacle === null ? "" : ` (skipped: ${obstacle})`;

/** The C library, and what belongs to it or to the compiler. */
const SYSTEM_LIBRARY =
  /\/(lib(c|m|dl|rt|pthread|gcc_s|nss_\w+|resolv)(-[\d.]+)?\.so(\.\d+)*|ld-linux[\w.-]*\.so\.\d)$/;

interface Place extends AsyncDisposable {
  readonly root: string;
  /** Runs the program; what strace wrote. */
  trace(
    calls: string,
    line: string,
  ): Promise<{ readonly code: number; readonly output: string; readonly calls: string[] }>;
}

async function newPlace(): Promise<Place> {
  const dir = await Deno.makeTempDir({ prefix: "carrel-test-" });
  const [root, config] = [join(dir, "root"), join(dir, "config")];
  for (const runtime of ["fake", "process"]) {
    await Deno.mkdir(join(config, "projects", runtime), { recursive: true });
    await Deno.writeTextFile(
      join(config, "projects", runtime, "project.yml"),
      `run: {runtime: ${runtime}}\n`,
    );
  }
  return {
    root,
    async trace(calls, line) {
      const file = join(dir, "trace");
      const { code, stdout, stderr } = await new Deno.Command("strace", {
        // The runtime's own threads; what carrel starts is another program.
        args: [
          "-f",
          "-b",
          "execve",
          "-qq",
          "-s",
          "300",
          "-e",
          `trace=${calls}`,
          "-o",
          file,
          BINARY ?? "",
          ...line.split(" "),
        ],
        env: {
          CARREL_ROOT: root,
          CARREL_CONFIG_DIR: config,
          HOME: dir,
          PATH: "/usr/local/bin:/usr/bin:/bin",
        },
        clearEnv: true,
      }).output();
      const decoder = new TextDecoder();
      const traced = (await Deno.readTextFile(file)).split("\n").filter((each) => each !== "");
      return { code, output: decoder.decode(stdout) + decoder.decode(stderr), calls: traced };
    },
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

function test(name: string, fn: (place: Place) => Promise<void>): void {
  Deno.test({
    name: `${name}${skipped}`,
    ignore: obstacle !== null,
    fn: async () => {
      await using place = await newPlace();
      await fn(place);
    },
  });
}

test("the program opens no socket, and no library but the system's", async (place) => {
  const lines = [
    ...["version", "help", "project list", "task new fake --name one", "task run fake --detach -- work"],
    ...[
      "task run process -- true",
      "task list",
      "task list --json",
      "agent register codex",
      "lock acquire a --ttl 1h",
    ],
    ...[
      "op list",
      "audit verify",
      "storage usage",
      "storage prune",
      "doctor --fix",
      "state check",
      "runtime list",
    ],
    ...["config validate", "config schema", "archive prune fake --keep-last 1 --yes"],
  ];
  let opened = 0;
  for (const line of lines) {
    const { code, output, calls } = await place.trace("network,openat", line);
    assertEquals(code, 0, `${line}: ${output}`);
    const network = calls.filter((call) => /^\d+ +(socket|connect|bind|listen|accept4?|sendto)\(/.test(call));
    assertEquals(network.filter((call) => !isPrivate(call)), [], line);
    for (const call of calls) {
      const [, path = ""] = /openat\([^"]*"([^"]*\.so[^"]*)".*\) = \d+$/.exec(call) ?? [];
      if (path === "" || path === "/etc/ld.so.cache") continue;
      opened++;
      assert(SYSTEM_LIBRARY.test(path), `${line} opens ${path}`);
    }
  }
  assert(opened >= lines.length, `${opened} libraries: the trace tells of them`);
});

/** Two ends of one pipe within the program, or with what it starts. */
function isPrivate(call: string): boolean {
  return call.includes("socketpair(");
}

test("the program looks for a port on the loopback alone", async (place) => {
  const config = join(place.root, "../config/projects/fake/project.yml");
  await Deno.writeTextFile(
    config,
    "run: {runtime: fake, web: {command: [serve]}, fake: {duration_ms: 1000000000}}\n",
  );
  const { code, output, calls } = await place.trace("network", "task run fake --mode web --detach");
  assertEquals(code, 0, output);
  const addresses = calls.filter((call) => /\b(connect|bind)\(/.test(call));
  assert(addresses.length > 0, "a port is looked for");
  assertEquals(addresses.filter((call) => !call.includes('inet_addr("127.0.0.1")')), []);
});

test("the program follows no link where a task can write", async (place) => {
  await place.trace("openat", "task run fake --prompt go --detach -- work");
  const [task = ""] = (await place.trace("openat", "task list -q")).output.split("\n");
  const agentDir = join(place.root, "sandbox-live/tasks", task, "agent-config");
  const elsewhere = join(place.root, "../elsewhere");
  await Deno.writeTextFile(elsewhere, "status: leaked\nreason: leaked\n");
  for (const name of ["work-status.yml", "escalation.yml"]) {
    await Deno.symlink(elsewhere, join(agentDir, name));
    const { output, calls } = await place.trace("openat", `task status ${task} --json`);
    assert(!output.includes("leaked"), output);
    if (name !== "work-status.yml") continue;
    const [open = ""] = calls.filter((call) => call.includes(`agent-config/${name}"`));
    assertStringIncludes(open, "O_NOFOLLOW");
    assertStringIncludes(open, "ELOOP");
    assertEquals(calls.filter((call) => call.includes('elsewhere"')), []);
  }
});
