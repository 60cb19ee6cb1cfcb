/**
 * A place in which one command is about to be run.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { ageFile } from "./leftovers.ts";
import type { Place } from "./place.ts";
import type { Ran } from "./run_bounded.ts";
import {
  BYSTANDER,
  isInNewRoot,
  type Need,
  projectSettings,
  type RuntimeName,
  type SweptVerb,
} from "./verbs.ts";
import { type Listed, listTasks } from "./world.ts";

/** What every task of a scene has in its workspace. */
export const WORK_FILE = "work.txt";

/** The key of the request; only one request is made in a place. */
const KEY = ["--idempotency-key", "the one", "--json"] as const;

/** A prepared place, kept so that each attempt begins with it. */
export interface Scene {
  readonly place: Place;
  readonly verb: SweptVerb;
  /** The command line, with its idempotency key. */
  readonly words: readonly string[];
  /** The same request under another key. */
  readonly otherWords: readonly string[];
  /** Lines that show what it changes. */
  readonly looks: readonly (readonly string[])[];
  /** The tasks that were made before. */
  readonly tasks: readonly Listed[];
}

/** Prepares it. */
export async function newScene(place: Place, verb: SweptVerb, runtime: RuntimeName): Promise<Scene> {
  await place.clear();
  for (const project of ["demo", "quick"]) await configure(place, project, runtime);
  for (const need of verb.needs ?? []) if (need !== "second commit") await provide(place, need);
  const tasks: Listed[] = [];
  const bystander = isInNewRoot(verb) ? [] : [`task new demo --name ${BYSTANDER} --label kept=yes`];
  for (const line of [...bystander, ...verb.before]) {
    const ran = await place.carrel(wordsOf(line, tasks));
    if (ran.code !== 0) throw new Deno.errors.InvalidData(`${line}: ${ran.stderr}`);
    await learn(place, tasks);
    const [, , project = ""] = line.split(" ");
    if (line.startsWith("project new ")) await configure(place, project, runtime);
  }
  if (verb.needs?.includes("second commit") === true) await commit(place, "two");
  if (verb.needs?.includes("question") === true) await askQuestion(tasks);
  if (verb.needs?.includes("old file") === true) await leaveFile(place);
  if (verb.needs?.includes("old operations") === true) ageOperations(place);
  const interrupted = verb.needs?.includes("interrupted operation") === true
    ? await interrupt(place, tasks)
    : "";
  await place.keep();
  const words = wordsOf(verb.line.replace("{interrupted}", interrupted), tasks);
  const insert = (key: readonly string[]) => {
    const at = words.indexOf("--");
    return at < 0 ? [...words, ...key] : [...words.slice(0, at), ...key, ...words.slice(at)];
  };
  return {
    place,
    verb,
    tasks,
    looks: (verb.looks ?? []).map((line) => wordsOf(line, tasks)),
    words: insert(KEY),
    otherWords: insert(["--idempotency-key", "another", "--json"]),
  };
}

/** The answer itself: the last line of what may be a stream; null when there is none. */
export function answerOf({ stdout }: Pick<Ran, "stdout">): Readonly<Record<string, unknown>> | null {
  return lastObject(stdout);
}

