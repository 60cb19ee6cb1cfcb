import { assertEquals, assertThrows } from "@std/assert";
import type { Flags, Positional } from "../../core/cli/declaration.ts";
import { defineCommand } from "../../core/cli/define_command.ts";
import { InvariantError } from "../../core/invariant.ts";
import { newStyle } from "../../core/cli/style.ts";

function define(positionals: readonly Positional[], flags: Flags, mutates = false) {
  return defineCommand<object>()({
    summary: "Test",
    examples: [],
    positionals,
    flags,
    mutates,
    run: () => Promise.resolve({ data: 1 }),
    text: (data) => `${data}`,
  });
}

const INPUT = { args: {}, flags: {}, rest: [], dryRun: false, idempotencyKey: null, path: "shop open" };

Deno.test("defineCommand() seals data and words together", async () => {
  const command = define([], {});
  const answer = await command.run({}, INPUT);
  assertEquals(answer.data, 1);
  assertEquals(answer.text({ style: newStyle(false), columns: null, wrapColumns: 80 }), "1");
});

Deno.test("defineCommand() leaves no words to --quiet where something is changed", async () => {
  const run = async (mutates: boolean) => (await define([], {}, mutates).run({}, INPUT)).addresses;
  assertEquals([await run(true), await run(false)], [[], undefined]);
});

Deno.test("defineCommand() refuses declarations that cannot work", () => {
  const summary = "";
  const flag = { kind: "boolean", summary } as const;
  const cases: [Positional[], Flags, boolean?][] = [
    [[{ name: "a", summary, arity: "many" }, { name: "b", summary }], {}],
    [[{ name: "a", summary, arity: "words" }, { name: "b", summary }], {}],
    [[{ name: "a", summary, arity: "optional" }, { name: "b", summary }], {}],
    [[], { json: flag }],
    [[], { quick: { ...flag, short: "q" } }],
    [[], { a: { ...flag, short: "x" }, b: { ...flag, short: "x" } }],
    [[], { dryRun: flag }, true],
    [[], { kind: { kind: "value", placeholder: "K", choices: ["a"], default: "b", summary } }],
  ];
  for (const [positionals, flags, mutates] of cases) {
    assertThrows(() => define(positionals, flags, mutates), InvariantError);
  }
  define([{ name: "a", summary }, { name: "b", summary, arity: "any" }], { dryRun: flag });
});
