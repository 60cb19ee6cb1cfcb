/**
 * Runs a program to its end, or until its time is up.
 *
 * @module
 */

/** A finished program. */
export interface Ran {
  /** 128+N after signal N. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It was ended because it took too long. */
  readonly timedOut: boolean;
  readonly ms: number;
}

/** How it is run. */
export interface RunOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs?: number;
  /** When the program is killed, and it alone: what it has started goes on. */
  readonly killAfterMs?: number;
}

const TIMEOUT_MS = 60_000;

/** Runs it in a process group of its own, without stdin; one that is too slow is killed with its group. */
export async function runBounded(argv: readonly string[], options: RunOptions): Promise<Ran> {
  const [program = "", ...args] = argv;
  const { timeoutMs = TIMEOUT_MS, killAfterMs, env, cwd } = options;
  const begun = performance.now();
  const child = new Deno.Command(program, {
    args,
    cwd,
    clearEnv: true,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    kill(-child.pid);
  }, timeoutMs);
  const struck = killAfterMs === undefined ? undefined : setTimeout(() => kill(child.pid), killAfterMs);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  clearTimeout(struck);
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
    timedOut,
    ms: performance.now() - begun,
  };
}

/** A group's number is negative. */
function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended in the meantime.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
