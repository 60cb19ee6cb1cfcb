/**
 * File tools of the system, for trees with names that are not UTF-8 or too many files to go one by one.
 *
 * @module
 */
import { AppError } from "../error.ts";
import type { Host } from "../port/host.ts";

/**
 * Runs a tool (`cp`, `rm`, `find`...) to its end and answers what it printed. One that fails, or takes longer
 * than `timeoutMs`, is `storage_failed`, or `disk_full` when it says so; one that is missing `command_failed`.
 * `name` is what messages call it.
 */
export async function runTool(
  { processes }: Pick<Host, "processes">,
  argv: readonly [string, ...string[]],
  timeoutMs: number,
  name = argv[0],
): Promise<Uint8Array<ArrayBuffer>> {
  const result = await processes.run({ argv, timeoutMs });
  if (result.code === 0 && !result.timedOut) return result.stdout;
  const said = new TextDecoder().decode(result.stderr).trim().split("\n")[0] ?? "";
  throw new AppError(
    /no space left/i.test(said) ? "disk_full" : "storage_failed",
    `${name} failed: ${result.timedOut ? "it took too long" : said || `exit status ${result.code}`}`,
  );
}
