/**
 * A held command: it runs when it is let go, and then as if no shell had held it; on the real machine.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { AppError } from "../../../core/error.ts";
import { newDenoHost } from "../../../core/host/deno_host.ts";
import { newMemoryHost } from "../../../core/host/memory_host.ts";
import type { CommandResult } from "../../../core/port/host.ts";
import { GO, type HeldProgram, holdCommand } from "../../../runtimes/process/held_command.ts";

const host = newDenoHost();
/** The shells that are `/bin/sh` somewhere: on Debian, Fedora, Alpine; this machine may lack some. */
const SHELLS = [["/bin/sh"], ["/bin/dash"], ["/bin/bash", "--posix"], ["/bin/busybox", "sh"]] as const;
const here = SHELLS.filter(([path]) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

async function runHeld(program: HeldProgram, shell: readonly string[], stdin = GO): Promise<CommandResult> {
  const { argv, ...held } = await holdCommand(host.files, program);
  const [first = "", ...rest] = shell;
  return await host.processes.run({ argv: [first, ...rest, ...argv.slice(1)], ...held, stdin });
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Names that shells set, count, sort out or refuse, and values that some read wrongly. */
function awkwardEnv(): Record<string, string> {
  const names =
    `A UID EUID PPID PWD OLDPWD SHLVL _ RANDOM SRANDOM SECONDS EPOCHSECONDS EPOCHREALTIME LINENO IFS OPTIND
    OPTARG OPTERR PS1 PS2 PS3 PS4 SHELLOPTS BASHOPTS BASH BASHPID BASH_VERSION BASH_VERSINFO BASH_ENV BASH_ARGV0
    BASH_ALIASES BASH_CMDS BASH_SOURCE BASH_LINENO BASH_COMMAND BASH_REMATCH BASH_XTRACEFD ENV LC_ALL LANG TERM
    POSIXLY_CORRECT GROUPS HISTCMD HISTFILE HISTSIZE DIRSTACK FUNCNAME PIPESTATUS MAIL MAILCHECK MAILPATH HOME
    HOSTNAME HOSTTYPE MACHTYPE OSTYPE COLUMNS LINES PATH TZ CDPATH FCEDIT COMP_WORDBREAKS GLOBIGNORE IGNOREEOF
    TIMEFORMAT TMOUT REPLY FIGNORE EXECIGNORE FPATH KSH_VERSION histchars auto_resume v_ v_A n LD_CARREL`;
  const every = String.fromCodePoint(...Array.from({ length: 0x300 }, (_, at) => at + 1));
  return {
    ...Object.fromEntries(names.split(/\s+/).map((name) => [name, `of ${name}`])),
    EMPTY: "",
    LINES_OF_TEXT: "\none\n\ntwo\n\n",
    QUOTES: `it's "quoted" \`$HOME\` $(false) \${A} \\n \\`,
    SPACES: "  lead * and ~ trail  ",
    EVERY: every,
    LONG: "東京🦆".repeat(10_000),
    "no-shell.name": "still passed",
  };
}

for (const shell of here) {
  const words = shell.join(" ");

  Deno.test(`holdCommand() under ${words}: the command gets exactly its environment`, async () => {
    const [bare, awkward] = [{}, awkwardEnv()];
    for (const env of [bare, { ...bare, SHLVL: "7" }, awkward]) {
      const { code, stdout, stderr } = await runHeld({ path: "/usr/bin/env", args: ["-0"], env }, shell);
      const found = textOf(stdout).split("\0").filter((each) => each !== "");
      assertEquals(found.sort(), Object.entries(env).map(([name, value]) => `${name}=${value}`).sort());
      assertEquals([code, textOf(stderr)], [0, ""]);
    }
  });

  Deno.test(`holdCommand() under ${words}: arguments, an empty stdin, no other open file`, async () => {
    const args = ["", " ", "a b", "$HOME", "*", "it's", '"', "line\nbreak", "--", "-x", "A=b", "東京"];
    const script = 'cat; for word; do printf "%s|" "$word"; done; cd /proc/self/fd; printf "%s " *';
    const program = { path: "/bin/sh", args: ["-c", script, "sh", ...args], env: {} };
    const [bare, held] = [
      await host.processes.run({ argv: ["/bin/sh", ...program.args], clearEnv: true }),
      await runHeld(program, shell),
    ];
    assertEquals([held.code, textOf(held.stdout)], [0, textOf(bare.stdout)]);
    assert(textOf(held.stdout).startsWith(args.map((word) => `${word}|`).join("")));
  });

  Deno.test(`holdCommand() under ${words}: signals are neither blocked nor ignored`, async () => {
    const program = { path: "/usr/bin/grep", args: ["-E", "^Sig(Blk|Ign)", "/proc/self/status"], env: {} };
    const bare = await host.processes.run({ argv: [program.path, ...program.args], clearEnv: true });
    assertEquals(textOf((await runHeld(program, shell)).stdout), textOf(bare.stdout));
  });

  Deno.test(`holdCommand() under ${words}: a command that is never let go never runs`, async () => {
    const nothing = new Uint8Array(0);
    const program = { path: "/bin/echo", args: ["ran"], env: {} };
    for (const input of [nothing, GO.subarray(0, 2)]) {
      const { code, stdout, stderr } = await runHeld(program, shell, input);
      assertEquals([code === 0, textOf(stdout), textOf(stderr)], [false, "", ""]);
    }
  });

  Deno.test(`holdCommand() under ${words}: a program that has gone meanwhile ends with 127 or 126, and says so`, async () => {
    for (const [path, exit] of [["/no/such", 127], ["/etc/passwd", 126]] as const) {
      const { code, stdout, stderr } = await runHeld({ path, args: [], env: { PATH: "/bin" } }, shell);
      assertEquals([code, textOf(stdout)], [exit, ""]);
      assert(textOf(stderr).includes(path), textOf(stderr));
    }
  });

  Deno.test(`holdCommand() under ${words}: a path with = is no variable, a script without #! is run by sh`, async () => {
    const directory = await Deno.makeTempDir({ prefix: "a=b" });
    try {
      const path = join(directory, "tool=x");
      for (const [text, name] of [['#!/bin/sh\necho "$0 $1"', "script"], ['echo "$0 $1"', "bare script"]]) {
        await Deno.writeTextFile(path, text ?? "", { mode: 0o755 });
        const { stdout } = await runHeld({ path, args: ["one"], env: {} }, shell);
        assertEquals(textOf(stdout), `${path} one\n`, name);
      }
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}

Deno.test("holdCommand() shows no value on its argv but those that name a shell's or a loader's own settings", async () => {
  const { files } = newMemoryHost();
  const env = { TOKEN: "secret", LD_PRELOAD: "shown", "a.b": "shown" };
  const { argv } = await holdCommand(files, { path: "/bin/true", args: [], env });
  assertEquals(argv.slice(-3), ["LD_PRELOAD=shown", "a.b=shown", "/bin/true"]);
  assert(!argv.some((word) => word.includes("secret")));
});

Deno.test("holdCommand() refuses what env would take for a variable, where nothing helps", async () => {
  const { files } = newMemoryHost();
  const program = { path: "/a=b/tool", args: [], env: {} };
  assertEquals((await assertRejects(() => holdCommand(files, program), AppError)).code, "command_failed");
});
