/**
 * One process as Linux shows it in /proc.
 *
 * @module
 */

/** What carrel wants to know of `/proc/<pid>/stat`. */
export interface ProcessStat {
  /** Start time in clock ticks since boot (field 22 of proc_pid_stat(5)). */
  readonly startTicks: number;
  /** A zombie, or about to be removed: it runs no more. */
  readonly ended: boolean;
}

/** Field 3 is the first one after the program's name. */
const STATE = 0;
const START_TIME = 22 - 3;

/** Reads `/proc/<pid>/stat`; null when there is no such process. */
export function readProcessStat(pid: number): ProcessStat | null {
  try {
    return parseProcessStat(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return null;
  }
}

/**
 * Parses the line; null when it is not one. The program's name stands in parentheses and may itself
 * hold spaces and parentheses, so that the fields are counted from the last one.
 */
export function parseProcessStat(line: string): ProcessStat | null {
  const fields = line.slice(line.lastIndexOf(")") + 1).trim().split(" ");
  const startTicks = Number(fields[START_TIME]);
  if (!Number.isInteger(startTicks)) return null;
  return { startTicks, ended: ["Z", "X", "x"].includes(fields[STATE] ?? "") };
}
