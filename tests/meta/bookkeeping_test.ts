import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { type Changes, decodeBookkeeping, editBookkeeping } from "../../core/meta/bookkeeping.ts";
import { splitBlockMap } from "../../core/yaml/block_map.ts";
import { encodeDocument } from "../../core/yaml/scalar.ts";
import { sameYamlValue, type YamlMap } from "../../core/yaml/yaml_value.ts";
import { anyMap, anyText, anyValue, recordMap } from "../yaml/any_yaml.ts";
import { normalizeTagged, ruamelDump, ruamelLoad, ruamelTest, tagValue } from "../yaml/ruamel_oracle.ts";

const EXAMPLE = `mode: cli
workspace: /home/ada/.local/share/terok/sandbox-live/tasks/orchard/q7m2x
web_port:
created_at: '2026-09-14T08:21:33.504117+00:00'
ready_at: '2026-09-14T08:21:47.092260+00:00'
unrestricted: true
debug: false
hooks_fired:
- pre_start
- post_start
`;

const edit = (text: string | null, changes: Changes) => editBookkeeping(text, changes, "meta.yml");

Deno.test("decodeBookkeeping() reads the reference's example", async () => {
  assertEquals(await decodeBookkeeping(EXAMPLE, "meta.yml"), {
    mode: "cli",
    workspace: "/home/ada/.local/share/terok/sandbox-live/tasks/orchard/q7m2x",
    web_port: null,
    created_at: "2026-09-14T08:21:33.504117+00:00",
    ready_at: "2026-09-14T08:21:47.092260+00:00",
    unrestricted: true,
    debug: false,
    hooks_fired: ["pre_start", "post_start"],
  });
});

Deno.test("decodeBookkeeping() names file and line of damage", async () => {
  const damage: [text: string, line: number | undefined][] = [
    ["", undefined],
    ["\n", undefined],
    ["# only a comment\n", undefined],
    ["\0\0\0\0", undefined],
    ["mode: cli\n\0\0\0", undefined],
    ["- a\n", undefined],
    ["text", undefined],
    ["mode: cli\nworkspace: '/home/a", 3],
    ["mode: cli\nmode: run\n", 2],
    ["mode: cli\nhooks_fired\n", 3],
    ["a: &x [*x]\n", undefined],
  ];
  for (const [text, line] of damage) {
    const error = await assertRejects(
      () => decodeBookkeeping(text, "/tasks/q7m2x_meta.yml"),
      AppError,
      "q7m2x_meta.yml",
    );
    assertEquals([error.code, error.details.file, error.details.line], [
      "record_damaged",
      "/tasks/q7m2x_meta.yml",
      line,
    ], text);
  }
});

Deno.test("editBookkeeping() changes single keys of the reference's example", async () => {
  assertEquals(
    await edit(EXAMPLE, {
      hooks_fired: ["pre_start", "post_start", "post_ready"],
      web_port: 8080,
      ready_at: undefined,
      exit_code: null,
      deleting: true,
    }),
    EXAMPLE.replace("web_port:\n", "web_port: 8080\n").replace(/ready_at: .*\n/, "") +
      "- post_ready\nexit_code:\ndeleting: true\n",
  );
});

Deno.test("editBookkeeping() keeps comments, unknown keys and styles of others", async () => {
  const text = `# head
---
mode: run   # said
odd: {a: 1,  b: [x,
  y]}
# between

note: |
  exit_code: 7

exit_code: 1
# tail
`;
  assertEquals(
    await edit(text, { exit_code: 0, op: "x" }),
    text.replace("exit_code: 1\n", "exit_code: 0\nop: x\n"),
  );
  assertEquals(await edit(text, { note: undefined }), text.replace("note: |\n  exit_code: 7\n", ""));
});

Deno.test("editBookkeeping() does not touch a key that has its value, whatever its style", async () => {
  const text = 'mode: "cli"   # said\nhooks_fired: [ pre_start ]\nweb_port: ~\n';
  assertEquals(await edit(text, { mode: "cli", hooks_fired: ["pre_start"], web_port: null }), text);
  assertEquals(await edit(text, { mode: "cli", web_port: 1 }), text.replace("~", "1"));
});

Deno.test("editBookkeeping() keeps windows line ends, byte order mark and end mark", async () => {
  assertEquals(
    await edit("\ufeffmode: cli\r\na: 1\r\n", { mode: "run", b: [1] }),
    "\ufeffmode: run\r\na: 1\r\nb:\r\n- 1\r\n",
  );
  assertEquals(await edit("mode: cli", { b: 1 }), "mode: cli\nb: 1\n");
  assertEquals(await edit("mode: cli\n...\n", { b: 1 }), "mode: cli\nb: 1\n...\n");
});

