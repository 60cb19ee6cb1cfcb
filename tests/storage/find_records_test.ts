import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { FindRecords } from "../../core/storage/find_records.ts";

/** What is read of an output that comes in pieces of this size. */
function read(output: string, pieceBytes = output.length): unknown[] {
  const seen: unknown[] = [];
  const records = new FindRecords({
    file: (...record) => void seen.push(record),
    endOfTree: () => void seen.push("end"),
  });
  const bytes = new TextEncoder().encode(output);
  for (let at = 0; at < bytes.length; at += pieceBytes) records.push(bytes.slice(at, at + pieceBytes));
  return seen;
}

Deno.test("FindRecords tells files, files with several names, and ends of trees apart", () => {
  const output = 'null,\n1,0,0,\n12,4096,8,"2049:18446744073709551615",\nnull,\nnull,\n';
  assertEquals(read(output), [
    "end",
    [1, 0, 0, null],
    [12, 4096, 8, "2049:18446744073709551615"],
    "end",
    "end",
  ]);
  assertEquals(read(""), []);
});

Deno.test("FindRecords reads the same whatever the pieces are", () => {
  const record = fc.oneof(
    fc.constant("null,\n"),
    fc.tuple(fc.nat(), fc.maxSafeNat(), fc.nat()).map((numbers) => `${numbers.join()},\n`),
    fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()).map(([a, b, c, d]) => `${a},${b},${c},"7:${d}",\n`),
  );
  fc.assert(fc.property(fc.array(record), fc.integer({ min: 1, max: 40 }), (lines, pieceBytes) => {
    const output = lines.join("");
    assertEquals(read(output, pieceBytes), read(output));
    assertEquals(read(output).length, lines.length);
  }));
});

Deno.test("FindRecords refuses what is no record", () => {
  const wrong = [
    "1,2,\n",
    "a\n",
    "1,2,3\n4,\n",
    "[1],2,3,\n",
    '"1",2,3,\n',
    "{},\n",
    "0".repeat(1000),
    "1,,2,3,\n",
  ];
  for (const output of wrong) {
    const error = assertThrows(
      () => read(output),
      AppError,
      "find printed what is no record of a file",
      output,
    );
    assertEquals(error.code, "storage_failed");
  }
});
