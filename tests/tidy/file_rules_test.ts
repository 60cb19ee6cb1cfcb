import { assertEquals } from "@std/assert";
import { brokenFileRules } from "./file_rules.ts";
import { listSourceFiles, readSource } from "./source_files.ts";

const DOC = "/**\n * Words.\n *\n * @module\n */\n";

Deno.test("every source file keeps the rules", () => {
  assertEquals(listSourceFiles().flatMap((path) => brokenFileRules(path, readSource(path))), []);
});

Deno.test("brokenFileRules() finds vague and ill-formed names", () => {
  const names = ["utils", "helpers", "common", "misc", "index", "camelCase", "kebab-case", "fine_name"];
  const broken = names.filter((name) => brokenFileRules(`tests/${name}.ts`, DOC).length > 0);
  assertEquals(broken, names.slice(0, -1));
});

Deno.test("brokenFileRules() finds a missing module doc where one is due", () => {
  assertEquals(brokenFileRules("core/a.ts", "const a = 1;\n").length, 1);
  assertEquals(
    brokenFileRules("core/a.ts", "/** Not of the module. */\nconst a = 1;\n/** @module */").length,
    1,
  );
  assertEquals(brokenFileRules("core/a.ts", DOC), []);
  assertEquals(brokenFileRules("scripts/a.ts", `#!/usr/bin/env -S deno run\n${DOC}`), []);
  assertEquals(brokenFileRules("tests/a_test.ts", "const a = 1;\n"), []);
});

Deno.test("brokenFileRules() finds files that are too long, tables aside", () => {
  const lines = (count: number) => DOC + "x;\n".repeat(count - DOC.split("\n").length + 1);
  assertEquals(brokenFileRules("core/a.ts", lines(400)), []);
  assertEquals(brokenFileRules("core/a.ts", lines(401)), ["core/a.ts: 401 lines, at most 400"]);
  assertEquals(brokenFileRules("core/naming/word_lists.ts", lines(5000)), []);
});

Deno.test("brokenFileRules() compares a file's name with its one export", () => {
  const broken = (name: string, source: string) =>
    brokenFileRules(`core/${name}.ts`, DOC + source).length > 0;
  assertEquals(broken("create_task", "export async function createTask() {}\n"), false);
  assertEquals(broken("memory_host", "export function newMemoryHost() {}\n"), false);
  assertEquals(broken("uuid", "export function newUuidV7() {}\n"), false);
  assertEquals(broken("task", "export function newSession() {}\nexport interface Task {}\n"), false);
  assertEquals(broken("paths", "export const one = 1;\nexport const two = 2;\n"), false);
  assertEquals(broken("session", "export function createTask() {}\n"), true);
  assertEquals(broken("ask", "export function createTask() {}\n"), true);
  assertEquals(broken("mod", "export function createTask() {}\n"), false);
});
