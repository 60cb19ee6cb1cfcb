/**
 * What carrel says of its tasks, archives and locks, through its commands alone.
 *
 * @module
 */
import { join } from "@std/path";
import type { Place } from "./place.ts";
import type { Ran } from "./run_bounded.ts";

/** A task or an archive as it is listed. */
export interface Listed {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  /** The workspace's directory. */
  readonly workspace: string;
  /** All that is said of it, as JSON. */
  readonly text: string;
}

/** One look. */
export interface World {
  readonly tasks: readonly Listed[];
  readonly archives: readonly Listed[];
  /** What other lines answer. */
  readonly looks: readonly string[];
  /** What did not work, as sentences. */
  readonly problems: readonly string[];
}

/** Looks at all tasks, at the archives if a task with one of `ids` is not there, and at what `lines` show. */
export async function lookAround(
  place: Place,
  { ids, lines = [] }: { readonly ids?: readonly string[]; readonly lines?: readonly (readonly string[])[] } =
    {},
): Promise<World> {
  const problems: string[] = [];
  const ask = async (...words: string[]) => {
    const ran = await place.carrel([...words, "--json"]);
    if (ran.code !== 0) {
      problems.push(`\`${words.join(" ")}\` exits ${ran.code}: ${ran.stdout}${ran.stderr}`.trim());
    }
    return ran;
  };
  const tasks = listTasks(await ask("task", "list"));
  const isEnough = ids?.every((wanted) => tasks.some(({ id }) => id === wanted)) === true;
  const archives = isEnough ? [] : listArchives(await ask("archive", "list"), place);
  const looks: string[] = [];
  for (const line of lines) looks.push((await ask(...line)).stdout.trim());
  return { tasks, archives, looks, problems };
}

/** The tasks of `task list --json`. */
export function listTasks({ stdout }: Pick<Ran, "stdout">): Listed[] {
  return rowsOf(stdout).map((row) => ({
    id: textOf(row, "task_id"),
    project: textOf(row, "project_id"),
    name: textOf(row, "name"),
    workspace: join(textOf(row, "workspace"), "workspace-dangerous"),
    text: JSON.stringify(row),
  }));
}

function listArchives({ stdout }: Ran, { root }: Place): Listed[] {
  return rowsOf(stdout).map((row) => {
    const dir = join(root, "archive", textOf(row, "project_id"), "tasks", textOf(row, "archive_id"));
    return {
      id: textOf(row, "task_id"),
      project: textOf(row, "project_id"),
      name: textOf(row, "name"),
      workspace: join(dir, "workspace-dangerous"),
      text: JSON.stringify(row),
    };
  });
}

/** The rows of a JSON array; none when it is something else, which the exit status tells too. */
function rowsOf(stdout: string): Record<string, unknown>[] {
  try {
    const rows: unknown = JSON.parse(stdout);
    return Array.isArray(rows) ? rows : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function textOf(row: Readonly<Record<string, unknown>>, key: string): string {
  const value = row[key];
  return typeof value === "string" ? value : "";
}
