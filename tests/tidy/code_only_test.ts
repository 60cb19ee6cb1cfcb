import { assertEquals } from "@std/assert";
import { codeOnly } from "./code_only.ts";

Deno.test("codeOnly() takes out comments and the contents of strings", () => {
  assertEquals(codeOnly(`a /* b */ c // d\ne('f "g" \\' h', "i // j")`), `a  c \ne('', "")`);
});

Deno.test("codeOnly() keeps the code inside templates, however deep", () => {
  assertEquals(codeOnly("`a ${b({ c: `d ${e} f` })} g` h"), "`${b({ c: `${e}` })}` h");
});

Deno.test("codeOnly() tells regular expressions from divisions", () => {
  assertEquals(codeOnly(`x = /["'/*]/g.test(y); z = a / b / "c"`), `x = //.test(y); z = a / b / ""`);
  assertEquals(codeOnly(`f(/a\\/"/, 1)`), `f(//, 1)`);
});

Deno.test("codeOnly() keeps every line where it was", () => {
  const source = "/**\n * doc\n */\nconst a = `x\ny`; // z\n\nend";
  assertEquals(codeOnly(source).split("\n").length, source.split("\n").length);
  assertEquals(codeOnly(source).split("\n").at(-1), "end");
});

Deno.test("codeOnly() can keep strings", () => {
  assertEquals(codeOnly(`import "a"; // "b"`, { keepStrings: true }), `import "a"; `);
});
