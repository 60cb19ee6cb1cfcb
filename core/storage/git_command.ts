/**
 * git on the host: in carrel's own directories only, never where an agent can write.
 *
 * Whatever is configured, no hook, file system monitor or template runs, submodules stay away, and nothing
 * asks a question. Which configuration is read at all depends on what a call is for.
 *
 * @module
 */
import { AppError, isAppError } from "../error.ts";
import type { CommandResult, Host } from "../port/host.ts";

/**
 * Whose configuration git reads. `user`: as if the person had typed it, for reaching an upstream (proxies,
 * credential helpers, other names of hosts). `none`: the repository's own alone, for everything that touches
 * content, so that no filter exists which a repository could name.
 */
export type GitScope = "user" | "none";

const SETTINGS = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.attributesFile": "/dev/null",
  // Reflogs would name this host's user and places.
  "core.logAllRefUpdates": "false",
  "submodule.recurse": "false",
  "fetch.recurseSubmodules": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "advice.detachedHead": "false",
  "credential.interactive": "false",
  "http.lowSpeedLimit": "1",
  "http.lowSpeedTime": "60",
};

/** Variables of git that say how an upstream is reached, rather than where a repository is. */
const TRANSPORT = /^GIT_(?:SSH|SSL|PROXY|HTTP|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY|VALUE))(?:_|$)/;

const NO_QUESTIONS = {
  GIT_TERMINAL_PROMPT: "0",
  // Empty: neither this nor core.askPass nor SSH_ASKPASS is run.
  GIT_ASKPASS: "",
  SSH_ASKPASS_REQUIRE: "never",
  GCM_INTERACTIVE: "never",
};

const NO_CONFIGURATION = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_ATTR_NOSYSTEM: "1",
};

/**
 * The argv of a call.
 *
 * @example
 * ```ts
 * import { gitArgv } from "./git_command.ts";
 * import { assert, assertEquals } from "@std/assert";
 * const argv = gitArgv(["fsck"]);
 * assertEquals([argv[0], argv.at(-1)], ["git", "fsck"]);
 * assert(argv.includes("core.hooksPath=/dev/null"));
 * ```
 */
export function gitArgv(args: readonly string[]): readonly [string, ...string[]] {
  return ["git", ...Object.entries(SETTINGS).flatMap(([key, value]) => ["-c", `${key}=${value}`]), ...args];
}

/**
 * The whole environment of a call, made from carrel's own.
 *
 * @example
 * ```ts
 * import { gitEnv } from "./git_command.ts";
 * import { assertEquals } from "@std/assert";
 * const own = { HOME: "/home/ada", GIT_DIR: "/elsewhere", GIT_SSH_COMMAND: "ssh -4" };
 * const { HOME, GIT_DIR, GIT_SSH_COMMAND, GIT_CONFIG_GLOBAL } = gitEnv(own, "user");
 * assertEquals([HOME, GIT_DIR, GIT_SSH_COMMAND, GIT_CONFIG_GLOBAL], ["/home/ada", undefined, "ssh -4", undefined]);
 * assertEquals(gitEnv(own, "none").GIT_CONFIG_GLOBAL, "/dev/null");
 * ```
 */
export function gitEnv(
  own: Readonly<Record<string, string>>,
  scope: GitScope,
): Record<string, string> {
  const kept = Object.entries(own)
    .filter(([name]) => !name.startsWith("GIT_") || (scope === "user" && TRANSPORT.test(name)));
  return {
    ...Object.fromEntries(kept),
    ...NO_QUESTIONS,
    ...(scope === "none" ? NO_CONFIGURATION : {}),
    // A helper program of another name is never run, whatever an address is rewritten to.
    GIT_ALLOW_PROTOCOL: "file:git:http:https:ssh:ftp:ftps",
    LC_ALL: "C",
  };
}

/** Runs git to its end, or for `timeoutMs`. Throws `wrong_state` when this host has no git. */
export async function runGit(
  { processes, env }: Pick<Host, "processes" | "env">,
  scope: GitScope,
  args: readonly string[],
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<CommandResult> {
  try {
    return await processes.run({
      argv: gitArgv(args),
      // Nothing above the root can be taken for a repository.
      cwd: "/",
      env: gitEnv(env.all(), scope),
      clearEnv: true,
      timeoutMs,
    });
  } catch (error) {
    if (!isAppError(error, "command_failed") || error.details.missing !== true) throw error;
    throw new AppError("wrong_state", "this host has no git, which clone caches need", {
      hint: "install git; tasks run without a cache too, each cloning for itself",
      cause: error,
    });
  }
}

/**
 * What git complained of, in one sentence that holds no password.
 *
 * @example
 * ```ts
 * import { gitSentence } from "./git_command.ts";
 * import { assertEquals } from "@std/assert";
 * const stderr = "remote: hm\nfatal: unable to access 'https://ada:pw@example.org/a.git/': no route\n";
 * assertEquals(gitSentence(stderr), "unable to access 'https://***@example.org/a.git/': no route");
 * ```
 */
export function gitSentence(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const fatal = lines.find((line) => line.startsWith("fatal: ")) ??
    lines.find((line) => line.startsWith("error: "));
  const sentence = (fatal ?? lines.at(-1) ?? "").replace(/^(?:fatal|error): /, "");
  return sentence.replace(/\/\/[^/\s]*@/g, "//***@").replace(/\.$/, "");
}
