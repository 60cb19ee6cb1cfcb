import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatJson, sanitizeLine, sanitizeText } from "../../core/text/sanitize_text.ts";

Deno.test("sanitizeText() makes controls and bidi overrides visible", () => {
  const cases: [string, string][] = [
    ["plain é 書\n\t", "plain é 書\n\t"],
    ["\x1b]0;title\x07", "\\x1b]0;title\\x07"],
    ["a\rb\b\0\x7f", "a\\x0db\\x08\\x00\\x7f"],
    ["\x9b2J\x85", "\\x9b2J\\x85"],
    ["\u202egnp\u202c \u2066x\u2069", "\\u202egnp\\u202c \\u2066x\\u2069"],
  ];
  for (const [text, expected] of cases) assertEquals(sanitizeText(text), expected);
});

Deno.test("sanitizeLine() escapes line ends and tabs too", () => {
  assertEquals(sanitizeLine("a\n\tb"), "a\\x0a\\x09b");
});

Deno.test("sanitizeText(), sanitizeLine() and formatJson() let nothing harmful through", () => {
  // deno-lint-ignore no-control-regex
  const harmful = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
  const char = fc.oneof(
    fc.nat(0x20ff).map((code) => String.fromCharCode(code)),
    fc.constantFrom("\x1b", "\u202e", "\x9b"),
  );
  fc.assert(fc.property(fc.string({ unit: char }), (text) => {
    for (const safe of [sanitizeText(text), sanitizeLine(text), formatJson({ text })]) {
      assert(!harmful.test(safe));
    }
    assertEquals(sanitizeText(sanitizeText(text)), sanitizeText(text));
    assertEquals(JSON.parse(formatJson({ text })), { text });
    assert(!/[\n\t]/.test(sanitizeLine(text)));
  }));
});
