/**
 * Arbitrary YAML values, with a taste for those that readers get wrong.
 *
 * @module
 */
import fc from "fast-check";
import type { YamlMap, YamlValue } from "../../core/yaml/yaml_value.ts";

const TRICKY_TEXTS = [
  "",
  " ",
  " lead",
  "trail ",
  "~",
  "null",
  "Null",
  "true",
  "False",
  "yes",
  "NO",
  "on",
  "y",
  "n",
  "=",
  "<<",
  "-",
  "- a",
  "?",
  ":",
  "a: b",
  "a:",
  ":a",
  "a #b",
  "#",
  "a#b",
  "[",
  "{}",
  "*a",
  "&a",
  "!a",
  "|",
  ">",
  "%",
  "@",
  "`",
  "'",
  '"',
  "''",
  "it's",
  'say "hi"',
  "\\",
  "a\\nb",
  "0",
  "-1",
  "+1",
  "007",
  "08",
  "0x1f",
  "0o17",
  "0b1",
  "1_000",
  "1e3",
  ".5",
  "-.5",
  "._1",
  "1.",
  ".inf",
  "-.INF",
  ".nan",
  "12:30",
  "2026-09-14",
  "2026-09-14T08:21:33.504117+00:00",
  "---",
  "...",
  "a\nb",
  "a\n",
  "\na",
  "\n",
  "a\r\nb",
  "\t",
  "a\tb",
  "\0",
  "\u0007",
  "\u001b[31m",
  "\u007f",
  "\u0085",
  "\u00a0",
  "a\u00a0",
  "\u2028",
  "a\u2029b",
  "\ufeff",
  "\ufeffa",
  "\ufffe",
  "\uffff",
  "é",
  "日本",
  "😀",
  "a 😀 b",
  "/home/ada/tasks/q7m2x",
  "terok-g-0123abcd",
  "x".repeat(200),
  "word ".repeat(40) + "end",
  "constructor",
  "__proto__",
];

/** Any text at all. */
export const anyText = fc.oneof(
  fc.constantFrom(...TRICKY_TEXTS),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."-?:,[]{}#&*!|>'\"%@` \n\\a0.~=") }),
);

/** Any scalar. */
export const anyScalar = fc.oneof(
  { weight: 3, arbitrary: anyText },
  {
    weight: 1,
    arbitrary: fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.maxSafeInteger(), fc.double()),
  },
);

/** Any value, nested a few levels deep. */
export const anyValue: fc.Arbitrary<YamlValue> = fc.letrec<{ value: YamlValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    anyScalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(anyText, tie("value"), { maxKeys: 4 }),
  ),
})).value;

/** Any mapping. */
export const anyMap: fc.Arbitrary<YamlMap> = fc.dictionary(anyText, anyValue, { maxKeys: 6 });

/** Values of the shapes that records have. */
export const recordMap: fc.Arbitrary<YamlMap> = fc.dictionary(
  fc.constantFrom(
    "mode",
    "workspace",
    "web_port",
    "created_at",
    "ready_at",
    "debug",
    "hooks_fired",
    "labels",
    "note",
  ),
  fc.oneof(
    anyScalar,
    fc.array(anyText, { maxLength: 3 }),
    fc.dictionary(fc.oneof(anyText, fc.constantFrom("team", "app.example.io/name")), anyText, { maxKeys: 3 }),
  ),
);
