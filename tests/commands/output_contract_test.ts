/**
 * What every command's output has in common, whatever it says.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import type { Command } from "../../core/cli/define_command.ts";
import type { App } from "../../core/commands/app.ts";
import { COMMANDS } from "../../core/commands/mod.ts";
import type { CallOptions, Ran } from "../support/program.ts";
import { BAD_WORDS } from "./bad_words.ts";
import { type Item, parseLines } from "./output.ts";
import { changes, newScene, type Scene } from "./scene.ts";
import { SPOILT_LINES } from "./spoilt_lines.ts";

const ESCAPE = "\x1b";
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const ADDRESSES = /^([a-z0-9_-]+(\/[a-z0-9_-]+)?\n)*$/i;

/** Commands whose lines change nothing, because what they ask for is so already. */
const UNCHANGING = [
  "task stop demo/{done}",
  "saga compensate {op}",
  "retry reset demo/{done}",
  "doctor --fix",
  "storage prune",
  "state prune --older-than 90d",
];

/** Lines of changing commands that only look, and so are no change. */
const LOOKING = ["doctor"];

for (const [path, load] of Object.entries(COMMANDS.commands)) {
  const command = await load();
  const lines = (SPOILT_LINES[path] ?? []).map(({ words }) => `${path} ${words}`.trim());

  for (const line of lines) {
    const mutates = command.mutates === true && !LOOKING.includes(line);

    Deno.test(`${line} --json: one document, or lines of which the last is the result`, async () => {
      const ran = await call(line, ["--json"]);
      const answer = answerOf(command, ran);
      for (const item of parseLines(ran.stderr)) {
        assertEquals(
          Object.keys(item).filter((key) => key !== "warning" && key !== "notice"),
          [],
          ran.stderr,
        );
      }
      if (mutates) assertMutation(answer, !UNCHANGING.includes(line));
    });

    Deno.test(`${line}: no terminal sequences in a pipe, with NO_COLOR, or on a dumb terminal`, async () => {
      const plain = await call(line);
      assert(!`${plain.stdout}${plain.stderr}`.includes(ESCAPE), plain.stdout);
      for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
        const ran = await call(line, [], { isTerminal: true, env });
        assert(!`${ran.stdout}${ran.stderr}`.includes(ESCAPE), ran.stdout);
      }
      assertEquals(
        (await call(line, ["--json"], { env: { FORCE_COLOR: "1" } })).stdout.includes(ESCAPE),
        false,
      );
    });

    Deno.test(`${line} --quiet: addresses alone, or all there is to say`, async () => {
      const { code, stdout, stderr } = await call(line, ["--quiet"]);
      assertEquals(code, 0);
      // Warnings are not for the one who asked for silence to miss.
      assertMatch(stderr, /^(warning: .*\n)*$/);
      if (command.mutates) assertMatch(stdout, ADDRESSES);
    });

    if (mutates) {
      Deno.test(`${line} --dry-run: says what would be done, and does nothing`, async () => {
        const scene = await newScene();
        const before = scene.program.host.files.snapshot();
        const ran = await run(scene, line, ["--dry-run", "--json"]);
        assertEquals(changes(before, scene.program.host.files.snapshot()), []);
        assertPlan(answerOf({ streams: false }, ran), !UNCHANGING.includes(line));
        const words = await run(scene, line, ["--dry-run"]);
        assertMatch(words.stdout, UNCHANGING.includes(line) ? /^nothing to do\n$/ : /^(would .+: .+\n)+$/);
        const quiet = await run(scene, line, ["--dry-run", "--quiet"]);
        assertMatch(quiet.stdout, ADDRESSES);
        assertEquals(changes(before, scene.program.host.files.snapshot()), []);
      });
    }
  }

  Deno.test(`${path}: a failure under --json is one error object, the last line of stderr`, async () => {
    const scene = await newScene();
    for (const [state, words] of BAD_WORDS[path] ?? []) {
      const { stdout, stderr } = await run(scene, `${path} ${words}`, ["--json"]);
      const said = parseLines(stderr);
      assertEquals(said.filter((item) => "error" in item), said.slice(-1), state);
      const error = said.at(-1)?.error as Item;
      assertEquals(
        Object.keys(error).slice(0, 6),
        ["code", "exit", "message", "hint", "op", "retryable"],
        state,
      );
      assert(stdout === "" || command.streams && parseLines(stdout).at(-1)?.type === "result", stdout);
    }
  });
}

