/** Tests of bounded YAML. @module */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { parseYamlBounded } from "../../core/config/parse_yaml_bounded.ts";
import { AppError } from "../../core/error.ts";

Deno.test("parseYamlBounded() keeps scalars as written beside their types", async () => {
  const { typed, written } = await parseYamlBounded(
    "a: 1.10\nb: 0755\nc: true\nd: ~\ne:\nf: 'x'\ng: [1_0, null]\n",
  );
  assertEquals(typed, { a: 1.1, b: 493, c: true, d: null, e: null, f: "x", g: [10, null] });
  assertEquals(written, { a: "1.10", b: "0755", c: "true", d: null, e: null, f: "x", g: ["1_0", null] });
});

Deno.test("parseYamlBounded() takes an empty document, comments and aliases", async () => {
  assertEquals((await parseYamlBounded("")).typed, null);
  assertEquals((await parseYamlBounded("# nothing\n")).typed, null);
  const { typed } = await parseYamlBounded("a: &x [1]\nb: *x\n");
  assertEquals(typed, { a: [1], b: [1] });
});

Deno.test("parseYamlBounded() reads documents with type tags", async () => {
  const { typed, written } = await parseYamlBounded("a: !!bool true\nb: 7\n");
  assertEquals([typed, written], [{ a: true, b: 7 }, { a: true, b: 7 }]);
});

Deno.test("parseYamlBounded() names the line of a syntax error", async () => {
  const error = await assertRejects(() => parseYamlBounded("a: 1\nb: [1\nc: 2\n"), AppError);
  assertEquals([error.code, error.details["line"]], ["invalid_config", 3]);
});

Deno.test("parseYamlBounded() refuses bombs quickly", async () => {
  const laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 12; i++) laughs.push(`a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`).join(", ")}]`);
  const bombs: [string, string][] = [
    [laughs.join("\n"), "more than 100000 values"],
    ["a: &a [*a]", "deeper than 64"],
    ["[".repeat(70) + "]".repeat(70), "deeper than 64"],
    ["[".repeat(500_000), "nested too deeply"],
    ["- ".repeat(500_000), "nested too deeply"],
    ["a: " + "x".repeat(1024 * 1024), "larger than 1 MiB"],
    ["a: 1\0b: 2", "NUL"],
    [`- x\n`.repeat(100_001), "more than 100000 values"],
  ];
  for (const [text, reason] of bombs) {
    const error = await assertRejects(() => parseYamlBounded(text), AppError);
    assertEquals(error.code, "invalid_config");
    assertStringIncludes(error.message, reason);
  }
});

Deno.test("parseYamlBounded() keeps keys that objects have by nature as plain keys", async () => {
  const { typed, written } = await parseYamlBounded("__proto__: {x: 1}\nconstructor: 2\n");
  for (const tree of [typed, written]) {
    assertEquals(Object.keys(tree ?? {}), ["__proto__", "constructor"]);
    assertEquals(Object.getPrototypeOf(tree) === Object.prototype, true);
  }
});
