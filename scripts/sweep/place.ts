/**
 * A directory with everything one carrel touches, put back as it was before each attempt.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { EnginePoint } from "./engine_points.ts";
import { parseTrace, type TracedCall } from "./parse_trace.ts";
import { OPENING_CALLS, SPAWNING_CALLS, WRITING_CALLS } from "./points.ts";
import { type RecordedRun, recordRun } from "./record_run.ts";
import { type Ran, runBounded, type RunOptions } from "./run_bounded.ts";

/** What strace does to the program, beside watching it. */
export interface Injection {
  readonly syscall: string;
  readonly ordinal: number;
  /** `signal=SIGKILL`, `error=EIO`... */
  readonly effect: string;
}

/** A run under strace. */
export interface TracedRun extends Ran {
  readonly calls: readonly TracedCall[];
}

/** Which podman a place has on PATH. */
export type PodmanKind = "stand-in" | "real";

const STANDIN = fromFileUrl(new URL("./podman_standin.sh", import.meta.url));
const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/** One such directory. Its path is the same in each attempt: records hold absolute paths. */
export class Place {
  readonly #program: string;
  readonly #base: string;
  readonly #podman: PodmanKind;
  /** Parent of all below. */
  readonly dir: string;
  readonly root: string;
  readonly config: string;
  /** Where the stand-in for podman keeps its containers. */
  readonly engine: string;
  readonly #usualPath: string;
  #path: string;

  /** @param base an own directory; @param program the compiled carrel */
  constructor(base: string, program: string, podman: PodmanKind = "stand-in") {
    this.#base = base;
    this.#program = program;
    this.#podman = podman;
    this.dir = join(base, "place");
    this.root = join(this.dir, "root");
    this.config = join(this.dir, "config");
    this.engine = join(this.dir, "engine");
    this.#usualPath = `${join(this.dir, "bin")}:${SYSTEM_PATH}`;
    this.#path = this.#usualPath;
  }

  /** Begins with nothing but the stand-in on PATH, where podman is not the real one. */
  async clear(): Promise<void> {
    await Deno.remove(this.#base, { recursive: true }).catch(ignoreMissing);
    for (const dir of [this.root, this.config, this.engine, join(this.dir, "home"), join(this.dir, "bin")]) {
      await Deno.mkdir(dir, { recursive: true, mode: 0o700 });
    }
    if (this.#podman === "real") return;
    await Deno.copyFile(STANDIN, join(this.dir, "bin/podman"));
    await Deno.chmod(join(this.dir, "bin/podman"), 0o755);
  }

  /** Keeps what is there for {@linkcode Place.reset}. */
  async keep(): Promise<void> {
    await Deno.remove(join(this.engine, "calls")).catch(ignoreMissing);
    await this.#tool("cp", "-a", this.dir, join(this.#base, "kept"));
  }

  /** Puts back what was kept. */
  async reset(): Promise<void> {
    await this.#tool("rm", "-rf", this.dir);
    await this.#tool("cp", "-a", join(this.#base, "kept"), this.dir);
  }

  /** Runs carrel. */
  async carrel(
    args: readonly string[],
    options: Pick<RunOptions, "killAfterMs" | "timeoutMs"> = {},
  ): Promise<Ran> {
    return await runBounded([this.#program, ...args], { ...options, env: this.#env(), cwd: this.dir });
  }

  /** The calls of podman since the place was put back. */
  async podmanCalls(): Promise<string[]> {
    const text = await Deno.readTextFile(join(this.engine, "calls")).catch(ignoreMissing);
    return (text ?? "").split("\n").filter((line) => line !== "");
  }

  /** Has one call of podman from now on go wrong, or all of them. */
  async misbehave({ call, occurrence, how }: EnginePoint): Promise<void> {
    if (how === "missing") this.#path = await this.#linkTools();
    else if (how === "old") await Deno.writeTextFile(join(this.engine, "version"), "4.2.0\n");
    else await Deno.writeTextFile(join(this.engine, "misbehave"), `${call} ${occurrence} ${how}\n`);
  }

  /** Whether the call that was to go wrong has been made; podman behaves from then on. */
  async hasMisbehaved(): Promise<boolean> {
    this.#path = this.#usualPath;
    await Deno.remove(join(this.engine, "version")).catch(ignoreMissing);
    try {
      await Deno.remove(join(this.engine, "misbehave"));
      return false;
    } catch (error) {
      ignoreMissing(error);
      return true;
    }
  }

  /** Runs another program here, which must succeed. */
  async tool(...argv: string[]): Promise<string> {
    return await this.#tool(...argv);
  }

  /** Runs carrel under strace. */
  async traced(args: readonly string[], injection?: Injection): Promise<TracedRun> {
    const file = join(this.#base, "trace");
    const watched = injection === undefined
      ? [...WRITING_CALLS, ...SPAWNING_CALLS, ...OPENING_CALLS]
      : [injection.syscall];
    const ran = await runBounded([
      ...["strace", "-f", "-b", "execve", "-qq", "-y", "-s", "0", "-o", file],
      ...["-e", "signal=none", "-e", `trace=${watched.join(",")}`],
      ...(injection === undefined ? [] : ["-e", injectFlag(injection)]),
      ...[this.#program, ...args],
    ], { env: this.#env(), cwd: this.dir });
    return { ...ran, calls: parseTrace(await Deno.readTextFile(file)) };
  }

  /** Runs carrel under strace, which writes down every byte that it and its children write. */
  async recorded(args: readonly string[]): Promise<RecordedRun> {
    const options = { env: this.#env(), cwd: this.dir, file: join(this.#base, "trace") };
    return await recordRun([this.#program, ...args], options);
  }

  /** Removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#base, { recursive: true }).catch(ignoreMissing);
  }

  /** A directory with every program of the system but podman. */
  async #linkTools(): Promise<string> {
    const tools = join(this.#base, "tools");
    await Deno.mkdir(tools, { recursive: true });
    for (const dir of SYSTEM_PATH.split(":")) {
      for (const { name } of await Array.fromAsync(Deno.readDir(dir)).catch(ignoreMissing) ?? []) {
        if (name !== "podman") await Deno.symlink(join(dir, name), join(tools, name)).catch(ignoreTaken);
      }
    }
    return tools;
  }

  async #tool(...argv: string[]): Promise<string> {
    const { code, stdout, stderr } = await runBounded(argv, { env: this.#env(), cwd: this.#base });
    if (code !== 0) throw new Deno.errors.InvalidData(`${argv.join(" ")}: ${stderr}`);
    return stdout;
  }

  #env(): Record<string, string> {
    return {
      PATH: this.#path,
      HOME: join(this.dir, "home"),
      CARREL_ROOT: this.root,
      CARREL_CONFIG_DIR: this.config,
      PODMAN_STANDIN: this.engine,
      GIT_CONFIG_NOSYSTEM: "1",
      LC_ALL: "C.UTF-8",
      ...(this.#podman === "real" ? ownPodman() : {}),
    };
  }
}

/** What leads podman to the images of whoever runs the sweep. */
function ownPodman(): Record<string, string> {
  const names = ["HOME", "XDG_RUNTIME_DIR", "CONTAINERS_CONF"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

function injectFlag({ syscall, ordinal, effect }: Injection): string {
  return `inject=${syscall}:${effect}:when=${ordinal}`;
}

function ignoreTaken(error: unknown): void {
  if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
