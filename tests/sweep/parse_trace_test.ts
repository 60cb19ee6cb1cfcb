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

Deno.test("parseTrace() passes over programs that strace lets go of", () => {
  const calls = parseTrace(`7  clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
9  write(5</r/a>, ""..., 8) = 8
9  execve("/usr/bin/podman", ["/usr/bin/podman", "start", "a"], 0x1 /* 9 vars */ <detached ...>
strace: Process 9 detached
7  <... clone resumed>) = 9
7  pidfd_open(9, PIDFD_NONBLOCK) = 6<anon_inode:[pidfd]>
10 fsync(5</r/a> <detached ...>
7  fsync(5</r/a>) = 0
`);
  assertEquals(calls.map(({ tid, syscall, ordinal }) => `${tid} ${syscall} ${ordinal}`), [
    "7 clone 1",
    "9 write 1",
    "9 execve 1",
    "7 pidfd_open 1",
    "10 fsync 1",
    "7 fsync 1",
  ]);
});

Deno.test("parseTrace() sees an injected failure, also where the call is interrupted by another thread", () => {
  assertEquals(parseTrace(TRACE).findIndex(({ isInjected }) => isInjected), 2);
});
