import { assertEquals } from "@std/assert";
import { readComplaint, VANISHED } from "../../core/storage/read_complaint.ts";

Deno.test("readComplaint() tells path and reason, with names as they are", () => {
  const cases: [line: string, path: string, reason: string][] = [
    ["find: '/t/./a b': Permission denied", "/t/./a b", "permission denied"],
    ["/usr/bin/find: '/t/./a': Permission denied", "/t/./a", "permission denied"],
    [String.raw`find: '/t/./it\'s': Permission denied`, "/t/./it's", "permission denied"],
    [String.raw`find: '/t/./two\nlines\\': Input/output error`, "/t/./two\nlines\\", "input/output error"],
    [String.raw`find: '/t/./r\303\251sum\303\251': Permission denied`, "/t/./résumé", "permission denied"],
    [
      "find: File system loop detected; '/t/./a' is part of the same file system loop as '/t'.",
      "/t/./a",
      "file system loop detected; is part of the same file system loop as '/t'",
    ],
  ];
  for (const [line, path, reason] of cases) assertEquals(readComplaint(line), { path, reason }, line);
});

Deno.test("readComplaint() shows the bytes of a name that is no UTF-8", () => {
  const line = String.raw`find: '/t/./bad\377\\': Permission denied`;
  assertEquals(readComplaint(line)?.path, String.raw`/t/./bad\377\\`);
});

Deno.test("readComplaint() knows what vanished, and takes other talk for no complaint", () => {
  const gone = readComplaint("find: '/t/./gone': No such file or directory");
  assertEquals(gone, { path: "/t/./gone", reason: VANISHED });
  assertEquals(readComplaint('time="2026" level=warning msg="no systemd"'), null);
  assertEquals(readComplaint("find: fts_read: Cannot allocate memory"), null);
  assertEquals(readComplaint(""), null);
});
