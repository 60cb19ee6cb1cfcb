import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parse } from "@std/yaml";
import { readFlatMap } from "../../core/yaml/flat_map.ts";
import { encodeDocument } from "../../core/yaml/scalar.ts";
import { sameYamlValue, type YamlValue } from "../../core/yaml/yaml_value.ts";
import { recordMap } from "./any_yaml.ts";

/** Lines that a record may hold, in any style, right or wrong. */
const anyLine = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "# comment",
    "#",
    "# tab\tand é",
    "#\rmode: x",
    "---",
    "...",
    "- a",
    "- 'b c'",
    "-",
    "- 7",
    "- a: b",
    "  team: a",
    "  team: '7'",
    "  other:",
    "   odd: 1",
    "  - x",
    "continued text",
    "  continued text",
    "labels:",
    "hooks:",
    "hooks: []",
    "labels: {}",
    "a: |",
    "a: &x 1",
    "b: *x",
    "'quoted': 1",
    "Null: 1",
    "true: 1",
    "mode: cli ",
    "mode: cli # said",
    'x: "a\\nb"',
    'x: "plain"',
    "x: 'it''s'",
    "x: 'open",
    "x: ''",
    "n: 0",
    "n: -0",
    "n: 007",
    "n: 1_000",
    "n: 1.5",
    "n: 99999999999999999",
    "n: 0x1f",
    "n: 1e3",
    "n: ~",
    "n: null",
    "n: False",
    "n: false",
    "when: 2026-09-14",
    "url: http://x.example/a?b=c",
    "url: a:b:c",
    "t: a: b",
    "c: é",
    "c: 'é\u2028'",
    "c: '\u007f'",
    "\ufeffmode: cli",
  ),
  fc.record({ key: fc.constantFrom("mode", "n", "x"), value: fc.string({ unit: "grapheme" }) }).map((pair) =>
    `${pair.key}: ${pair.value}`
  ),
);

const anyText = fc.tuple(
  fc.array(anyLine, { maxLength: 6 }),
  fc.constantFrom("\n", "\n", "\r\n"),
  fc.boolean(),
)
  .map(([lines, newline, ends]) => lines.join(newline) + (ends ? newline : ""));

function parseOrFail(text: string): YamlValue | undefined {
  try {
    return parse(text, { schema: "core" }) as YamlValue;
  } catch {
    return undefined;
  }
}

Deno.test("readFlatMap() reads a map only where the YAML library reads the same", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const flat = readFlatMap(text);
      if (flat === undefined) return;
      const full = parseOrFail(text);
      assert(full !== undefined && sameYamlValue(flat, full), JSON.stringify({ text, flat, full }));
    }),
    { numRuns: 5000 },
  );
});

Deno.test("readFlatMap() agrees with the YAML library on all that carrel writes", () => {
  fc.assert(fc.property(recordMap, (map) => {
    const text = encodeDocument(map);
    const flat = readFlatMap(text);
    if (flat !== undefined) assert(sameYamlValue(flat, map), text);
    assert(sameYamlValue(parse(text, { schema: "core" }) as YamlValue, map), text);
  }));
});

Deno.test("readFlatMap() reads an ordinary record by itself", () => {
  const record = {
    mode: "run",
    workspace: "/srv/carrel/sandbox-live/tasks/demo/q7m2x",
    web_port: null,
    created_at: "2026-09-14T08:21:33.504117+00:00",
    unrestricted: true,
    exit_code: -1,
    command: ["sh", "-c", "echo 'two words'; exit 3"],
    hooks_fired: [],
    labels: { team: "7", "app.example.io/name": "web shop" },
  };
  assertEquals(readFlatMap(encodeDocument(record)), record);
});

Deno.test("readFlatMap() leaves everything unusual to the library", () => {
  for (
    const text of [
      "",
      "# nothing\n",
      "a: 1\na: 2\n",
      "a: b\n  c\n",
      "a: {b: 1}\n",
      "a: b\r\n",
      "a:\n- b: c\n",
      "[]\n",
    ]
  ) assertEquals(readFlatMap(text), undefined, text);
});
