/**
 * A machine with a task in every state and a cache behind its upstream, and the ways in which it can be spoilt.
 *
 * @module
 */
import { assertEquals, equal } from "@std/assert";
import { AppError } from "../../core/error.ts";
import type { MemoryHost } from "../../core/host/memory_host.ts";
import type { ScriptedResult } from "../../core/host/memory_processes.ts";
import type { Files, Host } from "../../core/port/host.ts";
import { putUpstream } from "../support/git_tool.ts";
import {
  type CallOptions,
  CONFIG,
  newProgram,
  type Program,
  projectFile,
  type Ran,
  recordsDir,
  ROOT,
} from "../support/program.ts";

/**
 * A task of the project `demo`: never started, ended (and asking for a human), running; deleted after a run, and
 * without one.
 */
const TASKS = ["idle", "done", "busy", "gone", "lost"] as const;
export type TaskWord = typeof TASKS[number];

/** Two tasks that begin alike, from another program. */
const TWINS = ["g1aaa", "g1aab"];

/** The machine, and the ids of its tasks. */
export interface Scene {
  readonly program: Program;
  readonly ids: Readonly<Record<TaskWord, string>>;
  /** The operation that started the task `busy`. */
  readonly op: string;
  /** Runs a command line in which `{done}` stands for the id of that task, and `{op}` for the operation. */
  run(argv: readonly string[], options?: CallOptions): Promise<Ran>;
  /** The machine's files by path, but for locks, which stay when they were taken once. */
  records(): Record<string, unknown>;
}

/** What the machine is seen as, when it is not seen as it is. */
export type View = (host: MemoryHost) => Host;

/** Where the project `kept`, which has no tasks, comes from. */
const UPSTREAM = "/srv/kept.git";

/** Makes the machine. */
export async function newScene(): Promise<Scene> {
  const program = newProgram({
    files: {
      [projectFile("demo")]: fakeProject({ stdout: "made\n" }),
      [projectFile("kept")]: `${fakeProject({})}git: {upstream_url: ${UPSTREAM}}\n`,
    },
  });
  const make = async (...argv: string[]) => {
    const { code, stdout, stderr } = await program.run(["-q", ...argv]);
    assertEquals([code, stderr], [0, ""], argv.join(" "));
    return stdout.trim().replace("demo/", "");
  };
  const idle = await make("task", "new", "demo", "--name", "idle");
  const done = await make("task", "run", "demo", "--name", "done", "--detach", "--", "make");
  const gone = await make("task", "run", "demo", "--name", "gone", "--detach", "--", "make");
  await make("task", "delete", `demo/${gone}`);
  const lost = await make("task", "new", "demo", "--name", "lost");
  await make("task", "delete", `demo/${lost}`);
  for (const task of TWINS) {
    const record = `${recordsDir("demo")}/${task}`;
    program.host.files.put(`${record}_dossier.json`, JSON.stringify({ project: "demo", task }));
    program.host.files.put(`${record}_meta.yml`, "mode:\n");
    program.host.files.putDir(`${ROOT}/sandbox-live/tasks/demo/${task}/workspace-dangerous`);
  }
  program.host.files.put(projectFile("demo"), fakeProject({ duration_ms: 1e9 }));
  const busy = await make("task", "run", "demo", "--name", "busy", "--detach", "--", "serve");
  const op = await make("op", "list", "--limit", "1");
  await make("task", "list");
  for (const agent of ["codex", "sleepy", "old"]) await make("agent", "register", agent);
  await make("agent", "suspend", "sleepy", "--reason", "too eager");
  await make("agent", "retire", "old");
  await make("context", "set", "state", "codex", '{"mood":"calm"}');
  program.host.files.put(`${agentDir(done)}/escalation.yml`, "reason: drop the table?\n");
  await make("lock", "acquire", "held", "--ttl", "1d", "--as", "script");
  program.host.processes.onCommand(({ argv }) => argv[0] === "true" ? { code: 0 } : undefined);
  putUpstream(program.host, UPSTREAM, "1".repeat(40));
  await make("cache", "sync", "kept");
  putUpstream(program.host, UPSTREAM, "2".repeat(40));
  const ids = { idle, done, busy, gone, lost };
  const fill = (word: string) =>
    TASKS.reduce((text, task) => text.replaceAll(`{${task}}`, ids[task]), word).replaceAll("{op}", op);
  return {
    program,
    ids,
    op,
    run: (argv, options) => program.run(argv.map(fill), options),
    records: () => recordsOf(program.host),
  };
}

/** Where a task of the project `demo` and carrel leave files for each other. */
export function agentDir(id: string): string {
  return `${ROOT}/sandbox-live/tasks/demo/${id}/agent-config`;
}

/** A project.yml for the runtime `fake`. */
export function fakeProject(script: Readonly<Record<string, unknown>>): string {
  return `run: {runtime: fake, fake: ${JSON.stringify(script)}}\n`;
}

