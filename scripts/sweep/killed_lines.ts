/**
 * The commands that are killed while real podman works for them.
 *
 * @module
 */

/** The words of a command line, for a project and the address of its task. */
export type Words = (project: string, task: string) => readonly string[];

/** One of them, in one situation. */
export interface KilledLine {
  readonly name: string;
  /** Lines run before. */
  readonly before: readonly Words[];
  readonly words: Words;
}

/** A shell ends at once when it is asked to; a bare `sleep` would not. */
const LONG = ["sh", "-c", "trap 'exit 0' TERM; sleep 600 & wait"];

const run: Words = (project) => ["task", "run", project, "--name", "subject", "--detach", "--", ...LONG];
const stop: Words = (_, task) => ["task", "stop", task];
const remove: Words = (_, task) => ["task", "delete", task];

/** All of them. */
export const KILLED_LINES: readonly KilledLine[] = [
  { name: "task run", before: [], words: run },
  { name: "task stop", before: [run], words: stop },
  { name: "task start", before: [run, stop], words: (_, task) => ["task", "start", task] },
  { name: "task restart", before: [run], words: (_, task) => ["task", "restart", task] },
  {
    name: "task restart --recreate",
    before: [run],
    words: (_, task) => ["task", "restart", task, "--recreate"],
  },
  { name: "task delete", before: [run], words: remove },
  {
    name: "task delete --purge",
    before: [run],
    words: (_, task) => ["task", "delete", task, "--purge", "--yes"],
  },
  { name: "archive restore", before: [run, remove], words: (_, task) => ["archive", "restore", task] },
];
