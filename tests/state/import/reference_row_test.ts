import { assertEquals, assertThrows } from "@std/assert";
import { StorageError } from "../../../core/state/errors.ts";
import { newTextEncoding, ReferenceRow } from "../../../core/state/import/reference_row.ts";
import type { ForeignCell } from "../../../core/state/sqlite/connection.ts";

const UTF_8 = newTextEncoding("UTF-8");
const rowOf = (cells: Readonly<Record<string, ForeignCell>>) =>
  new ReferenceRow({ _rowid_: 3n, ...cells }, UTF_8);
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("ReferenceRow takes the first column that holds something", () => {
  const row = rowOf({ contract: null, manifest: bytes("{}"), a: bytes("x"), b: bytes("y") });
  assertEquals(row.json("contract", "manifest"), "{}");
  assertEquals(row.text("a", "b"), "x");
  assertEquals(row.textOrNull("contract"), null);
  assertEquals(row.textOrNull("no such column"), null);
});

Deno.test("ReferenceRow names a row by the columns that hold something, well-formed or not", () => {
  const row = rowOf({ a: bytes("x"), b: null, c: 5n, d: new Uint8Array([0xff]) });
  assertEquals([row.name(["a", "b", "c"]), row.name(["d"]), row.name(["b"])], ["x 5", "\ufffd", null]);
});

Deno.test("ReferenceRow gives what stands for nothing only where nothing is", () => {
  const row = rowOf({ zero: 0n, empty: bytes(""), none: null });
  assertEquals([row.integer("zero", 7), row.integer("none", 7)], [0, 7]);
  assertEquals([row.json("empty"), row.json("none"), row.jsonOrNull("none")], ["", "{}", null]);
  assertEquals([row.amount("zero"), row.amount("none")], [0, 0]);
  assertEquals(row.timeOrNull("none"), null);
});

Deno.test("ReferenceRow keeps a mark of byte order that a text begins with", () => {
  assertEquals(rowOf({ a: new Uint8Array([0xef, 0xbb, 0xbf, 0x61]) }).text("a"), "\ufeffa");
});

/** What is refused, by the sentence that says why. */
const REFUSALS: Readonly<Record<string, (row: ReferenceRow) => unknown>> = {
  "none is missing": (row) => row.text("none"),
  "data is not UTF-8": (row) => row.text("data"),
  "fraction must be an integer": (row) => row.integer("fraction", 0),
  "huge must be an integer": (row) => row.integer("huge", 0),
  "word must be an integer": (row) => row.integer("word", 0),
  "word is not JSON": (row) => row.json("word"),
  'word is not a number: "many"': (row) => row.amount("word"),
  'hex is not a number: "0x10"': (row) => row.amount("hex"),
  "debt must be a number from 0 up": (row) => row.amount("debt"),
  'word is not a time: "many"': (row) => row.timeOrNull("word"),
  'huge is not a time: "9007199254740993"': (row) => row.timeOrNull("none", "huge"),
};
for (const [why, read] of Object.entries(REFUSALS)) {
  Deno.test(`ReferenceRow refuses: ${why}`, () => {
    const row = rowOf({
      none: null,
      data: new Uint8Array([0xff]),
      fraction: 1.5,
      huge: 9007199254740993n,
      word: bytes("many"),
      hex: bytes("0x10"),
      debt: -1,
    });
    const error = assertThrows(() => read(row), StorageError);
    assertEquals([error.code, error.message], ["invalid_value", why]);
  });
}
