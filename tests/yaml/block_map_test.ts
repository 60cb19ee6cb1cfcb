import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parse, stringify } from "@std/yaml";
import { findKeyLine, splitBlockMap } from "../../core/yaml/block_map.ts";
import { encodeDocument } from "../../core/yaml/scalar.ts";
import type { YamlMap } from "../../core/yaml/yaml_value.ts";
import { anyMap, recordMap } from "./any_yaml.ts";

/** Documents with their top-level keys; each value is written in a way that is easy to cut wrongly. */
const GALLERY: [name: string, text: string, keys: string[]][] = [
  ["comments", "# head\n\na: 1 # one\n# between\nb: 2\n# tail\n", ["a", "b"]],
  ["quoted keys", "'it''s': 1\n\"b: c\": 2\n", ["it's", "b: c"]],
  ["list at the parent's indent", "a:\n# in\n- x\n\n- y: 1\n  z: 2\n-\n  - deep\nb: 1\n", ["a", "b"]],
  ["indented list", "a:\n  - x\n  - y\nb: 1\n", ["a", "b"]],
  ["nested maps", "a:\n  b:\n    c: 1\n\n  # in\n  d: 2\ne: 3\n", ["a", "e"]],
  ["literal text", "a: |\n  b: 1\n  # no comment\n  'open\n\nc: 2\n", ["a", "c"]],
  ["folded text", "a: >-\n  x [\n\n   y {\n# comment\nb: 2\n", ["a", "b"]],
  ["text that keeps its end", "a: |+ # why\n  x\n\n\nb: 2\n", ["a", "b"]],
  ["text with indent indicator", "a: |2\n    x\n  y: z\nb: 2\n", ["a", "b"]],
  ["nested literal text", "a:\n  b: |\n    'x\n    y: [\n  c: 1\nd: 2\n", ["a", "d"]],
  ["literal text in a list", "a:\n- |\n  'x\n- k: >\n   \"y\n  l: 1\nb: 2\n", ["a", "b"]],
  ["plain text over lines", "a: one\n  'two\n\n  [three\nb: it's\n  \"so\nc: 3\n", ["a", "b", "c"]],
  ["plain text below its key", "a:\n  one\n  - two\nb: 1\n", ["a", "b"]],
  ["nested plain text below its key", "a:\n  b:\n      one\n    'two\n  c: |\n    # x\n\n  \nd: 1\n", [
    "a",
    "d",
  ]],
  ["escapes in keys", 'a:\n  "\\x41": |+\n    \'x\n\n  \'\\\': >\n   # y\n"\\u0041\\"": 1\n', ["a", 'A"']],
  ["plain text with colons", "a: http://x/?a=b:c\nb::c: 1\n", ["a", "b::c"]],
  ["single quotes over lines", "a: 'one\n  b: ''two''\n\n  # three'\nc: 1\n", ["a", "c"]],
  ["double quotes over lines", 'a: "one \\" \\\n  b: 2 \\\\"\nc: 1\n', ["a", "c"]],
  ["flow list over lines", "a: [x, 'y]', # ] no\n  \"z\\\"]\", it's, u#v\n  ]\nb: 1\n", ["a", "b"]],
  ["flow map over lines", "a: {b: [1,\n 2], \"c\":'}', d: {e: }\n}\nf: 1\n", ["a", "f"]],
  ["flow text over lines", "a: [one\n  's, two]\nb: 1\n", ["a", "b"]],
  ["tags and anchors", "a: &x 'y\n  z'\nb: !!str |\n  'c\nd: &l\n- 1\ne: !!seq\n- 2\nf: [&m 'n]', *m]\n", [
    ..."abdef",
  ]],
  ["document marks", "%YAML 1.2\n---\na: 1\n...\n# end\n", ["a"]],
  ["byte order mark", "\ufeffa: 1\nb: 2\n", ["a", "b"]],
  ["windows line ends", "a: |\r\n  'x\r\n\r\nb:\r\n- 1\r\nc: 'x\r\n  y'\r\n", ["a", "b", "c"]],
  ["no final line end", "a: 1\nb:\n- 2", ["a", "b"]],
  ["indented root", "  a: 1\n  b:\n  - 2\n  c:\n    d: 1\n", ["a", "b", "c"]],
  ["odd but plain keys", "a b: 1\n-c: 2\n?d: 3\n/e[0]: 4\n1: 5\n", ["a b", "-c", "?d", "/e[0]", "1"]],
  ["explicit keys below", "a:\n  ? b\n  : c\nd: 1\n", ["a", "d"]],
];