Deno.test("editBookkeeping() writes anew what cannot be cut", async () => {
  assertEquals(await edit("{mode: cli, a: 1}\n", { a: undefined }), "mode: cli\n");
  assertEquals(await edit("? mode\n: cli\n", { a: 1 }), "mode: cli\na: 1\n");
  assertEquals(await edit("a: &x [1]\nb: *x\n", { a: undefined }), "b:\n- 1\n");
  assertEquals(await edit("True: 1\n", { true: 2 }), "'true': 2\n");
});

Deno.test("editBookkeeping() makes a file, and leaves none empty", async () => {
  assertEquals(await edit(null, { mode: null, deleting: undefined }), "mode:\n");
  assertEquals(await edit(null, {}), "{}\n");
  assertEquals(await edit("# c\nmode: cli\n", { mode: undefined }), "{}\n");
});

Deno.test("editBookkeeping() refuses a damaged file", async () => {
  const error = await assertRejects(() => edit("mode: 'cli\n", { mode: "run" }), AppError);
  assertEquals(error.code, "record_damaged");
});

const anyChanges: fc.Arbitrary<Changes> = fc.dictionary(
  fc.oneof(anyText, fc.constantFrom("mode", "web_port", "labels", "note")),
  fc.oneof(anyValue, fc.constant(undefined)),
  { maxKeys: 4 },
);

Deno.test("editBookkeeping() reads back as the old values with the changes", async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(anyMap, recordMap), anyChanges, async (before, changes) => {
    const text = await edit(encodeDocument(before), changes);
    const expected = new Map(Object.entries(before));
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) expected.delete(key);
      else expected.set(key, value);
    }
    const after = Object.fromEntries(expected);
    assert(sameYamlValue(await decodeBookkeeping(text, "meta.yml"), after), text);
  }));
});

/** A record with comments and blank lines strewn between its entries. */
const commentedText = fc.tuple(
  recordMap,
  fc.array(fc.constantFrom("", "# note\n", "\n", "#\n\n")),
  fc.constantFrom("\n", "\r\n"),
)
  .filter(([map]) => Object.keys(map).length > 0)
  .map(([map, gaps, newline]) =>
    Object.entries(map).map(([key, value], index) => (gaps[index] ?? "") + encodeDocument({ [key]: value }))
      .join("")
      .replaceAll("\n", newline)
  );

Deno.test("editBookkeeping() leaves every line of other keys byte-equal", async () => {
  await fc.assert(
    fc.asyncProperty(commentedText, fc.nat(), anyValue, fc.boolean(), async (text, pick, value, remove) => {
      const { entries, trailing } = splitBlockMap(text) ?? { entries: [], trailing: "" };
      const target = entries[pick % entries.length];
      assert(target !== undefined);
      const edited = await edit(text, { [target.key]: remove ? undefined : value });
      if (remove && entries.length === 1) return;
      const others = (source: string) => {
        const split = splitBlockMap(source);
        return split?.entries.filter(({ key }) => key !== target.key).map((entry) => entry.text);
      };
      assertEquals(others(edited), others(text));
      const comments = (source: string) => source.match(/^#.*$/gm);
      assertEquals(comments(edited), comments(text));
      assert(edited.endsWith(trailing));
    }),
  );
});

ruamelTest(
  "editBookkeeping() of a record written by ruamel.yaml is read by it, others untouched",
  async () => {
    const dumpableMap = recordMap
      .map((map): YamlMap => JSON.parse(JSON.stringify(map)))
      .filter((map) => Object.keys(map).length > 0 && !/[\u0085\u2028\u2029]/.test(JSON.stringify(map)));
    await fc.assert(
      fc.asyncProperty(fc.array(dumpableMap, { minLength: 100, maxLength: 100 }), async (maps) => {
        const texts = await ruamelDump(maps);
        const edited = await Promise.all(
          texts.map((text) => edit(text, { mode: "run", op: "2026-09-14", note: undefined })),
        );
        for (const [index, tagged] of (await ruamelLoad(edited)).entries()) {
          const { note: _gone, ...kept } = maps[index] ?? {};
          const expected = { ...kept, mode: "run", op: "2026-09-14" };
          assertEquals(normalizeTagged(tagged), tagValue(expected), edited[index]);
          const untouched = splitBlockMap(texts[index] ?? "")?.entries.filter(({ key }) =>
            !["mode", "note"].includes(key)
          );
          for (const { text } of untouched ?? []) assert(edited[index]?.includes(text), edited[index]);
        }
      }),
      { numRuns: 2, endOnFailure: true },
    );
  },
);
