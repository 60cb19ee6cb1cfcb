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
}

const TIMEOUT_MS = 60_000;

/** Runs it in a process group of its own, without stdin; one that is too slow is killed with its group. */
export async function runBounded(argv: readonly string[], options: RunOptions): Promise<Ran> {
  const [program = "", ...args] = argv;
  const { timeoutMs = TIMEOUT_MS, env, cwd } = options;
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
    killGroup(child.pid);
  }, timeoutMs);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
    timedOut,
    ms: performance.now() - begun,
  };
}

function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has ended in the meantime.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
