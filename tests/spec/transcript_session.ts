/**
 * Worlds in which transcripts are replayed, and the tests that do it.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { invariant } from "../../core/invariant.ts";
import { NO_GIT_CONFIG } from "../support/git_place.ts";
import { putUpstream } from "../support/git_tool.ts";
import { HOME, newProgram } from "../support/program.ts";
import type { ExecSession } from "./transcript.ts";
import { runTranscript } from "./transcript.ts";

/**
 * Registers one test per `*.txt` file of a directory. Each runs in a session of its own, made by
 * `newSession`; `world` names it in the test's name.
 */
export function testTranscripts(
  directory: string,
  world: string,
  newSession: () => Promise<ExecSession>,
): void {
  const names = [...Deno.readDirSync(directory)].map((entry) => entry.name);
  for (const name of names.filter((name) => name.endsWith(".txt")).sort()) {
    Deno.test(`transcript ${name} holds in ${world}`, async () => {
      await using session = await newSession();
      await runTranscript(join(directory, name), session);
    });
  }
}

/** A session of the program in this process, on a machine in memory. */
export function openMemorySession(): Promise<ExecSession> {
  const program = newProgram();
  putUpstream(program.host, join(HOME, "upstream"), "0123456789abcdef0123456789abcdef01234567");
  return Promise.resolve({
    names: { home: HOME },
    exec: (argv, stdin) => program.run(argv, { stdin }),
    async writeFile(path, text) {
      await Promise.resolve();
      program.host.files.put(join(HOME, path), text);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** A session of a compiled binary, with directories of its own that are removed at the end. */
export async function openBinarySession(
  binary: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ExecSession> {
  const home = await Deno.makeTempDir({ prefix: "carrel-transcript-" });
  const variables = {
    PATH: Deno.env.get("PATH") ?? "",
    HOME: home,
    CARREL_ROOT: join(home, "data"),
    CARREL_CONFIG_DIR: join(home, "config"),
    ...env,
  };
  await makeUpstream(join(home, "upstream"));
  return {
    names: { home },
    async exec(argv, stdin) {
      const child = new Deno.Command(binary, {
        args: [...argv],
        cwd: home,
        env: variables,
        clearEnv: true,
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      // A program that does not read its stdin may be gone before it was fed.
      const feeding = new Blob([stdin]).stream().pipeTo(child.stdin).catch(() => {});
      const { code, stdout, stderr } = await child.output();
      await feeding;
      const decoder = new TextDecoder();
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    },
    async writeFile(path, text) {
      await Deno.mkdir(dirname(join(home, path)), { recursive: true });
      await Deno.writeTextFile(join(home, path), text);
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(home, { recursive: true });
    },
  };
}

/** A repository of the real git with one commit. */
async function makeUpstream(dir: string): Promise<void> {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@localhost"];
  for (
    const args of [
      ["init", "--quiet", "--initial-branch", "main", dir],
      [...identity, "-C", dir, "commit", "--quiet", "--allow-empty", "--message", "first"],
    ]
  ) {
    const { success, stderr } = await new Deno.Command("git", { args, env: NO_GIT_CONFIG }).output();
    invariant(success, `git ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
}
