/**
 * While carrel works, a task puts links to a place outside wherever it can: nothing there is read, written, given away
 * or removed.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { ERROR_CODES } from "../../core/error.ts";
import { type DiskProgram, newDiskProgram } from "../support/disk_program.ts";

const SECRET = "the secret of somebody else";
const ATTACKER = fromFileUrl(new URL("./swap_links.ts", import.meta.url));
const STANDIN = fromFileUrl(new URL("../../scripts/sweep/podman_standin.sh", import.meta.url));
const EXITS: readonly number[] = [0, ...Object.values(ERROR_CODES).map(({ exit }) => exit)]
  .filter((exit) => exit !== ERROR_CODES.bug.exit);

const STARTS_MAX = 10;

/** The verbs that touch a task's directory, in an order in which most of them have something to do. */
const LINES = [
  "task status {task}",
  "task list",
  "escalation list",
  "escalation show {task}",
  "escalation resolve {task} override",
  ...Array.from({ length: 6 }, () => "task followup {task} more --detach"),
  "task logs {task}",
  "task stop {task}",
  "task start {task}",
  "task restart {task} --recreate",
  "storage usage",
  "storage prune",
  "doctor",
  "task delete {task}",
  "archive list",
  "archive restore {task}",
  "task status {task}",
  "task delete {task} --purge --yes",
];

/** Runs rounds of commands on tasks that are under attack; how many commands did what they were asked to. */
async function work(runtime: "fake" | "podman"): Promise<number> {
  const bin = Deno.makeTempDirSync({ prefix: "carrel-test-bin-" });
  Deno.copyFileSync(STANDIN, join(bin, "podman"));
  Deno.chmodSync(join(bin, "podman"), 0o755);
  Deno.mkdirSync(join(bin, "engine"));
  using program = newDiskProgram({
    PATH: `${bin}:${Deno.env.get("PATH")}`,
    PODMAN_STANDIN: join(bin, "engine"),
  });
  using _bin = { [Symbol.dispose]: () => Deno.removeSync(bin, { recursive: true }) };
  const outside = join(program.dir, "outside");
  Deno.mkdirSync(join(outside, "dir/inner"), { recursive: true });
  for (const name of ["secret", "dir/file", "dir/inner/file"]) {
    Deno.writeTextFileSync(join(outside, name), SECRET, { mode: 0o600 });
  }
  // As root, a task's own directories are given to its user.
  const user = runtime === "podman" && Deno.uid() === 0 ? ', user: "1234:1234"' : "";
  const upstream = join(program.dir, "upstream");
  Deno.mkdirSync(upstream);
  program.configure(
    "demo",
    `run: {runtime: ${runtime}, image: localhost/none${user}}\ngit: {upstream_url: ${upstream}}\n`,
  );
  const before = await describe(outside);
  const attacker = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", ATTACKER, join(program.root, "sandbox-live/tasks/demo"), outside, SECRET],
    stdout: "piped",
  }).spawn();
  const said: string[] = [];
  const { promise: isBusy, resolve: setBusy } = Promise.withResolvers<void>();
  const listening = attacker.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({
      write(text) {
        said.push(text);
        setBusy();
      },
    }),
  );
  let done = 0;
  try {
    for (let round = 0; round < 2; round++) {
      const task = await runTask(program);
      await isBusy;
      for (const line of LINES) {
        const ran = await program.run(...line.replace("{task}", task).split(" "));
        assert(EXITS.includes(ran.code), `${line}: ${ran.code} ${ran.stderr}`);
        assert(!`${ran.stdout}${ran.stderr}`.includes(SECRET), `${line} shows what is elsewhere`);
        if (ran.code === 0) done++;
      }
      assertEquals(await describe(outside), before, `round ${round}`);
    }
  } finally {
    attacker.kill("SIGKILL");
    await attacker.status;
    await listening;
  }
  assertEquals(said.join(""), "all were links\n");
  const root = await grep(SECRET, program.root);
  assertEquals(root, "", "copies of what is elsewhere");
  return done;
}

/** Makes a task and starts it; where the attacker was quicker than the start, there is another try. */
async function runTask(program: DiskProgram): Promise<string> {
  for (let tries = 0; tries < STARTS_MAX; tries++) {
    const made = await program.run(..."-q task run demo --prompt first --detach -- true".split(" "));
    assert(EXITS.includes(made.code), made.stderr);
    if (made.code === 0) return made.stdout.trim();
  }
  throw new Deno.errors.TimedOut("no task could be started");
}

/** Kind, mode, owner, size, times and content of everything below. */
async function describe(dir: string): Promise<string> {
  const script =
    `cd "$1" && find . -printf '%P %y %#m %U:%G %s %n %T@ %C@\\n' | LC_ALL=C sort && cat secret dir/file`;
  const { success, stdout } = await new Deno.Command("sh", { args: ["-c", script, "sh", dir] }).output();
  assert(success);
  return new TextDecoder().decode(stdout);
}

/** Files that hold a text; links are not followed. */
async function grep(text: string, dir: string): Promise<string> {
  const { stdout } = await new Deno.Command("grep", { args: ["-rl", text, dir], stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

for (const runtime of ["fake", "podman"] as const) {
  Deno.test(`links that a task swaps in while carrel works lead nowhere, runtime ${runtime}`, async () => {
    const done = await work(runtime);
    assert(done > LINES.length, `only ${done} commands got their work done`);
  });
}
