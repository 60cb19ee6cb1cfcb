import { assertEquals, assertThrows } from "@std/assert";
import { bytesOf, openedPath, parseStorageTrace, textOf } from "../../scripts/sweep/parse_storage_trace.ts";
import { hex } from "./storage_lines.ts";

const TRACE = `7  openat(AT_FDCWD<${hex("/w")}>, "${hex("a")}", O_WRONLY|O_CREAT, 0600) = 5<${hex("/w/a")}>
7  write(5<${hex("/w/a")}>, "${hex('", )')}", 4) = 4
8  fsync(5<${hex("/w/a")}> <unfinished ...>
7  mkdir("${hex("/w/ä")}", 0700) = -1 EEXIST (File exists)
7  rename("${hex("/w/a")}", "${hex("/w/b")}") = 0
8  <... fsync resumed>)              = 0
7  fsync(5<${hex("/w/b")}>(deleted)) = 0
7  +++ exited with 0 +++
`;

Deno.test("parseStorageTrace() gives the calls that succeeded, in the order of their ends", () => {
  const calls = parseStorageTrace(TRACE).map(({ tid, syscall, begun }) => [tid, syscall, begun]);
  assertEquals(calls, [
    [7, "openat", 0],
    [7, "write", 1],
    [7, "rename", 2],
    [8, "fsync", 2],
    [7, "fsync", 4],
  ]);
});

Deno.test("parseStorageTrace() keeps every byte, and the names of what is open", () => {
  const [opened, written, , , deleted] = parseStorageTrace(TRACE);
  assertEquals([openedPath(opened?.args[0]), textOf(opened?.args[1]), opened?.args[3]], ["/w", "a", "0600"]);
  assertEquals([openedPath(written?.args[0]), bytesOf(written?.args[1])], [
    "/w/a",
    new TextEncoder().encode('", )'),
  ]);
  assertEquals(openedPath(deleted?.args[0]), null);
});

Deno.test("parseStorageTrace() refuses a trace in which bytes are missing", () => {
  const cut = `7  write(5<${hex("/w/a")}>, "${hex("a")}"..., 9) = 9\n`;
  assertThrows(() => parseStorageTrace(cut), SyntaxError, "cut off");
});
