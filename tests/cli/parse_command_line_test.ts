import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Globals } from "../../core/cli/global_flags.ts";
import { parseCommandLine, type ParsedInput, wantsJson } from "../../core/cli/parse_command_line.ts";
import { AppError } from "../../core/error.ts";
import { addBook, readBook } from "./shelves.ts";
import type { Command } from "../../core/cli/define_command.ts";
import type { Shelves } from "./shelves.ts";

type Variables = Readonly<Record<string, string>>;

async function parse(
  command: Command<Shelves>,
  argv: readonly string[],
  env: Variables = {},
): Promise<{ globals: Globals; input: ParsedInput }> {
  const line = await parseCommandLine(command, argv, { get: (name) => env[name] });
  assert(!line.help, "help was asked for");
  return line;
}

async function flagsOf(argv: readonly string[], env: Variables = {}): Promise<unknown> {
  return (await parse(addBook, ["A1", ...argv], env)).input.flags;
}

const NO_FLAGS = { copies: 1, binding: undefined, tag: [], isNew: false };

Deno.test("parseCommandLine() gives all words of a value in several words, and needs one", async () => {
  const grammar = { positionals: [{ name: "at", summary: "", arity: "words" }], flags: {} } as const;
  const read = async (...argv: string[]) => {
    const line = await parseCommandLine(grammar, argv, { get: () => undefined });
    return line.help ? null : line.input.args;
  };
  assertEquals([await read("a"), await read("a", "b")], [{ at: ["a"] }, { at: ["a", "b"] }]);
  assertEquals((await assertRejects(() => read(), AppError)).code, "usage");
});

Deno.test("parseCommandLine() reads flags", async () => {
  const cases: [string[], Record<string, unknown>][] = [
    [[], {}],
    [["--copies", "3"], { copies: 3 }],
    [["--copies=3"], { copies: 3 }],
    [["-n", "3"], { copies: 3 }],
    [["-n3"], { copies: 3 }],
    [["--copies=1", "--copies=2"], { copies: 2 }],
    [["--copies=-2"], { copies: -2 }],
    [["--tag", "a", "--tag=b", "--tag", ""], { tag: ["a", "b", ""] }],
    [["--tag", "-"], { tag: ["-"] }],
    [["--tag=--is-new"], { tag: ["--is-new"] }],
    [["--is-new"], { isNew: true }],
    [["--binding", "cloth"], { binding: "cloth" }],
  ];
  for (const [argv, changed] of cases) {
    assertEquals(await flagsOf(argv), { ...NO_FLAGS, ...changed }, argv.join(" "));
  }
});

Deno.test("parseCommandLine() refuses what the grammar does not know", async () => {
  const cases: [string[], string, string | null][] = [
    [["A1", "--copis=3"], "unknown flag --copis", "did you mean --copies"],
    [["A1", "--dryrun"], "unknown flag --dryrun", "did you mean --dry-run"],
    [["A1", "--zebra-crossing"], "unknown flag --zebra-crossing", null],
    [["A1", "-x"], "unknown flag -x", null],
    [["A1", "-q-"], "unknown flag --", null],
    [["A1", "--copies"], "--copies needs a value: N", null],
    [
      ["A1", "--tag", "--is-new"],
      "--tag needs a value, but --is-new looks like a flag",
      "write --tag=--is-new if it is the value",
    ],
    [["A1", "-n", "-5"], "-n needs a value, but -5 looks like a flag", "write -n-5 if it is the value"],
    [
      ["A1", "--tag", "--", "x"],
      "--tag needs a value, but -- looks like a flag",
      "write --tag=-- if it is the value",
    ],
    [["A1", "--is-new=1"], "--is-new takes no value", null],
    [[], "missing SHELF", null],
    [["A1", "Emma", "Persuasion"], 'unexpected argument "Persuasion"', null],
  ];
  for (const [argv, message, hint] of cases) {
    const error = await assertRejects(() => parse(addBook, argv), AppError);
    assertEquals([error.code, error.message, error.hint], ["usage", message, hint]);
  }
});

Deno.test("parseCommandLine() names the flag of a malformed value and keeps the error's code", async () => {
  const cases: [string[], string, string | null][] = [
    [["A1", "--binding=glue"], '--binding: "glue" is not known', "one of cloth, paper"],
    [
      ["A1", "--lock-timeout=soon"],
      '--lock-timeout: "soon" is not a duration',
      "write a number of seconds, or numbers with units such as 90s, 30m, 1h30m, 1d",
    ],
    [["A1", "--root="], "--root: expected a directory, got an empty text", null],
    [["a1"], '"a1" is no shelf', "like A1"],
  ];
  for (const [argv, message, hint] of cases) {
    const error = await assertRejects(() => parse(addBook, argv), AppError);
    assertEquals([error.code, error.message, error.hint], ["invalid_value", message, hint]);
  }
});

