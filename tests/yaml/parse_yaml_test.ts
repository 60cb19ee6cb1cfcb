import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseYaml } from "../../core/yaml/parse_yaml.ts";
import { sameYamlValue, type YamlMap, type YamlValue } from "../../core/yaml/yaml_value.ts";
import { recordMap } from "./any_yaml.ts";
import { ruamelDump, ruamelTest } from "./ruamel_oracle.ts";

Deno.test("parseYaml() keeps dates and the words of YAML 1.1 as strings", async () => {
  assertEquals(await parseYaml("{when: 2026-09-14, really: yes, mode: off}\n"), {
    ok: true,
    value: { when: "2026-09-14", really: "yes", mode: "off" },
  });
});

Deno.test("parseYaml() names the problem and its line", async () => {
  assertEquals(await parseYaml("mode: cli\nmode: run\n"), {
    ok: false,
    problem: "cannot store mapping pair: duplicated key",
    line: 2,
  });
});

Deno.test("parseYaml() refuses NUL bytes wherever they stand", async () => {
  for (const text of ["\0", "\0\0\0\0", "mode: cli\n\0\0", "mode: cli\n# \0\n"]) {
    assertEquals(await parseYaml(text), { ok: false, problem: "it contains NUL bytes", line: null });
  }
});

Deno.test("parseYaml() survives absurd nesting", async () => {
  assertEquals((await parseYaml("[".repeat(100_000))).ok, false);
  assertEquals((await parseYaml("- ".repeat(100_000))).ok, false);
});

Deno.test("parseYaml() never throws", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: fc.constantFrom(..."ab:-?[]{}&*!|>'\" \n\t#,%@0") }), async (text) => {
      assertEquals(typeof (await parseYaml(text)).ok, "boolean");
    }),
    { numRuns: 2000 },
  );
});

/** Maps as JSON carries them to the judge. It writes these three line breaks raw, which only itself undoes. */
const dumpableMap = recordMap
  .map((map): YamlMap => JSON.parse(JSON.stringify(map)))
  .filter((map) => !/[\u0085\u2028\u2029]/.test(JSON.stringify(map)));

ruamelTest("parseYaml() reads the records that ruamel.yaml writes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(dumpableMap, { minLength: 150, maxLength: 150 }), async (maps) => {
      const texts = await ruamelDump(maps);
      for (const [index, text] of texts.entries()) {
        const parsed = await parseYaml(text);
        assert(parsed.ok && sameYamlValue(parsed.value as YamlValue, maps[index] ?? null), text);
      }
    }),
    { numRuns: 3, endOnFailure: true },
  );
});
