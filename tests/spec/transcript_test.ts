import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { dirname, fromFileUrl } from "@std/path";
import {
  type Exec,
  type ExecResult,
  matchLines,
  parseTranscript,
  replayTranscript,
  TranscriptMismatch,
} from "./transcript.ts";
import { openBinarySession, openMemorySession, testTranscripts } from "./transcript_session.ts";

const directory = dirname(fromFileUrl(import.meta.url));
testTranscripts(directory, "memory", openMemorySession);
const binary = Deno.env.get("CARREL_BIN");
if (binary !== undefined) testTranscripts(directory, "the binary", () => openBinarySession(binary));

/** Answers the n-th call with the n-th result and keeps what it was called with. */
function newScriptedStage(...results: Partial<ExecResult>[]) {
  const calls: { argv: readonly string[]; stdin: string }[] = [];
  const exec: Exec = (argv, stdin) => {
    calls.push({ argv, stdin });
    return Promise.resolve({ code: 0, stdout: "", stderr: "", ...results[calls.length - 1] });
  };
  const written: [path: string, text: string][] = [];
  const writeFile = (path: string, text: string) => Promise.resolve(void written.push([path, text]));
  return { stage: { exec, writeFile }, calls, written };
}

Deno.test("parseTranscript() tells command, stdout, stderr and status apart", () => {
  const text =
    `# about\n$ carrel task new demo\ncreated\n\nsecond\n! warning: x\n!\n? 3\n\n$ carrel version\n`;
  assertEquals(parseTranscript(text), [
    {
      line: 2,
      argv: ["task", "new", "demo"],
      stdin: "",
      stdout: ["created", "", "second"],
      stderr: ["warning: x", ""],
      code: 3,
    },
    { line: 10, argv: ["version"], stdin: "", stdout: [], stderr: [], code: 0 },
  ]);
});

Deno.test("parseTranscript() splits words as a shell does", () => {
  const cases: [string, string[], string][] = [
    [`a "b c" 'd "e'`, ["a", "b c", `d "e`], ""],
    [`--name="Fix it" -- sh -c 'echo $X'`, ["--name=Fix it", "--", "sh", "-c", "echo $X"], ""],
    [`"" ''`, ["", ""], ""],
    [`a\\ b "c\\"d\\n"`, ["a b", `c"d\n`], ""],
    [`- < "one\\ntwo\\n"`, ["-"], "one\ntwo\n"],
    [`"<" a<b`, ["<", "a<b"], ""],
  ];
  for (const [line, argv, stdin] of cases) {
    const [step] = parseTranscript(`$ carrel ${line}`);
    assert(step !== undefined && "argv" in step);
    assertEquals([step.argv, step.stdin], [argv, stdin], line);
  }
});

Deno.test("parseTranscript() takes the text of a file as it stands", () => {
  const text = "$ carrel new\ndemo/{id}\n\nfile a/{id}.yml <<\n# kept\n$ kept\n\n<<\n\n$ carrel list\n";
  assertEquals(parseTranscript(text)[1], { line: 4, path: "a/{id}.yml", text: "# kept\n$ kept\n\n" });
  assertThrows(() => parseTranscript("file a <<\ntext\n"), Error, "a ends with a line <<");
  assertThrows(() => parseTranscript("file a <<\n<<\ntext\n"), Error, "belongs to no command line");
});

Deno.test("replayTranscript() writes files on the way", async () => {
  const { stage, written } = newScriptedStage({ stdout: "demo/ab1\n" });
  await replayTranscript("$ carrel new\ndemo/{id}\nfile a/{id}.yml <<\n{id}: 1\n<<\n", stage);
  assertEquals(written, [["a/ab1.yml", "{id}: 1\n"]]);
});

Deno.test("matchLines() knows patterns", () => {
  const cases: [string[], string, boolean][] = [
    [[], "", true],
    [[], "x\n", false],
    [["x"], "x", true],
    [["x"], "x\ny\n", false],
    [["a[..]c"], "abbc\n", true],
    [["a[..]c"], "ab\nc\n", false],
    [["a", "[...]", "z"], "a\nz\n", true],
    [["a", "[...]", "z"], "a\nb\nc\nz\n", true],
    [["[...]", "z"], "a\ny\n", false],
    [["1.5 (a|b)*"], "1.5 (a|b)*\n", true],
    [["1.5"], "1x5\n", false],
    [["{id} {id}"], "ab1 ab1\n", true],
    [["{id} {id}"], "ab1 ab2\n", false],
    [[`{"id":"{id}"}`], `{"id":"ab1"}\n`, true],
    [["{id}"], "a b\n", false],
  ];
  for (const [expected, actual, matches] of cases) {
    assertEquals(matchLines(expected, actual, new Map()), matches, JSON.stringify([expected, actual]));
  }
});

Deno.test("matchLines() keeps captures only of what matched", () => {
  const variables = new Map<string, string>();
  assert(!matchLines(["{id}", "x"], "ab1\ny\n", variables));
  assertEquals(variables.size, 0);
  assert(matchLines(["demo/{id}_log"], "demo/ab1_log\n", variables));
  assertEquals([...variables], [["id", "ab1"]]);
  assert(!matchLines(["{id}"], "ab2\n", variables));
});

Deno.test("replayTranscript() uses captures in later command lines and feeds stdin", async () => {
  const { stage, calls } = newScriptedStage({ stdout: "demo/ab1\n" }, { stderr: "error: ab1\n", code: 3 });
  await replayTranscript(
    `$ carrel new\ndemo/{id}\n\n$ carrel stop demo/{id} - < "{id}"\n! error: {id}\n? 3\n`,
    stage,
  );
  assertEquals(calls, [{ argv: ["new"], stdin: "" }, { argv: ["stop", "demo/ab1", "-"], stdin: "ab1" }]);
});

Deno.test("replayTranscript() names the line and shows both sides of a difference", async () => {
  for (const result of [{ stdout: "b\n" }, { stdout: "a\n", stderr: "b\n" }, { stdout: "a\n", code: 1 }]) {
    const { stage } = newScriptedStage(result);
    const error = await assertRejects(
      () => replayTranscript("\n$ carrel x\na\n", stage, "demo.txt"),
      TranscriptMismatch,
    );
    assertStringIncludes(error.message, "demo.txt:2: $ x\n  expected\n    a\n  actual\n");
  }
});

Deno.test("openBinarySession() runs a program in a home of its own, fed from stdin", async () => {
  let home = "";
  {
    await using session = await openBinarySession("/bin/sh");
    const result = await session.exec(["-c", 'cat; echo "$CARREL_ROOT" >&2; pwd; exit 7'], "hello ");
    home = result.stdout.replace("hello ", "").trim();
    assertEquals([result.code, result.stderr], [7, `${home}/data\n`]);
    assert((await Deno.stat(home)).isDirectory);
  }
  await assertRejects(() => Deno.stat(home), Deno.errors.NotFound);
});
