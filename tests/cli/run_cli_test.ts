import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runShelves } from "./shelves.ts";

/** stderr of a run under `--json`, parsed. */
function parseLines(text: string): Record<string, unknown>[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

Deno.test("runCli() prints words for people, warnings on stderr", async () => {
  assertEquals(await runShelves(["book", "add", "A1", "Emma"]), {
    exit: 0,
    stdout: "added Emma to A1\n",
    stderr: "warning: the shelf is old\nnotice: built\n  error: forged\n",
  });
});

Deno.test("runCli() --quiet prints addresses and leaves out notices", async () => {
  assertEquals(await runShelves(["-q", "book", "list"]), { exit: 0, stdout: "A1\nB12\n", stderr: "" });
  assertEquals((await runShelves(["book", "add", "A1", "-q"])).stderr, "warning: the shelf is old\n");
  assertEquals((await runShelves(["version", "-q"])).stdout, "1.2.3\n");
});

Deno.test("runCli() --json prints one document, and NDJSON on stderr", async () => {
  const { exit, stdout, stderr } = await runShelves([
    "book",
    "add",
    "A1",
    "Emma",
    "--json",
    "--tag",
    "novel",
  ]);
  assertEquals([exit, stdout.split("\n").length], [0, 2]);
  assertEquals(JSON.parse(stdout), {
    shelf: "A1",
    title: "Emma",
    copies: 1,
    tags: ["novel"],
    is_new: false,
    dry_run: false,
  });
  assertEquals(parseLines(stderr), [{ warning: "the shelf is old" }, { notice: "built\nerror: forged" }]);
});

Deno.test("runCli() streams items and then one result", async () => {
  const { exit, stdout } = await runShelves(["book", "read", "A1", "B2", "--json", "--", "low", "--loud"]);
  assertEquals(exit, 7);
  assertEquals(parseLines(stdout), [
    { type: "page", shelf: "A1" },
    { type: "page", shelf: "B2" },
    { type: "result", voice: ["low", "--loud"] },
  ]);
  // Raw output of a program is not touched.
  assertEquals((await runShelves(["book", "read", "A1"])).stdout, "\x1b[1mA1\n");
});

Deno.test("runCli() prints an expected error with cause and hint, made harmless", async () => {
  assertEquals(await runShelves(["book", "drop", "expected"]), {
    exit: 5,
    stdout: "",
    stderr: "error: the shelf is \\x1b[2Jempty\ncause: no such shelf\nhint: add a book\n",
  });
});

Deno.test("runCli() --json gives an error its documented shape", async () => {
  const { exit, stdout, stderr } = await runShelves(["book", "drop", "expected", "--json"]);
  assertEquals([exit, stdout], [5, ""]);
  assertEquals(parseLines(stderr), [{
    error: {
      code: "wrong_state",
      exit: 5,
      message: "the shelf is \x1b[2Jempty",
      hint: "add a book",
      op: null,
      retryable: false,
    },
  }]);
});

Deno.test("runCli() prints data before the error of a partial success", async () => {
  const { exit, stdout, stderr } = await runShelves(["book", "drop", "half", "--json"]);
  assertEquals([exit, JSON.parse(stdout)], [11, { dropped: 1 }]);
  assertEquals(parseLines(stderr), [{
    error: {
      code: "partial",
      exit: 11,
      message: "one of two fell",
      hint: null,
      op: "op-1",
      retryable: false,
      details: { fallen: ["A1"] },
    },
  }]);
  assertEquals((await runShelves(["book", "drop", "half-exit"])).exit, 125);
});

Deno.test("runCli() honours --json for a malformed command line", async () => {
  const cases: [string[], Record<string, string>, string][] = [
    [["book", "add", "--json", "--copis", "1"], {}, "did you mean --copies"],
    [["book", "add", "--bogus"], { CARREL_JSON: "1" }, "shelves book add --help"],
    [["book", "ad", "--json"], {}, "did you mean shelves book add"],
    [["--json"], {}, "shelves --help"],
  ];
  for (const [argv, env, hint] of cases) {
    const { exit, stdout, stderr } = await runShelves(argv, { env });
    const [line] = parseLines(stderr);
    assertEquals([exit, stdout, parseLines(stderr).length], [2, "", 1]);
    const error = line?.error as Record<string, unknown>;
    assertEquals([error.code, error.hint], ["usage", hint]);
  }
});

Deno.test("runCli() adds one line of usage to a usage error", async () => {
  const cases: [string[], string][] = [
    [
      ["book", "add"],
      "error: missing SHELF\nusage: shelves book add [FLAGS] SHELF [TITLE]\nhint: shelves book add --help\n",
    ],
    [
      ["book", "read", "A1", "--speed=2", "--", "x"],
      "error: unknown flag --speed\nusage: shelves book read [FLAGS] SHELF... [-- VOICE...]\nhint: shelves book read --help\n",
    ],
    [
      ["book"],
      "error: shelves book needs a command: list, add, read, drop\nusage: shelves book COMMAND [FLAGS] ...\nhint: shelves book --help\n",
    ],
    [
      [],
      "error: shelves needs a command: book, version\nusage: shelves COMMAND [FLAGS] ...\nhint: shelves --help\n",
    ],
    [
      ["bok", "list"],
      'error: shelves has no command "bok"\nusage: shelves COMMAND [FLAGS] ...\nhint: did you mean shelves book\nhint: shelves --help\n',
    ],
    [
      ["book", "--version"],
      "error: unknown flag --version\nusage: shelves book COMMAND [FLAGS] ...\nhint: shelves book --help\n",
    ],
    [["book", "add", "a1"], 'error: "a1" is no shelf\nhint: like A1\n'],
  ];
  for (const [argv, stderr] of cases) {
    assertEquals(await runShelves(argv), { exit: 2, stdout: "", stderr }, argv.join(" "));
  }
});

Deno.test("runCli() opens the app only for a sound command line, and closes it", async () => {
  const events: string[] = [];
  const options = {
    onOpen: () => void events.push("open"),
    onClose: () => Promise.resolve(void events.push("close")),
  };
  for (const argv of [["book", "add", "--bogus"], ["book"], ["book", "add", "--help"], ["--help"]]) {
    await runShelves(argv, options);
  }
  assertEquals(events, []);
  await runShelves(["book", "list"], options);
  await runShelves(["book", "drop", "expected"], options);
  assertEquals(events, ["open", "close", "open", "close"]);
});

Deno.test("runCli() reports the first failure when closing fails too", async () => {
  const onClose = () => Promise.reject(new TypeError("stuck"));
  assertEquals((await runShelves(["book", "drop", "expected"], { onClose })).exit, 5);
  const { exit, stdout, stderr } = await runShelves(["book", "list"], { onClose });
  assertEquals([exit, stdout], [70, ""]);
  assertStringIncludes(stderr, "this is a bug: stuck");
});

Deno.test("runCli() calls a broken invariant and an unknown exception a bug, with its stack", async () => {
  for (
    const [how, message] of [["bug", "invariant broken: books have pages"], [
      "unknown",
      "not a book",
    ]] as const
  ) {
    const { exit, stdout, stderr } = await runShelves(["book", "drop", how]);
    assertEquals([exit, stdout], [70, ""]);
    assertStringIncludes(stderr, `error: this is a bug: ${message}\nstack: `);
    assertMatch(stderr, /\n {6}at .*shelves\.ts:\d+/);
    assertStringIncludes(stderr, "\nhint: please report it");

    const json = await runShelves(["book", "drop", how, "--json"]);
    const error = parseLines(json.stderr)[0]?.error as Record<string, unknown>;
    assertEquals([json.exit, error.code, error.exit, error.retryable], [70, "bug", 70, false]);
    assertStringIncludes(String((error.details as Record<string, unknown>).stack), "shelves.ts");
  }
});

Deno.test("runCli() takes a reader who leaves early for success, but keeps the command's status", async () => {
  const closed = { stdoutIsClosed: true };
  assertEquals(await runShelves(["book", "list"], closed), { exit: 0, stdout: "", stderr: "" });
  assertEquals(await runShelves(["book", "read", "A1"], closed), { exit: 0, stdout: "", stderr: "" });
  assertEquals(await runShelves(["book", "--help"], closed), { exit: 0, stdout: "", stderr: "" });
  assertEquals(await runShelves(["book", "drop", "pipe"]), { exit: 0, stdout: "", stderr: "" });
  assertEquals(await runShelves(["book", "drop", "half"], closed), {
    exit: 11,
    stdout: "",
    stderr: "error: one of two fell\n",
  });
});

Deno.test("runCli() asks on a terminal, and fails where nobody can be asked", async () => {
  const ask = ["book", "drop", "ask"];
  assertEquals(await runShelves(ask, { isTerminal: true, stdin: "y\n" }), {
    exit: 0,
    stdout: "dropped 2\n",
    stderr: "drop all books [y/N] ",
  });
  for (const stdin of ["\n", "no\n", "yesterday\n", ""]) {
    assertEquals((await runShelves(ask, { isTerminal: true, stdin })).stdout, "dropped 0\n");
  }
  const cases: [string[], boolean][] = [[[], false], [["--no-input"], true], [["--json"], true]];
  for (const [flags, isTerminal] of cases) {
    const { exit, stderr } = await runShelves([...ask, ...flags], { isTerminal, stdin: "y\n" });
    assertEquals(exit, 2);
    assertStringIncludes(stderr, "give --yes to answer yes");
  }
});

Deno.test("runCli() shortens a table on a terminal only", async () => {
  const narrow = await runShelves(["book", "list"], { isTerminal: true, columns: 30 });
  assertEquals(narrow.stdout.includes("…"), true);
  assertEquals((await runShelves(["book", "list"], { env: { COLUMNS: "30" } })).stdout.includes("…"), false);
});

Deno.test("runCli() colours a terminal unless it is asked not to", async () => {
  const added = ["book", "add", "A1", "Emma"];
  assertStringIncludes((await runShelves(added, { isTerminal: true })).stdout, "\x1b[32madded\x1b[39m");
  assertStringIncludes(
    (await runShelves(added, { env: { FORCE_COLOR: "1" } })).stderr,
    "\x1b[33mwarning:\x1b[39m",
  );
  assert(!(await runShelves(added, { isTerminal: true, env: { NO_COLOR: "1" } })).stdout.includes("\x1b"));
  const json = await runShelves([...added, "--json"], { isTerminal: true, env: { FORCE_COLOR: "1" } });
  assert(!(json.stdout + json.stderr).includes("\x1b"));
});

Deno.test("runCli() --version runs the version command", async () => {
  assertEquals((await runShelves(["--version"])).stdout, "1.2.3\n");
  assertEquals((await runShelves(["--version", "--json"])).stdout, '{"version":"1.2.3"}\n');
});
