/** Tests of further podman arguments. @module */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parsePodmanArgs } from "../../core/config/parse_podman_args.ts";
import { AppError } from "../../core/error.ts";

/** Every option that is refused, whatever its value. */
const DENIED = [
  ..."name replace annotation label-file pod pod-id-file init-ctr".split(" "),
  ..."rm rmi purge detach attach restart timeout stop-timeout help".split(" "),
  ..."privileged security-opt seccomp-policy cap-add cap-drop userns uidmap gidmap".split(" "),
  ..."subuidname subgidname pid volumes-from env env-file env-host env-merge unsetenv unsetenv-all".split(
    " ",
  ),
  ..."network net user workdir memory cpus pids-limit pull log-driver log-opt entrypoint rootfs".split(" "),
  ..."hooks-dir conmon network-cmd-path runtime-flag connection url remote identity ssh context".split(" "),
  ..."host config module namespace ns root runroot imagestore storage-driver storage-opt tmpdir".split(" "),
  ..."volumepath transient-store db-backend events-backend cgroup-manager network-config-dir".split(" "),
  ..."noout out log-level syslog".split(" "),
];

Deno.test("parsePodmanArgs() refuses each denied option in both forms, and says why", () => {
  for (const name of DENIED) {
    for (const args of [[`--${name}=x`], [`--${name}`, "x"], [`--${name}`], ["--tty", `--${name}=x`]]) {
      const error = assertThrows(() => parsePodmanArgs(args), AppError, `--${name} cannot be given here: `);
      assertEquals(error.code, "invalid_value");
    }
  }
});

Deno.test("parsePodmanArgs() refuses the short forms, attached and in clusters", () => {
  for (
    const args of [
      ["-eA=1"],
      ["-e", "A=1"],
      ["-e=A=1"],
      ["-ite", "A=1"],
      ["-d"],
      ["-td"],
      ["-a", "stdout"],
      ["-m4g"],
      ["-u", "0"],
      ["-uroot"],
      ["-w/"],
      ["-r"],
      ["-x"],
    ]
  ) assertThrows(() => parsePodmanArgs(args), AppError, undefined, args.join(" "));
});

Deno.test("parsePodmanArgs() writes each option as one word", () => {
  const cases: [string[], string[]][] = [
    [[], []],
    [["--shm-size", "1g"], ["--shm-size=1g"]],
    [["--shm-size=1g", "--init"], ["--shm-size=1g", "--init"]],
    [["--device", "/dev/fuse", "--group-add=keep-groups"], ["--device=/dev/fuse", "--group-add=keep-groups"]],
    [["-p", "8000:80", "-p8001:81"], ["--publish=8000:80", "--publish=8001:81"]],
    [["-itv/srv/x:/x"], ["--interactive", "--tty", "--volume=/srv/x:/x"]],
    [["--dns", "--privileged"], ["--dns=--privileged"]],
    [["--tty=false"], ["--tty=false"]],
    [["-l", "team=a"], ["--label=team=a"]],
    [["--runtime", "crun"], ["--runtime=crun"]],
  ];
  for (const [args, words] of cases) assertEquals(parsePodmanArgs(args), words);
});

Deno.test("parsePodmanArgs() refuses what podman would take for the image, or for nothing", () => {
  for (
    const args of [
      ["alpine"],
      ["--tty", "alpine"],
      ["--shm-size=1g", "alpine"],
      ["--"],
      ["-"],
      [""],
      ["--"],
      ["---x"],
      ["--Name=x"],
      ["--shm-size"],
      ["-p"],
      ["--init", "--device"],
    ]
  ) assertThrows(() => parsePodmanArgs(args), AppError, undefined, args.join(" "));
});

Deno.test("parsePodmanArgs() keeps carrel's labels, mounts and programs carrel's", () => {
  for (
    const arg of [
      "--label=carrel.task=x",
      "-lcarrel.project=y",
      "--volume=/x:/workspace",
      "--volume=/x:/workspace/:z",
      "--volume=/home/dev/.terok",
      "-v/x:/home/dev/.terok/prompt.txt:ro",
      "--mount=type=bind,src=/x,dst=/workspace",
      "--mount=type=tmpfs,destination=/a/../workspace",
      "--mount=type=bind,source=/x, target=/home/dev/.terok",
      '--mount=type=bind,"target=/workspace"',
      "--tmpfs=/workspace:size=1m",
      "--tmpfs=/upstream",
      "--runtime=/tmp/evil",
      "--add-host=a\nb",
    ]
  ) assertThrows(() => parsePodmanArgs([arg]), AppError, undefined, arg);
  const fine = [
    "--volume=/x:/data:ro",
    "--mount=type=tmpfs,dst=/cache",
    "--tmpfs=/run",
    "--label=a=carrel.b",
  ];
  assertEquals(parsePodmanArgs(fine), fine);
});

Deno.test("parsePodmanArgs() never lets a denied option through, whatever surrounds it", () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...DENIED.map((name) => `--${name}`),
      "-e",
      "-d",
      "-u",
      "-it",
      "--tty",
      "--dns",
      "--shm-size=1",
    ),
    fc.string(),
  );
  fc.assert(fc.property(fc.array(word, { maxLength: 6 }), (args) => {
    let words: readonly string[];
    try {
      words = parsePodmanArgs(args);
    } catch (error) {
      return assert(error instanceof AppError);
    }
    for (const each of words) {
      const name = /^--([a-z][^=]*)/.exec(each)?.[1];
      assert(name !== undefined && !DENIED.includes(name), each);
    }
    // One word each: reading them again changes nothing.
    assertEquals(parsePodmanArgs(words), words);
  }));
});