Deno.test("parseCommandLine() reads positionals by arity", async () => {
  assertEquals((await parse(addBook, ["A1"])).input.args, { shelf: "A1", title: undefined });
  assertEquals((await parse(addBook, ["A1", "-"])).input.args, { shelf: "A1", title: "-" });
  assertEquals((await parse(addBook, ["A1", "--", "--title"])).input.args, { shelf: "A1", title: "--title" });
  assertEquals((await parse(readBook, ["A1", "B2"])).input.args, { shelf: ["A1", "B2"] });
  await assertRejects(() => parse(readBook, ["--", "A1"]), AppError, "missing SHELF");
});

Deno.test("parseCommandLine() keeps what follows -- verbatim", async () => {
  const { input } = await parse(readBook, ["A1", "--", "-q", "--", "--json", "", "-"]);
  assertEquals(input, {
    args: { shelf: ["A1"] },
    flags: {},
    rest: ["-q", "--", "--json", "", "-"],
    dryRun: false,
    idempotencyKey: null,
  });
});

Deno.test("parseCommandLine() gives --dry-run to commands that mutate only", async () => {
  assertEquals((await parse(addBook, ["A1", "--dry-run"])).input.dryRun, true);
  assertEquals((await parse(addBook, ["A1"])).input.dryRun, false);
  await assertRejects(() => parse(readBook, ["A1", "--dry-run"]), AppError, "unknown flag --dry-run");
});

Deno.test("parseCommandLine() takes flags before environment before defaults", async () => {
  const cases: [string[], Variables, Partial<Globals>][] = [
    [[], {}, {}],
    [[], { CARREL_LOCK_TIMEOUT: "1m" }, { lockTimeoutMs: 60_000 }],
    [["--lock-timeout=2"], { CARREL_LOCK_TIMEOUT: "1m" }, { lockTimeoutMs: 2000 }],
    [["--lock-timeout=2"], { CARREL_LOCK_TIMEOUT: "soon" }, { lockTimeoutMs: 2000 }],
    [["--lock-timeout=0"], {}, { lockTimeoutMs: 0 }],
    [["--root", "here", "--config-dir", "there"], {}, { root: "here", configDir: "there" }],
    // These two are the configuration's to read: it keeps where a value came from.
    [[], { CARREL_ROOT: "/r", CARREL_CONFIG_DIR: "/c" }, {}],
    [[], { CARREL_JSON: "1", CARREL_QUIET: "yes", CARREL_NO_INPUT: "TRUE" }, {
      json: true,
      quiet: true,
      noInput: true,
    }],
    [[], { CARREL_JSON: "0", CARREL_QUIET: "off", CARREL_NO_INPUT: "" }, {}],
    [["-q", "--json", "--no-input"], { CARREL_QUIET: "0" }, { json: true, quiet: true, noInput: true }],
  ];
  const none = {
    json: false,
    quiet: false,
    noInput: false,
    lockTimeoutMs: 10_000,
    root: null,
    configDir: null,
  };
  for (const [argv, env, changed] of cases) {
    const { globals } = await parse(addBook, ["A1", ...argv], env);
    assertEquals(globals, { ...none, ...changed }, JSON.stringify([argv, env]));
  }
  assertEquals(await flagsOf([], { SHELVES_BINDING: "paper" }), { ...NO_FLAGS, binding: "paper" });
});

Deno.test("parseCommandLine() names the variable of a malformed value", async () => {
  const cases: [Variables, string][] = [
    [{ CARREL_LOCK_TIMEOUT: "soon" }, 'CARREL_LOCK_TIMEOUT: "soon" is not a duration'],
    [{ CARREL_QUIET: "maybe" }, 'CARREL_QUIET: "maybe" is neither yes nor no'],
    [{ SHELVES_BINDING: "glue" }, 'SHELVES_BINDING: "glue" is not known'],
  ];
  for (const [env, message] of cases) {
    const error = await assertRejects(() => parse(addBook, ["A1"], env), AppError);
    assertEquals([error.exit, error.message], [2, message]);
  }
});

Deno.test("parseCommandLine() asks for nothing else when help is wanted", async () => {
  for (const argv of [["--help"], ["-h"], ["-qh"], ["a1", "--help"]]) {
    const line = await parseCommandLine(addBook, argv, { get: () => "malformed" });
    assertEquals(line, { help: true });
  }
});

Deno.test("wantsJson() looks before -- and at the environment", () => {
  const cases: [string[], string | undefined, boolean][] = [
    [["x", "--json"], undefined, true],
    [["--bogus", "--json", "--"], undefined, true],
    [["x", "--", "--json"], undefined, false],
    [[], "1", true],
    [[], "no", false],
    [[], "", false],
    [[], "malformed", true],
  ];
  for (const [argv, value, expected] of cases) {
    assertEquals(wantsJson(argv, { get: (name) => name === "CARREL_JSON" ? value : undefined }), expected);
  }
});
