import { assertEquals } from "@std/assert";
import { parseTrace } from "../../scripts/sweep/parse_trace.ts";
import {
  errorPoints,
  killPoints,
  normalisePath,
  struckByError,
  struckByKill,
} from "../../scripts/sweep/points.ts";

const RULES = { places: { root: "/s/root", config: "/s/config" } };
const [ONE, TWO] = ["0123456789abcdef", "fedcba9876543210"];

/** A run in which a record is written twice, a program and a thread are started, and an answer is given. */
function run(id: string, [first, second]: readonly [string, string]): string {
  const record = `/s/root/core/projects/demo/tasks/${id}_meta.yml`;
  const temporary = (hex: string) => `/s/root/core/projects/demo/tasks/.${id}_meta.yml.${hex}.tmp`;
  return [first, second].map((hex) =>
    `7  openat(AT_FDCWD</s>, "${temporary(hex)}", O_WRONLY|O_CREAT|O_EXCL, 0600) = 5<${temporary(hex)}>
8  fsync(5<${temporary(hex)}>) = 0
7  rename("${temporary(hex)}", "${record}") = 0
`
  ).join("") +
    `7  clone3({flags=CLONE_VM|CLONE_THREAD, stack=0x1}, 88) = 9
7  clone(child_stack=NULL, flags=SIGCHLD) = 10
10 execve("/usr/bin/podman", ["/usr/bin/podman", "start"], 0x1 /* 9 vars */ <detached ...>
7  pidfd_open(10, PIDFD_NONBLOCK) = 7<anon_inode:[pidfd]>
7  openat(AT_FDCWD</s>, "/etc/passwd", O_RDONLY) = 6</etc/passwd>
7  write(1<pipe:[3]>, ""..., 9) = 9
`;
}

Deno.test("killPoints() are the same in each run, whatever names were drawn", () => {
  const keys = (text: string) => killPoints(parseTrace(text), RULES).map(({ key }) => key);
  assertEquals(keys(run("q7w2x", [ONE, TWO])), keys(run("b8y3z", [TWO, ONE])));
  assertEquals(keys(run("q7w2x", [ONE, TWO])), [
    "fsync root/core/projects/demo/tasks/.TASK_meta.yml.HEX.tmp #1",
    "rename root/core/projects/demo/tasks/.TASK_meta.yml.HEX.tmp root/core/projects/demo/tasks/TASK_meta.yml #1",
    "fsync root/core/projects/demo/tasks/.TASK_meta.yml.HEX.tmp #2",
    "rename root/core/projects/demo/tasks/.TASK_meta.yml.HEX.tmp root/core/projects/demo/tasks/TASK_meta.yml #2",
    "clone a program #1",
    "pidfd_open a program #1",
    "write stdout #1",
  ]);
});

Deno.test("errorPoints() are calls on carrel's own files, with what can go wrong there", () => {
  const points = errorPoints(parseTrace(run("q7w2x", [ONE, TWO])), RULES);
  const found = points.filter(({ key }) => key.includes("#1")).map(({ syscall, errno }) =>
    `${syscall} ${errno}`
  );
  assertEquals(found, [
    "openat EMFILE",
    "openat ENOSPC",
    "fsync ENOSPC",
    "fsync EIO",
    "rename ENOSPC",
    "rename EIO",
  ]);
});

Deno.test("struckByKill() finds the point from the count that strace was given", () => {
  const calls = parseTrace(`8  fsync(5</s/root/a>) = 0\n8  fsync(5</s/root/a> <unfinished ...>\n`);
  const point = { key: "", syscall: "fsync", ordinal: 2 };
  assertEquals(struckByKill(calls, RULES, point), "fsync root/a #2");
  assertEquals(struckByKill(calls, RULES, { ...point, ordinal: 3 }), null);
});

Deno.test("struckByError() tells a failure elsewhere from one on carrel's own files", () => {
  const point = { key: "", syscall: "fsync", ordinal: 1, errno: "EIO" } as const;
  const failing = (path: string) =>
    parseTrace(`8  fsync(5<${path}>) = -1 EIO (Input/output error) (INJECTED)\n`);
  assertEquals(struckByError(failing("/s/root/a"), RULES, point), "fsync root/a #1 EIO");
  assertEquals(struckByError(failing("/proc/self"), RULES, point), null);
  assertEquals(struckByError([...failing("/s/root/a"), ...failing("/proc/self")], RULES, point), null);
  assertEquals(struckByError([], RULES, point), null);
});

Deno.test("normalisePath() takes out ids and times, and keeps what people name", () => {
  for (
    const [path, normal] of [
      ["root/archive/demo/tasks/20261126T013200806885Z_k2qwg_b/x", "root/archive/demo/tasks/TIME_TASK_b/x"],
      ["root/core/locks/demo/q7w2x.lock", "root/core/locks/demo/TASK.lock"],
      ["root/core/state.db-wal", "root/core/state.db-wal"],
      ["config/projects/doomed/project.yml", "config/projects/doomed/project.yml"],
    ] as const
  ) assertEquals(normalisePath(path), normal);
});
