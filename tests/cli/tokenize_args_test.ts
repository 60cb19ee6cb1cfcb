import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseArgs } from "node:util";
import { type Token, tokenizeArgs } from "../../core/cli/tokenize_args.ts";

const OPTIONS = {
  prompt: { type: "string", short: "p" },
  label: { type: "string" },
  json: { type: "boolean", short: "j" },
  quiet: { type: "boolean", short: "q" },
} as const;
const takesValue = (raw: string) => ["--prompt", "--label", "-p"].includes(raw);

/** What the platform's own parser makes of it, in our terms. */
function tokenizeWithNode(args: string[]): Token[] {
  const { tokens } = parseArgs({
    args,
    options: OPTIONS,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  let afterEnd = false;
  return tokens.flatMap((token): Token[] => {
    if (token.kind === "option-terminator") {
      afterEnd = true;
      return [];
    }
    if (token.kind === "positional") {
      return [{ kind: "word", index: token.index, value: token.value, afterEnd }];
    }
    const { index, rawName: raw, value, inlineValue: inline = false } = token;
    return [{ kind: "flag", index, raw, value, inline }];
  });
}

Deno.test("tokenizeArgs() agrees with parseArgs of node:util", () => {
  const arg = fc.oneof(
    fc.constantFrom(
      "--prompt",
      "--label",
      "--json",
      "-p",
      "-j",
      "--",
      "-",
      "",
      "--prompt=",
      "--json=1",
      "--x=1",
    ),
    fc.constantFrom("-jp", "-jq", "-pj", "-jpq", "-xj", "-p=", "--=", "---", "--=x", "word", "a=b", "-é"),
    fc.string({ maxLength: 4 }),
    // A dash inside a cluster of letters means "--" to node:util; here it is an unknown flag.
    fc.stringMatching(/^-[jqpx1=]{1,4}$/),
  ).filter((text) => !/^-[^-].*-/.test(text) && !/^-[^-]*[^\0-\uffff]/u.test(text));
  fc.assert(
    fc.property(fc.array(arg, { maxLength: 6 }), (args) => {
      assertEquals([...tokenizeArgs(args, takesValue)], tokenizeWithNode(args));
    }),
    { numRuns: 500 },
  );
});

Deno.test("tokenizeArgs() treats a dash in a cluster as a flag, not as the end of flags", () => {
  assertEquals([...tokenizeArgs(["-j-", "x"], takesValue)].map((token) => token.kind), [
    "flag",
    "flag",
    "word",
  ]);
});
