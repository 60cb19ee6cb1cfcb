/**
 * Help of every command, and the command lines that it shows.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { findCommand } from "../../core/cli/command_table.ts";
import { parseCommandLine } from "../../core/cli/parse_command_line.ts";
import { COMMANDS } from "../../core/commands/mod.ts";
import { newProgram } from "../support/program.ts";

const { run } = newProgram();
const NO_ENV = { get: () => undefined };

for (const [path, load] of Object.entries(COMMANDS.commands)) {
  const words = path.split(" ");
  const command = await load();

  Deno.test(`${path}: help is there, in words and as data`, async () => {
    const asked = await run(["help", ...words]);
    assertEquals([asked.code, asked.stderr], [0, ""]);
    assertEquals(await run([...words, "--help"]), asked);
    assertEquals(await run([...words, "-h"]), asked);
    assertStringIncludes(asked.stdout, `usage: carrel ${path} `);
    const page = JSON.parse((await run(["help", ...words, "--json"])).stdout);
    assertEquals([page.path, page.summary], [`carrel ${path}`, command.summary]);
  });

  Deno.test(`${path}: sentences begin with a capital and have no final stop; flags say what they are`, () => {
    assertMatch(command.summary, /^[A-Z].*[^.]$/);
    for (const { summary } of Object.values(command.flags)) assertNotMatch(summary, /\.$|^[A-Z][a-z]/);
  });

  Deno.test(`${path}: every example is a command line that is understood`, async () => {
    assert(command.examples.length > 0);
    for (const { line } of command.examples) {
      const calls = line.split(" | ").map((call) => call.replace(/ [<>] \S+$/, ""));
      const paths = await Promise.all(calls.map(understand));
      assert(paths.includes(path), `${line} does not show ${path}`);
    }
  });
}

Deno.test("what takes one task or archive does not promise several", async () => {
  const several = ["task start", "task restart", "task stop", "task delete", "help"];
  for (const path of Object.keys(COMMANDS.commands)) {
    const page = JSON.parse((await run(["help", ...path.split(" "), "--json"])).stdout);
    const isRepeated = page.arguments.some(({ repeated }: { repeated: boolean }) => repeated);
    assertEquals(isRepeated, several.includes(path), path);
    const [words] = page.usage.split(" [--");
    assertEquals(words.includes("..."), several.includes(path), path);
  }
});

Deno.test("flags that may be repeated say so once", async () => {
  for (const path of Object.keys(COMMANDS.commands)) {
    const { stdout } = await run(["help", ...path.split(" ")]);
    assertNotMatch(stdout.replace(/\s+/g, " "), /repeated \(may be repeated/, path);
  }
});

Deno.test("help of what is not there does not point at itself", async () => {
  const { code, stderr } = await run(["help", "zzzz"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "hint: carrel --help");
  assertNotMatch(stderr, /help --help/);
});

Deno.test("every group has help that lists its commands", async () => {
  for (const group of Object.keys(COMMANDS.groups)) {
    const { code, stdout } = await run([group, "--help"]);
    assertEquals(code, 0);
    for (const path of Object.keys(COMMANDS.commands).filter((path) => path.startsWith(`${group} `))) {
      assertStringIncludes(stdout, `  ${path} `);
    }
    assertEquals((await run([group])).code, 2);
  }
});

/** The path of the command that a line calls; throws when it would be refused. */
async function understand(line: string): Promise<string> {
  const [program, ...argv] = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  assertEquals(program, "carrel", line);
  const found = findCommand(COMMANDS, argv);
  assert(found.kind === "command", line);
  await parseCommandLine(await found.load(), found.argv, NO_ENV);
  return found.path;
}