for (const [name, text, keys] of GALLERY) {
  Deno.test(`splitBlockMap() cuts ${name}`, () => {
    const map = splitBlockMap(text);
    assert(map !== null);
    assertEquals(map.entries.map(({ key }) => key), keys);
    assertEquals(map.entries.map((entry) => entry.leading + entry.text).join("") + map.trailing, text);
    // The YAML library is the judge: without the lines of one entry, all others mean the same.
    const whole = parse(text) as YamlMap;
    assertEquals(Object.keys(whole).sort(), [...keys].sort());
    if (text.includes("&")) return;
    for (const left of map.entries) {
      const rest = map.entries.map((entry) => entry.leading + (entry === left ? "" : entry.text)).join("");
      const { [left.key]: _gone, ...others } = whole;
      assertEquals(parse(rest + map.trailing) ?? {}, others, `without ${left.key}`);
    }
  });
}

Deno.test("splitBlockMap() counts lines from 1", () => {
  const lines = splitBlockMap("\n# c\na: |\n  x\n\nb: 1\n")?.entries.map((
    entry,
  ) => [entry.startLine, entry.endLine]);
  assertEquals(lines, [[3, 4], [6, 6]]);
});

Deno.test("splitBlockMap() refuses what it cannot cut", () => {
  for (
    const text of [
      "- a\n",
      "text\n",
      "{a: 1}\n",
      "? a\n: 1\n",
      "a: 1\n---\nb: 2\n",
      "a: 1\rb: 2\n",
      '"\\x41": 1\n',
      "a: 'open\nb: 1\n",
      "a: [open\nb: 1\n",
      "&x a: 1\n",
      "a: 1\n- b\n",
      "  a: 1\nb: 2\n",
      "...\na: 1\n",
      "--- a\n",
    ]
  ) assertEquals(splitBlockMap(text), null, text);
});

Deno.test("splitBlockMap() of a document without entries is all trailing", () => {
  for (const text of ["", "\n", "# only\n", "---\n# c"]) {
    assertEquals(splitBlockMap(text), { entries: [], trailing: text });
  }
});

/** A map in the styles of several writers. */
const anyDocument = fc.oneof(anyMap, recordMap).chain((map) =>
  fc.constantFrom(
    encodeDocument(map),
    stringify(map, { lineWidth: 30, schema: "core" }),
    stringify(map, { flowLevel: 1, schema: "core" }),
    stringify(map, { arrayIndent: false, lineWidth: 20, indent: 4, schema: "core" }),
  )
);

Deno.test("splitBlockMap() loses no byte of any text", () => {
  const anyText = fc.array(
    fc.constantFrom("a:", "b: ", "- ", "'", '"', "[", "}", "|", "# ", " ", "\n", "\r\n", "x", "..."),
  )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(anyText, (text) => {
      const map = splitBlockMap(text);
      if (map !== null) {
        assertEquals(map.entries.map((entry) => entry.leading + entry.text).join("") + map.trailing, text);
      }
    }),
    { numRuns: 3000 },
  );
});

Deno.test("splitBlockMap() entries hold the values of their keys", () => {
  fc.assert(
    fc.property(anyDocument, (text) => {
      const split = splitBlockMap(text);
      const whole = parse(text, { schema: "core" }) as YamlMap;
      for (const { key, text } of split?.entries ?? []) {
        assertEquals(parse(text, { schema: "core" }), { [key]: whole[key] });
      }
      if (split !== null && split.entries.length > 0) {
        assertEquals(split.entries.map(({ key }) => key).sort(), Object.keys(whole).sort());
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("splitBlockMap() cuts every record that carrel writes", () => {
  fc.assert(fc.property(recordMap, (map) => {
    assert(Object.keys(map).length === 0 || splitBlockMap(encodeDocument(map)) !== null);
  }));
});

const CONFIG = `# settings
"run":            # how
  image: x

  # the limit
  'memory': 4g
  script: |
    cpus: 2
  env: {cpus: 1}
  list:
  - cpus: 1
  deep:
      er: 1
git:
  url: y`;

Deno.test("findKeyLine() finds nested keys, however they are written", () => {
  const lines = (path: string) => findKeyLine(CONFIG, path.split("."));
  assertEquals(lines("run"), 2);
  assertEquals(lines("run.image"), 3);
  assertEquals(lines("run.memory"), 6);
  assertEquals(lines("run.deep.er"), 13);
  assertEquals(lines("git.url"), 15);
  assertEquals(findKeyLine(CONFIG.replaceAll("\n", "\r\n"), ["run", "memory"]), 6);
});

Deno.test("findKeyLine() falls back to the nearest enclosing key", () => {
  const lines = (path: string) => findKeyLine(CONFIG, path.split("."));
  assertEquals(lines("run.cpus"), 2);
  assertEquals(lines("run.script.cpus"), 7);
  assertEquals(lines("run.env.cpus"), 9);
  assertEquals(lines("run.list.0.cpus"), 10);
  assertEquals(lines("run.deep.est"), 12);
  assertEquals(lines("git.url.git"), 15);
  assertEquals(lines("hooks.pre_start"), null);
  assertEquals(findKeyLine("- a\n", ["a"]), null);
  assertEquals(findKeyLine(CONFIG, []), null);
});
