/**
 * Running a program whose failure ends the measurement.
 *
 * @module
 */

/** A program and its arguments. */
export type Argv = readonly [program: string, ...args: string[]];

/** Runs it to its end; what it has printed. Throws a TypeError with its complaint when it fails. */
export async function runProgram(
  [program, ...args]: Argv,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env }).output();
  const decoder = new TextDecoder();
  if (!success) throw new TypeError(`${program} ${args.join(" ")} failed: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

/**
 * The most memory that a program takes, in bytes, as the kernel tells it while it runs: what it takes at its very
 * end may be missed.
 */
export async function peakMemoryOf(
  [program, ...args]: Argv,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = new Deno.Command(program, { args, env, stdout: "null" }).spawn();
  let ended = false;
  const status = child.status.finally(() => ended = true);
  let peak = 0;
  while (!ended) {
    peak = Math.max(peak, readPeak(child.pid));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (!(await status).success) throw new TypeError(`${program} ${args.join(" ")} failed`);
  return peak;
}

/** 0 once there is nothing left to tell. */
function readPeak(pid: number): number {
  try {
    const [, kib = "0"] = /^VmHWM:\s*(\d+) kB/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`)) ?? [];
    return Number(kib) * 1024;
  } catch {
    return 0;
  }
}
