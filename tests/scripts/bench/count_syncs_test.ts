import { assertEquals } from "@std/assert";
import { countMarked } from "../../../scripts/bench/count_syncs.ts";

Deno.test("countMarked() counts the flushes between two marks, per call", () => {
  const trace = `7 fsync(3) = 0
7 statx(AT_FDCWD, "/bench-mark/store.write", 0) = -1 ENOENT (No such file or directory)
7 fsync(9 <unfinished ...>
8 statx(AT_FDCWD, "/elsewhere", 0) = 0
7 <... fsync resumed>) = 0
8 fdatasync(9) = 0
7 newfstatat(AT_FDCWD, "/bench-mark/store.read", 0, 0) = -1 ENOENT (No such file or directory)
`;
  assertEquals([...countMarked(trace, 2)], [["store.write", 1], ["store.read", 0]]);
});
