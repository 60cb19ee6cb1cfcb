import { assertEquals } from "@std/assert";
import { parseTrace } from "../../scripts/sweep/parse_trace.ts";

const TRACE = `7  openat(AT_FDCWD</w>, "/r/a.tmp", O_WRONLY|O_CREAT|O_CLOEXEC, 0600) = 5</r/a.tmp>
7  write(5</r/a.tmp>, ""..., 187) = 187
8  fsync(5</r/a.tmp> <unfinished ...>
7  rename("/r/a.tmp", "/r/a") = 0
8  <... fsync resumed>) = -1 EIO (Input/output error) (INJECTED)
7  write(1<pipe:[12]>, ""..., 9) = 9
7  write(4<anon_inode:[eventfd]>, ""..., 8) = 8
8  fsync(6</r>) = 0
7  --- SIGCHLD {si_signo=SIGCHLD} ---
7  +++ killed by SIGKILL +++
`;

Deno.test("parseTrace() reads calls with their paths, and passes over the rest", () => {
  assertEquals(parseTrace(TRACE).map(({ syscall, paths }) => [syscall, ...paths]), [
    ["openat", "/r/a.tmp"],
    ["write", "/r/a.tmp"],
    ["fsync", "/r/a.tmp"],
    ["rename", "/r/a.tmp", "/r/a"],
    ["write", "stdout"],
    ["write", "anon_inode:[eventfd]"],
    ["fsync", "/r"],
  ]);
});

Deno.test("parseTrace() counts calls for each thread, as strace does", () => {
  const counted = parseTrace(TRACE).map(({ tid, syscall, ordinal }) => `${tid} ${syscall} ${ordinal}`);
  assertEquals(counted, [
    "7 openat 1",
    "7 write 1",
    "8 fsync 1",
    "7 rename 1",
    "7 write 2",
    "7 write 3",
    "8 fsync 2",
  ]);
});

Deno.test("parseTrace() sees an injected failure, also where the call is interrupted by another thread", () => {
  assertEquals(parseTrace(TRACE).findIndex(({ isInjected }) => isInjected), 2);
});