Deno.test("on a terminal there is colour, and FORCE_COLOR puts it into a pipe", async () => {
  assert((await call("task list", [], { isTerminal: true })).stdout.includes(ESCAPE));
  assert((await call("task list", [], { env: { FORCE_COLOR: "1" } })).stdout.includes(ESCAPE));
  assert((await call("task status nope/q7m2x", [], { isTerminal: true })).stderr.includes(ESCAPE));
});

Deno.test("tables fit the terminal, and are never shortened in a pipe", async () => {
  const name = "a-name-that-is-much-longer-than-what-fits";
  const scene = await newScene();
  await run(scene, `task rename demo/{done} ${name}`);
  await run(scene, `task rename demo/{busy} ${name}`);
  await run(scene, "task delete demo/{done}");
  const lists = {
    "task list": 60,
    "archive list": 72,
    "project list": 40,
    "runtime list": 60,
    "storage usage": 72,
  };
  for (const [line, columns] of Object.entries(lists)) {
    const shown = await run(scene, line, [], { isTerminal: true, columns, env: { NO_COLOR: "1" } });
    for (const row of shown.stdout.trimEnd().split("\n")) assert(row.length <= columns, `${row}\n${line}`);
    const piped = await run(scene, line, [], { env: { COLUMNS: String(columns) } });
    assert(!piped.stdout.includes("…"), piped.stdout);
  }
  assert((await run(scene, "task list", [], { isTerminal: true, columns: 60 })).stdout.includes("…"));
  assert((await run(scene, "task list", [], { env: { COLUMNS: "60" } })).stdout.includes(name));
  assert(
    (await run(scene, "task list", [], { isTerminal: true, env: { COLUMNS: "200" } })).stdout.includes(name),
  );
});

Deno.test("variables stand for global flags, and flags stand above them", async () => {
  const json = await call("task list", [], { env: { CARREL_JSON: "1" } });
  assert(Array.isArray(JSON.parse(json.stdout)));
  assertEquals(
    (await call("task list", [], { env: { CARREL_QUIET: "1" } })).stdout,
    (await call("task list", ["-q"])).stdout,
  );
  const elsewhere = await call("task list", ["--root", "/elsewhere"], { env: { CARREL_ROOT: "/nowhere" } });
  assertEquals(elsewhere.stdout, "no tasks\n");
  const dry = await call("task delete demo/{done}", [], { env: { CARREL_DRY_RUN: "1", CARREL_PURGE: "1" } });
  assertMatch(dry.stdout, /^deleted task/);
});

/** A call on a machine of its own. */
async function call(line: string, flags: readonly string[] = [], options: CallOptions = {}): Promise<Ran> {
  return await run(await newScene(), line, flags, options);
}

function run(
  scene: Scene,
  line: string,
  flags: readonly string[] = [],
  options: CallOptions = {},
): Promise<Ran> {
  const argv = line.split(" ").filter((word) => word !== "");
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return scene.run([...argv.slice(0, end), ...flags, ...argv.slice(end)], options);
}

/** The one document, or the last line of a stream. */
function answerOf({ streams = false }: Pick<Command<App>, "streams">, { stdout }: Ran): unknown {
  assertMatch(stdout, /\n$/);
  const lines = stdout.trimEnd().split("\n");
  if (lines.length === 1 && !stdout.startsWith('{"type":')) return JSON.parse(stdout);
  assert(streams, `a command that does not stream printed ${stdout}`);
  const items = parseLines(stdout);
  assertEquals(items.slice(0, -1).map((item) => item.type), items.slice(1).map(() => "log"));
  assertEquals(items.at(-1)?.type, "result");
  return items.at(-1);
}

function assertMutation(answer: unknown, changed: boolean): void {
  const { op, ...said } = answer as Item;
  assertMatch(String(op), UUID_V7);
  assertEquals(said.changed, changed);
}

function assertPlan(answer: unknown, changed: boolean): void {
  const { dry_run, changed: wouldChange, plan, ...more } = answer as Item;
  assertEquals([dry_run, wouldChange, more], [true, changed, {}]);
  const steps = plan as Item[];
  if (changed) assertNotEquals(steps, []);
  for (const { action, target, ...rest } of steps) {
    assertEquals([typeof action, typeof target, rest], ["string", "string", {}]);
  }
}
