/**
 * Every command with every kind of bad input: the right exit status, one clear error with a hint, nothing lost.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Command } from "../../core/cli/define_command.ts";
import type { App } from "../../core/commands/app.ts";
import { COMMANDS } from "../../core/commands/mod.ts";
import { ERROR_CODES } from "../../core/error.ts";
import { invariant } from "../../core/invariant.ts";
import type { Ran } from "../support/program.ts";
import { BAD_WORDS } from "./bad_words.ts";
import type { Failure } from "./failures.ts";
import { errorOf, parseLines, wordsOf } from "./output.ts";
import { changes, newScene, type Scene, SPOILS, type View } from "./scene.ts";
import { ON_DISK_ONLY, type SpoilName, SPOILT_LINES } from "./spoilt_lines.ts";

/** No call may take longer, whatever hangs: the longest, making a container, has 120 s. */
const TIME_MAX_MS = 130_000;

const SPOIL_NAMES = Object.keys(SPOILS) as SpoilName[];

for (const [path, load] of Object.entries(COMMANDS.commands)) {
  const command = await load();
  const words = BAD_WORDS[path] ?? [];
  const lines = SPOILT_LINES[path] ?? [];

  Deno.test(`${path}: has rows for bad input`, () => {
    const hasLines = lines.length > 0 || Object.hasOwn(ON_DISK_ONLY, path);
    assert(words.length > 0 && hasLines, `add ${path} to bad_words.ts and spoilt_lines.ts`);
  });

  Deno.test(`${path}: words that it cannot use are one error with a hint, and change nothing`, async () => {
    const scene = await newScene();
    const before = scene.records();
    for (const [state, text, ...failure] of [...words, ...globalRows(lines[0]?.words ?? "")]) {
      await checkFailure(scene, command, [path, text], failure, state);
      assertEquals(changes(before, scene.records()), [], state);
    }
  });

  for (const { words: text, failures, changed = [] } of lines) {
    Deno.test(`${path} ${text}: on each spoilt machine it works, or is one error with a hint`, async () => {
      for (const spoil of SPOIL_NAMES) {
        const failure = failures[spoil];
        if (failure === undefined) await checkSuccess(spoil, command, [path, text]);
        else {
          const scene = await newScene();
          const view = await spoilScene(scene, spoil);
          const before = scene.records();
          const mayChange = changed.includes(spoil);
          await checkFailure(scene, command, [path, text], failure, spoil, view);
          if (!mayChange) assertEquals(changes(before, scene.records()), [], spoil);
        }
      }
    });
  }
}

Deno.test("an address with nothing in it is one error with a hint", async () => {
  const scene = await newScene();
  for (const words of [[""], ["demo/"], ["/"], ["demo", ""], ["", "x"]]) {
    const ran = await scene.run(["task", "status", ...words, "--json"]);
    assertEquals(ran.code, 2, JSON.stringify(ran));
    assertHint(errorOf(ran)?.hint, JSON.stringify(ran));
  }
});

Deno.test("the rows are for commands that there are", () => {
  const named = [...Object.keys(BAD_WORDS), ...Object.keys(SPOILT_LINES)];
  assertEquals(named.filter((path) => !Object.hasOwn(COMMANDS.commands, path)), []);
});

/** Rows that every command has: flags that it does not know, or that are malformed. */
function globalRows(words: string): readonly (readonly [string, string, ...Failure])[] {
  const [own = "", ...rest] = words.split(" -- ");
  const after = rest.length === 0 ? "" : ` -- ${rest.join(" -- ")}`;
  return [
    ["unknown flag", `${own} --bogus${after}`, 2, "usage"],
    ["unknown short flag", `${own} -Z${after}`, 2, "usage"],
    ["value for a flag that takes none", `${own} --json=yes${after}`, 2, "usage"],
    ["malformed global flag", `${own} --lock-timeout soon${after}`, 2, "invalid_value"],
    ["empty directory", `${own} --root=${after}`, 2, "invalid_value"],
  ];
}

/** A call fails as foretold, in words, as JSON, and already in a dry run, unless that asks nobody. */
async function checkFailure(
  scene: Scene,
  { mutates = false }: Command<App>,
  words: readonly string[],
  [exit, code]: Failure,
  state: string,
  view?: View,
): Promise<void> {
  const run = (...flags: string[]) => runWords(scene, words, flags, view);
  const where = (ran: Ran) => `${words.join(" ")} (${state})\n${JSON.stringify(ran, null, 1)}`;

  if (mutates) {
    const dry = await run("--dry-run", "--json");
    const isForetold = exit <= 5 || exit === 12 || exit === 13;
    if (code === "input_required") assertEquals([dry.code, errorOf(dry)], [0, null], where(dry));
    else if (isForetold) assertEquals([dry.code, errorOf(dry)?.code], [exit, code], where(dry));
  }

  const told = await run("--json");
  const error = errorOf(told);
  assertEquals([told.code, error?.code], [exit, code], where(told));
  // What carrel's own table says, also where the status is that of a command that it should have run.
  assertEquals(error?.exit, ERROR_CODES[code].exit, where(told));
  assertHint(error?.hint, where(told));
  parseLines(told.stdout);

  const plain = await run();
  assertEquals(plain.code, exit, where(plain));
  if (words.join(" ").includes("--json")) return;
  const { errors, hints } = wordsOf(plain.stderr);
  assertEquals(errors.length, 1, where(plain));
  assert(hints.length > 0, where(plain));
}

/** A call works, and changes nothing unless it is there for that. */
async function checkSuccess(
  spoil: SpoilName,
  { mutates = false }: Command<App>,
  words: readonly string[],
): Promise<void> {
  for (const flags of [[], ["--json"]]) {
    const scene = await newScene();
    const view = await spoilScene(scene, spoil);
    const before = scene.records();
    const ran = await runWords(scene, words, flags, view);
    const where = `${words.join(" ")} (${spoil})\n${JSON.stringify(ran, null, 1)}`;
    assertEquals([ran.code, errorOf(ran)], [0, null], where);
    if (!mutates) assertEquals(changes(before, scene.records()), [], where);
  }
}

async function spoilScene(scene: Scene, spoil: SpoilName): Promise<View | undefined> {
  return await SPOILS[spoil](scene) ?? undefined;
}

/** Runs a command line and sees to it that it ends within a bounded time, by the machine's own clock. */
async function runWords(
  scene: Scene,
  words: readonly string[],
  flags: readonly string[],
  view: View | undefined,
): Promise<Ran> {
  const argv = words.join(" ").split(" ").filter((word) => word !== "");
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const { clock } = scene.program.host;
  const before = clock.monotonicMs();
  const ran = await scene.run(
    [...argv.slice(0, end), ...flags, ...argv.slice(end)],
    view === undefined ? {} : { host: view },
  );
  assert(clock.monotonicMs() - before < TIME_MAX_MS, words.join(" "));
  return ran;
}

/** There is a hint, and a command that it names can be typed. */
function assertHint(hint: unknown, where: string): void {
  invariant(typeof hint === "string" && hint !== "", `a hint is wanted: ${where}`);
  for (const [, words = ""] of hint.matchAll(/\bcarrel ([a-z]+(?: [a-z]+)?)/g)) {
    const [group = ""] = words.split(" ");
    const isHelp = Object.hasOwn(COMMANDS.groups, group) && hint.includes(`carrel ${group} --help`);
    const known = isHelp || [words, group].some((path) => Object.hasOwn(COMMANDS.commands, path));
    assert(known, `${words} is no command: ${where}`);
  }
  assertMatch(hint, /[^.]$/, where);
}