function recordsOf({ files }: MemoryHost): Record<string, unknown> {
  const kept = Object.entries(files.snapshot())
    .filter(([path]) => !path.includes("/locks/") && !path.endsWith(".lock") && !path.endsWith("/reserve"));
  // The order of keys in the simulated engine's own file says nothing.
  return Object.fromEntries(
    kept.map(([path, text]) => [path, path.endsWith("/fake-runtime.json") ? JSON.parse(text) : text]),
  );
}

/** Paths at which two readings of a machine differ. */
export function changes(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => !equal(before[path], after[path])).sort();
}

/** A way to spoil the machine; the answer is how it is seen from then on. */
export type Spoil = (scene: Scene) => View | void | Promise<void>;

const record = ({ ids }: Scene, task: TaskWord, ending: string) =>
  `${recordsDir("demo")}/${ids[task]}${ending}`;

/** Replaces a file. */
function overwrite(path: (scene: Scene) => string, text: string): Spoil {
  return (scene) => scene.program.host.files.put(path(scene), text);
}

/** Makes all tasks podman's, on a machine where podman is like that. */
function onPodman(podman: () => ScriptedResult | undefined): Spoil {
  return ({ program: { host } }) => {
    host.files.put(projectFile("demo"), "run: {runtime: podman, image: localhost/dev}\n");
    for (const [path, text] of Object.entries(host.files.snapshot())) {
      if (path.endsWith("_meta.yml")) host.files.put(path, text.replace("runtime: fake", "runtime: podman"));
      // An archive says it twice.
      if (path.endsWith("/task.json")) host.files.put(path, text.replace('"fake"', '"podman"'));
    }
    host.processes.onCommand(({ argv }) => argv[0] === "podman" ? podman() : undefined);
  };
}

/** Every way. */
export const SPOILS = {
  "broken project.yml": overwrite(() => projectFile("demo"), "run: {runtime: fake\n"),
  "unknown config key": overwrite(() => projectFile("demo"), "run: {runtime: fake, imagee: x}\n"),
  "broken config.yml": overwrite(() => `${CONFIG}/config.yml`, "run: [\n"),
  "damaged dossier": overwrite((scene) => record(scene, "done", "_dossier.json"), '{"project": "demo",'),
  "damaged bookkeeping": overwrite((scene) => record(scene, "done", "_meta.yml"), "mode: [run\n"),
  "empty bookkeeping": overwrite((scene) => record(scene, "done", "_meta.yml"), ""),
  "locked task": async ({ program: { host }, ids }) => {
    await host.files.lock(`${ROOT}/core/locks/demo/${ids.done}.lock`, { timeoutMs: 0 });
  },
  "damaged archive": ({ program: { host } }) => {
    for (const path of Object.keys(host.files.snapshot())) {
      if (path.endsWith("/task.json")) host.files.put(path, "{");
    }
  },
  "unreadable records": () => (host) => deny(host, recordsDir("demo")),
  "unreadable archive": () => (host) => deny(host, `${ROOT}/archive/demo/tasks`),
  "unreadable projects": () => (host) => deny(host, `${CONFIG}/projects`),
  "podman missing": onPodman(() => undefined),
  "podman hanging": onPodman(() => ({ durationMs: Infinity })),
  "podman babbling": onPodman(() => ({ stdout: "panic: oh no\n" })),
  "podman silent": onPodman(() => ({})),
  "podman locked": onPodman(() => ({ code: 125, stderr: "Error: database is locked\n" })),
} as const satisfies Record<string, Spoil>;

/** The machine as one sees it who may not enter `directory`. */
function deny(host: MemoryHost, directory: string): Host {
  const guard = <Args extends unknown[], Result>(
    call: (path: string, ...rest: Args) => Promise<Result>,
    isAllowed = (path: string) => path !== directory && !path.startsWith(`${directory}/`),
  ) =>
  async (path: string, ...rest: Args): Promise<Result> => {
    if (isAllowed(path)) return await call(path, ...rest);
    throw new AppError("permission_denied", `cannot open ${path}: permission denied`);
  };
  const { files } = host;
  const denied: Files = {
    read: guard(files.read),
    readText: guard(files.readText),
    info: guard(files.info, (path) => !path.startsWith(`${directory}/`)),
    exists: async (path) => !path.startsWith(`${directory}/`) && await files.exists(path),
    list: guard(files.list),
    create: guard(files.create),
    append: guard(files.append),
    makeDir: guard(files.makeDir),
    ensureDir: guard(files.ensureDir, (path) => !path.startsWith(`${directory}/`)),
    rename: guard(files.rename),
    removeFile: guard(files.removeFile),
    removeDir: guard(files.removeDir),
    chmod: guard(files.chmod),
    syncDir: guard(files.syncDir),
    freeBytes: guard(files.freeBytes),
    checkWritable: guard(files.checkWritable),
    realPath: guard(files.realPath),
    lock: guard(files.lock),
  };
  return { ...host, files: denied };
}
