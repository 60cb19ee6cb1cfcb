import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parse } from "@std/yaml";
import { encodeDocument, encodeEntry, encodeScalar, isPlainSafe } from "../../core/yaml/scalar.ts";
import { sameYamlValue, type YamlValue } from "../../core/yaml/yaml_value.ts";
import { anyMap, anyText, anyValue } from "./any_yaml.ts";
import { normalizeTagged, ruamelLoad, ruamelTest, tagValue } from "./ruamel_oracle.ts";

Deno.test("encodeDocument() writes the reference's example byte for byte", () => {
  assertEquals(
    encodeDocument({
      mode: "cli",
      workspace: "/home/ada/.local/share/terok/sandbox-live/tasks/orchard/q7m2x",
      web_port: null,
      created_at: "2026-09-14T08:21:33.504117+00:00",
      ready_at: "2026-09-14T08:21:47.092260+00:00",
      unrestricted: true,
      debug: false,
      hooks_fired: ["pre_start", "post_start"],
    }),
    `mode: cli
workspace: /home/ada/.local/share/terok/sandbox-live/tasks/orchard/q7m2x
web_port:
created_at: '2026-09-14T08:21:33.504117+00:00'
ready_at: '2026-09-14T08:21:47.092260+00:00'
unrestricted: true
debug: false
hooks_fired:
- pre_start
- post_start
`,
  );
});

Deno.test("encodeScalar() quotes what a reader could take for something else", () => {
  const texts: [string, string][] = [
    ["", "''"],
    ["null", "'null'"],
    ["Yes", "'Yes'"],
    ["7", "'7'"],
    ["2026-09-14", "'2026-09-14'"],
    ["it's", "'it''s'"],
    ["a: b", "'a: b'"],
    ["a #b", "'a #b'"],
    ["-", "'-'"],
    ["tab\there", '"tab\\there"'],
    ["\u2028", '"\\u2028"'],
    ["\u001b[31m", '"\\u001b[31m"'],
  ];
  for (const [text, expected] of texts) assertEquals(encodeScalar(text), expected);
});

Deno.test("encodeScalar() tells zero from negative zero, and writes no exponent without a fraction", () => {
  assertEquals([0, -0, 1.5, 1e21, 1e-7, NaN, Infinity, -Infinity].map(encodeScalar), [
    "0",
    "-0.0",
    "1.5",
    "1.0e+21",
    "1.0e-7",
    ".nan",
    ".inf",
    "-.inf",
  ]);
});

Deno.test("encodeEntry() nests lists and maps in block style", () => {
  assertEquals(
    encodeEntry("a", [[null, 1], { x: ["y"], z: {} }, [], null]),
    "a:\n- - null\n  - 1\n- x:\n  - 'y'\n  z: {}\n- []\n- null\n",
  );
});

Deno.test("encodeScalar() stays on one line and holds no control character", () => {
  fc.assert(fc.property(anyText, (text) => {
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]/.test(encodeScalar(text)));
  }));
});

Deno.test("isPlainSafe() text reads back as itself", () => {
  fc.assert(fc.property(anyText.filter(isPlainSafe), (text) => {
    assertEquals(parse(`key: ${text}\nlist:\n- ${text}\n`, { schema: "core" }), { key: text, list: [text] });
  }));
});

Deno.test("encodeDocument() reads back as the same value", () => {
  fc.assert(fc.property(anyMap, (map) => {
    assert(sameYamlValue(parse(encodeDocument(map), { schema: "core" }) as YamlValue, map));
  }));
});

ruamelTest("encodeDocument() is read by ruamel.yaml with the same types and order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyMap, { minLength: 150, maxLength: 150 }), async (maps) => {
      const loaded = await ruamelLoad(maps.map(encodeDocument));
      loaded.forEach((tagged, index) => {
        assertEquals(
          normalizeTagged(tagged),
          tagValue(maps[index] ?? null),
          encodeDocument(maps[index] ?? {}),
        );
      });
    }),
    { numRuns: 3, endOnFailure: true },
  );
});

ruamelTest("encodeEntry() of every value is read by ruamel.yaml with the same type", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyValue, { minLength: 200, maxLength: 200 }), async (values) => {
      const loaded = await ruamelLoad(values.map((value) => encodeEntry("key", value)));
      loaded.forEach((tagged, index) => {
        assertEquals(normalizeTagged(tagged), tagValue({ key: values[index] ?? null }));
      });
    }),
    { numRuns: 3, endOnFailure: true },
  );
});
