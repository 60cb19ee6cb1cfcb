import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { displayWidth, truncateText } from "../../core/text/display_width.ts";
import { newStyle } from "../../core/cli/style.ts";
import { formatTable } from "../../core/cli/table.ts";

const COLUMNS = [
  { header: "ID" },
  { header: "NAME", shrinks: true },
  { header: "N", align: "right" },
] as const;
const ROWS = [["a1", "a name of some length", "5"], ["b2", "書架", "100"]];
const plain = (columns: number | null) => ({ style: newStyle(false), columns });

Deno.test("formatTable() aligns by display width and leaves no blanks at line ends", () => {
  assertEquals(
    formatTable(COLUMNS, ROWS, plain(null)),
    "ID  NAME                     N\n" +
      "a1  a name of some length    5\n" +
      "b2  書架                   100\n",
  );
  assertEquals(formatTable([{ header: "A" }, { header: "B" }], [["x", ""]], plain(null)), "A  B\nx\n");
});

Deno.test("formatTable() shortens only columns that may shrink, only on a terminal", () => {
  assertEquals(
    formatTable(COLUMNS, ROWS, plain(20)),
    "ID  NAME           N\n" +
      "a1  a name of …    5\n" +
      "b2  書架         100\n",
  );
  const narrowest = formatTable(COLUMNS, ROWS, plain(1));
  assertEquals(narrowest.split("\n")[1], "a1  a name …    5");
  assertEquals(formatTable(COLUMNS, ROWS, plain(200)), formatTable(COLUMNS, ROWS, plain(null)));
});

Deno.test("formatTable() shortens the widest column first", () => {
  const columns = [{ header: "A", shrinks: true }, { header: "B", shrinks: true }];
  const rows = [["a".repeat(30), "b".repeat(12)]];
  assertEquals(
    formatTable(columns, rows, plain(24)).split("\n")[1],
    `${"a".repeat(10)}…  ${"b".repeat(10)}…`,
  );
});

Deno.test("formatTable() keeps a cell on its line and harmless", () => {
  assertEquals(formatTable([{ header: "A" }], [["x\ny\t\x1b[2J"]], plain(null)), "A\nx\\x0ay\\x09\\x1b[2J\n");
});

Deno.test("formatTable() fits every line into the terminal while columns can shrink", () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell), { maxLength: 5 }),
      fc.integer({ min: 18, max: 90 }),
      (rows, width) => {
        const columns = [{ header: "A", shrinks: true }, { header: "B", shrinks: true }];
        for (const line of formatTable(columns, rows, plain(width)).split("\n")) {
          assert(
            displayWidth(line) <= width,
          );
        }
      },
    ),
  );
});

Deno.test("displayWidth() counts cells", () => {
  const cases: [string, number][] = [
    ["", 0],
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["天地", 4],
    ["ｆｕ", 4],
    ["한글", 4],
    ["かな、", 6],
    ["\u{1f600}", 2],
    ["\u{1f1e9}\u{1f1ea}", 2],
    ["✓ →", 3],
    ["\u200b\u2060", 0],
  ];
  for (const [text, width] of cases) assertEquals(displayWidth(text), width, JSON.stringify(text));
});

Deno.test("truncateText() never exceeds its width and changes nothing that fits", () => {
  assertEquals(truncateText("天地玄黃", 4), "天…");
  assertEquals(truncateText("天地玄黃", 5), "天地…");
  assertEquals(truncateText("abc", 1), "…");
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, cells) => {
    const shortened = truncateText(text, cells);
    assert(displayWidth(shortened) <= cells);
    if (displayWidth(text) <= cells) assertEquals(shortened, text);
  }));
});

Deno.test("truncateText() closes a style that it cut into", () => {
  const marked = newStyle(true).green("abcdef");
  const shortened = truncateText(marked, 3);
  assertEquals([shortened.at(0), shortened.slice(1, -1), shortened.at(-1)], [
    marked.at(0),
    "ab…",
    marked.at(-1),
  ]);
});