/** The code of the error, which stands beside an answer or instead of one; null without an error. */
export function errorCodeOf({ stderr }: Pick<Ran, "stderr">): string | null {
  const { error } = lastObject(stderr) ?? {};
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

function lastObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * A line as words, with addresses for names.
 *
 * @example
 * ```ts
 * import { wordsOf } from "./scene.ts";
 * import { assertEquals } from "@std/assert";
 * const tasks = [{ id: "q7w2x", project: "demo", name: "a" }];
 * assertEquals(wordsOf("task stop {a}", tasks), ["task", "stop", "demo/q7w2x"]);
 * ```
 */
export function wordsOf(line: string, tasks: readonly Pick<Listed, "id" | "project" | "name">[]): string[] {
  return line.split(" ").map((word) =>
    word.replace(/\{(\w+)(\.id)?\}/, (_, name, bare) => {
      const task = tasks.find((each) => each.name === name);
      if (task === undefined) throw new Deno.errors.NotFound(`no task ${name} for: ${line}`);
      return bare === undefined ? `${task.project}/${task.id}` : task.id;
    })
  );
}

/** Remembers new tasks, and gives each something that must not be lost. */
async function learn(place: Place, tasks: Listed[]): Promise<void> {
  for (const task of listTasks(await place.carrel(["task", "list", "--json"]))) {
    if (tasks.some(({ id }) => id === task.id)) continue;
    tasks.push(task);
    await Deno.writeTextFile(join(task.workspace, WORK_FILE), `the work of ${task.name}\n`);
  }
}

async function configure(place: Place, project: string, runtime: RuntimeName): Promise<void> {
  const file = join(place.config, "projects", project, "project.yml");
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.writeTextFile(file, projectSettings(project, runtime));
}

async function provide(place: Place, need: Need): Promise<void> {
  if (need === "upstream") {
    await place.tool("git", "init", "-q", "-b", "main", join(place.dir, "upstream"));
    await commit(place, "one");
    await configure(place, "app", "fake");
    const file = join(place.config, "projects/app/project.yml");
    await Deno.writeTextFile(file, `git:\n  upstream_url: ${join(place.dir, "upstream")}\n`, {
      append: true,
    });
  } else if (need === "reference file") {
    using raw = new DatabaseSync(join(place.dir, "reference.db"));
    for (const statement of REFERENCE) raw.exec(statement);
  }
}

/** Makes what was done a month old. The audit stays as it is: its times are links of its chain. */
function ageOperations({ root }: Place): void {
  using raw = new DatabaseSync(join(root, "core/state.db"));
  raw.exec("UPDATE flows SET changed_at = changed_at - 30 * 86400 * 1000000");
}

/** Kills a renaming before its first record is replaced. Gives its operation. */
async function interrupt(place: Place, tasks: readonly Listed[]): Promise<string> {
  const words = wordsOf("task rename {subject} half", tasks);
  await place.traced(words, { syscall: "rename", ordinal: 1, effect: "signal=SIGKILL" });
  const { stdout } = await place.carrel(["saga", "list", "--json"]);
  const [, op] = /"op": ?"([0-9a-f-]{36})"/.exec(stdout) ?? [];
  if (op === undefined) throw new Deno.errors.NotFound(`no operation is interrupted: ${stdout}`);
  return op;
}

async function leaveFile({ root }: Place): Promise<void> {
  const file = join(root, "core/projects/demo/tasks/.x0000_meta.yml.0123456789abcdef.tmp");
  await Deno.writeTextFile(file, "mode: run\n");
  await ageFile(file);
}

/** As an agent does that does not know what to do. */
async function askQuestion(tasks: readonly Listed[]): Promise<void> {
  const subject = tasks.find(({ name }) => name === "subject");
  if (subject === undefined) throw new Deno.errors.NotFound("no task asks");
  const file = join(dirname(subject.workspace), "agent-config/escalation.yml");
  await Deno.writeTextFile(file, "reason: unsure\nproposal: {do: it}\nimpact: low\n");
}

async function commit(place: Place, text: string): Promise<void> {
  const dir = join(place.dir, "upstream");
  await Deno.writeTextFile(join(dir, "a"), `${text}\n`);
  await place.tool("git", "-C", dir, "add", ".");
  const identity = ["-c", "user.name=Sweep", "-c", "user.email=sweep@localhost"];
  await place.tool("git", "-C", dir, ...identity, "commit", "-q", "-m", text);
}

const NOW = "TIMESTAMP NOT NULL DEFAULT '2026-01-01 00:00:00'";
const REFERENCE = [
  `CREATE TABLE context_session (dfid TEXT PRIMARY KEY, data JSON NOT NULL DEFAULT '{}', updated_at ${NOW})`,
  `CREATE TABLE flow_transitions (id INTEGER PRIMARY KEY AUTOINCREMENT, dfid TEXT NOT NULL, from_status TEXT,
    to_status TEXT NOT NULL, created_at ${NOW})`,
  `CREATE TABLE decision_audit_events (id INTEGER PRIMARY KEY AUTOINCREMENT, dfid TEXT NOT NULL,
    event TEXT NOT NULL, timestamp TEXT NOT NULL, step_id TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT '', detail_json JSON NOT NULL DEFAULT '{}')`,
  `INSERT INTO context_session (dfid, data) VALUES ('f', '{"step": 1}')`,
];
