/**
 * git for a machine in memory, as far as carrel calls it on the host.
 *
 * An upstream is a directory with a file `refs`, which says what `git ls-remote --symref` prints. A clone has
 * its refs in `.git/packed-refs`, its objects in one pack, and a checked out file that names its commit.
 *
 * @module
 */
import type { CommandHandler, ScriptedResult } from "../../core/host/memory_processes.ts";
import type { MemoryHost } from "../../core/host/memory_host.ts";
import { parseRemoteRefs } from "../../core/storage/git_refs.ts";

/** The file that is checked out. */
export const TRACKED = "README";

/** What it says at a commit. */
export function trackedText(commit: string): string {
  return `at ${commit}\n`;
}

/** Makes an upstream at a path of the machine, or moves it on. */
export function putUpstream(
  { files }: Pick<MemoryHost, "files">,
  path: string,
  commit: string,
  branch = "main",
): void {
  const refs = [`ref: refs/heads/${branch}\tHEAD`, `${commit}\tHEAD`, `${commit}\trefs/heads/${branch}`];
  files.put(`${path}/refs`, refs.map((line) => `${line}\n`).join(""));
}

/** Plays git; other programs are not its own. */
export function newGitTool({ files }: Pick<MemoryHost, "files">): CommandHandler {
  return ({ argv }) => {
    if (argv[0] !== "git") return undefined;
    const words = withoutSettings(argv.slice(1));
    const dir = words.values.get("-C") ?? words.values.get("--git-dir")?.replace(/\/\.git$/, "") ?? "";
    const [verb, ...rest] = words.args;
    switch (verb) {
      case "ls-remote":
        return readOr(`${rest.at(-1)}/refs`, notARepository(rest.at(-1)));
      case "clone":
        return clone(rest);
      case "checkout":
        return checkout(dir);
      case "fsck":
        return fsck(dir);
      case "show-ref":
        return readOr(`${dir}/.git/packed-refs`, notARepository(dir));
      case "rev-parse":
        return revParse(dir);
      case "config":
        return config(rest);
      default:
        return { code: 1, stderr: `git: '${verb}' is not a git command.\n` };
    }
  };

  async function readOr(path: string, otherwise: ScriptedResult): Promise<ScriptedResult> {
    return await files.info(path) === null ? otherwise : { stdout: await files.readText(path) };
  }

  async function clone(words: readonly string[]): Promise<ScriptedResult> {
    const [url = "", dir = ""] = words.slice(-2);
    if (await files.info(`${url}/refs`) === null) return notARepository(url);
    const remote = parseRemoteRefs(await files.readText(`${url}/refs`));
    const branch = words.includes("--branch") ? words[words.indexOf("--branch") + 1] : remote.branch;
    const head = branch === null ? remote.head : remote.refs.get(`heads/${branch}`);
    const refs = [...remote.refs].map(([name, object]) => [object, name.replace(/^heads/, "remotes/origin")]);
    const git = `${dir}/.git`;
    files.put(`${git}/HEAD`, branch === null ? `${head}\n` : `ref: refs/heads/${branch}\n`);
    files.put(`${git}/config`, `[remote "origin"]\n\turl = ${url}\n`);
    files.put(`${git}/objects/pack/1.pack`, trackedText(`${head}`));
    const shown = [[head, "HEAD"], ...refs.map(([object, name]) => [object, `refs/${name}`])];
    files.put(`${git}/packed-refs`, shown.map((pair) => `${pair.join(" ")}\n`).join(""));
    return {};
  }

  async function checkout(dir: string): Promise<ScriptedResult> {
    files.put(`${dir}/${TRACKED}`, await files.readText(`${dir}/.git/objects/pack/1.pack`));
    return {};
  }

  async function fsck(dir: string): Promise<ScriptedResult> {
    const { stdout } = await revParse(dir);
    const pack = await files.readText(`${dir}/.git/objects/pack/1.pack`);
    return pack === trackedText(`${stdout}`.trim())
      ? {}
      : { code: 1, stderr: "error: object corrupt or missing\n" };
  }

  async function revParse(dir: string): Promise<ScriptedResult> {
    const shown = await readOr(`${dir}/.git/packed-refs`, notARepository(dir));
    return shown.code === undefined ? { stdout: `${`${shown.stdout}`.split(" ")[0]}\n` } : shown;
  }

  async function config(words: readonly string[]): Promise<ScriptedResult> {
    const path = words[words.indexOf("--file") + 1] ?? "";
    if (words.includes("--replace-all")) {
      files.put(path, (await files.readText(path)).replace(/url = .*/, `url = ${words.at(-1)}`));
      return {};
    }
    const url = /url = (.*)/.exec(await files.readText(path))?.[1];
    return url === undefined ? { code: 1 } : { stdout: `${url}\n` };
  }
}

/** Splits options before the verb from the rest. */
function withoutSettings(words: readonly string[]) {
  const values = new Map<string, string>();
  let at = 0;
  for (; words[at]?.startsWith("-"); at += 2) values.set(words[at] ?? "", words[at + 1] ?? "");
  return { values, args: words.slice(at) };
}

function notARepository(path = ""): ScriptedResult {
  return { code: 128, stderr: `fatal: '${path}' does not appear to be a git repository\n` };
}
