/**
 * The real program in a place of its own: the binary that CARREL_BIN names, else this source.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";

/** A finished call. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program with a root and configuration of its own. */
export interface CarrelProgram extends AsyncDisposable {
  /** Parent of `root` and `config`. */
  readonly place: string;
  /** Runs it to the end. */
  run(args: readonly string[], options?: { stdin?: string; env?: Record<string, string> }): Promise<Ran>;
  /** Runs it and reads its JSON answer. */
  json(args: readonly string[]): Promise<unknown>;
  /** Starts it. */
  spawn(args: readonly string[], env?: Record<string, string>): Deno.ChildProcess;
}

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const BINARY = Deno.env.get("CARREL_BIN") || null;

/** Only what podman and git need to find: neither Deno nor Node is on this PATH. */
const PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/** Makes a place; leaving its scope deletes all projects with their containers, then the place. */
export async function newCarrelProgram(): Promise<CarrelProgram> {
  const place = await Deno.makeTempDir({ prefix: "carrel-test-" });
  const argv = BINARY === null ? [Deno.execPath(), "run", "-q", "-A", MAIN] : [BINARY];
  const [program = "", ...before] = argv;
  const kept = [
    "HOME",
    "USER",
    "XDG_RUNTIME_DIR",
    "CONTAINERS_CONF",
    "TMPDIR",
    "DENO_DIR",
    "DENO_NO_UPDATE_CHECK",
  ];
  const base = Object.fromEntries(kept.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
  const environment = {
    ...base,
    PATH,
    CARREL_ROOT: join(place, "root"),
    CARREL_CONFIG_DIR: join(place, "config"),
    GIT_CONFIG_NOSYSTEM: "1",
  };
  const start = (args: readonly string[], env: Record<string, string>, stdin: "piped" | "null") =>
    new Deno.Command(program, {
      args: [...before, ...args],
      clearEnv: true,
      env: { ...environment, ...env },
      stdin,
      stdout: "piped",
      stderr: "piped",
      // A group of its own, as a terminal's foreground job has.
      detached: true,
    }).spawn();
  const run: CarrelProgram["run"] = async (args, { stdin, env = {} } = {}) => {
    const child = start(args, env, stdin === undefined ? "null" : "piped");
    if (stdin !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(stdin));
      await writer.close();
    }
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  };
  return {
    place,
    run,
    spawn: (args, env = {}) => start(args, env, "null"),
    async json(args) {
      const { stdout, stderr } = await run([...args, "--json"]);
      if (stdout === "") throw new TypeError(`no answer to ${args.join(" ")}: ${stderr}`);
      return JSON.parse(stdout);
    },
    async [Symbol.asyncDispose]() {
      const { stdout } = await run(["project", "list", "-q"]);
      for (const project of stdout.split("\n").filter((line) => line !== "")) {
        await run(["project", "delete", "--with-tasks", project]);
      }
      await removeTree(place);
    },
  };
}

/** Files of mapped users are removed by podman when this user cannot. */
async function removeTree(path: string): Promise<void> {
  const { success } = await new Deno.Command("rm", { args: ["-rf", path], stderr: "null" }).output();
  if (!success) await new Deno.Command("podman", { args: ["unshare", "rm", "-rf", path] }).output();
}
