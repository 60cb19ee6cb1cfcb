/**
 * Repositories of the real git in a temporary directory, whatever this machine's user has configured.
 *
 * @module
 */
import { dirname, join } from "@std/path";

/** A directory with an upstream in it. */
export interface GitPlace extends AsyncDisposable {
  readonly dir: string;
  /** A repository with a working tree, on the branch `main`. */
  readonly upstream: string;
  /** Runs git in the upstream (or `at`); what it printed. Fails the test when git does. */
  git(args: readonly string[], at?: string): Promise<string>;
  /** Writes files into the upstream and commits everything; the commit. */
  commit(files: Readonly<Record<string, string>>, message?: string): Promise<string>;
}

/** Variables under which git reads no configuration but a repository's own. */
export const NO_GIT_CONFIG = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

const IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@localhost"];

/** Makes a place; its upstream has no commit yet. */
export async function newGitPlace(): Promise<GitPlace> {
  const dir = await Deno.makeTempDir({ prefix: "carrel-git-" });
  const upstream = join(dir, "upstream");
  const git: GitPlace["git"] = async (args, at = upstream) => {
    const command = new Deno.Command("git", {
      args: [...IDENTITY, "-C", at, ...args],
      env: NO_GIT_CONFIG,
      stdout: "piped",
      stderr: "piped",
    });
    const { success, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    if (!success) throw new TypeError(`git ${args.join(" ")}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout).trim();
  };
  await Deno.mkdir(upstream);
  await git(["init", "--quiet", "--initial-branch", "main"]);
  return {
    dir,
    upstream,
    git,
    async commit(files, message = "change") {
      for (const [path, text] of Object.entries(files)) {
        await Deno.mkdir(dirname(join(upstream, path)), { recursive: true });
        await Deno.writeTextFile(join(upstream, path), text);
      }
      await git(["add", "--all", "--force"]);
      await git(["commit", "--quiet", "--allow-empty", "--message", message]);
      return await git(["rev-parse", "HEAD"]);
    },
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}
