/**
 * A carrel on a machine in memory: projects on the runtime `fake`, and hands to look at what verbs did.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { Carrel, Notice } from "../../core/carrel.ts";
import { createTask, type NewTaskRequest } from "../../core/engine/create_task.ts";
import type { LaunchRequest } from "../../core/engine/launch_settings.ts";
import { registerAgent } from "../../core/engine/register_agent.ts";
import { runNewTask } from "../../core/engine/run_task.ts";
import { type MemoryHost, type MemoryHostOptions, newMemoryHost } from "../../core/host/memory_host.ts";
import { parseProjectId, type ProjectId } from "../../core/identity/project_id.ts";
import { parseTaskId } from "../../core/identity/task_id.ts";
import { openCarrel, type OpenOptions } from "../../core/open_carrel.ts";
import type { RuntimePlugin } from "../../core/port/plugin.ts";
import type { ContainerSpec, Runtime } from "../../core/port/runtime.ts";
import { type Archive, listArchives } from "../../core/query/archives.ts";
import type { TaskRef } from "../../core/query/find_task.ts";
import { loadTask } from "../../core/query/load_tasks.ts";
import type { TaskMeta } from "../../core/query/task_meta.ts";
import { fakePlugin } from "../../plugins/fake.ts";
import { newMemoryStorage } from "../../core/state/memory/memory_storage.ts";
import type { StorageBundle } from "../../core/state/storage_bundle.ts";
import { newFileTools } from "./file_tools.ts";
import { newGitTool } from "./git_tool.ts";

/** Where the world's carrel lies. */
export const ROOT = "/srv/carrel";
export const CONFIG = "/etc/carrel-test";

/** The project that every world has unless it says otherwise. */
export const DEMO: ProjectId = parseProjectId("demo");

/** A project.yml for the runtime `fake`; `script` is `run.fake`, `more` further YAML. */
export function fakeProject(script: Record<string, unknown> = {}, more = ""): string {
  return `run: {runtime: fake, fake: ${JSON.stringify(script)}}\n${more}`;
}

/** A run that goes on until it is stopped. */
export const ENDLESS = { duration_ms: 1e9 };

/** What a world begins with. */
export interface WorldOptions extends MemoryHostOptions {
  /** project.yml by project; default: `demo` on the runtime fake. */
  readonly projects?: Readonly<Record<string, string>>;
  readonly plugins?: readonly RuntimePlugin[];
}

/** A machine with a carrel on it. */
export interface World {
  readonly host: MemoryHost;
  /** Its state stores, which last as long. */
  readonly state: StorageBundle;
  readonly carrel: Carrel;
  /** What carrel said while verbs ran. */
  readonly notices: Notice[];
  /** Opens another carrel on the same machine, as the next command does. */
  open(options?: Partial<OpenOptions>): Promise<Carrel>;
  /** Writes a project.yml and opens a carrel that has read it. */
  configure(project: string, text: string): Promise<Carrel>;
}

/** Makes a world. */
export async function newWorld(options: WorldOptions = {}): Promise<World> {
  const { projects = { demo: fakeProject() }, plugins = [fakePlugin] } = options;
  const host = newMemoryHost(options);
  host.processes.onCommand(newFileTools(host));
  host.processes.onCommand(newGitTool(host));
  for (const [name, text] of Object.entries(projects)) host.files.put(projectFile(name), text);
  const notices: Notice[] = [];
  const state = newMemoryStorage(host);
  const open = (more: Partial<OpenOptions> = {}) =>
    openCarrel({
      root: ROOT,
      configDir: CONFIG,
      host,
      plugins,
      openState: () => Promise.resolve(state),
      lockTimeoutMs: 100,
      notify: (notice) => void notices.push(notice),
      ...more,
    });
  return {
    host,
    state,
    carrel: await open(),
    notices,
    open,
    configure: (project, text) => {
      host.files.put(projectFile(project), text);
      return open();
    },
  };
}

/** Path of a project's project.yml. */
export function projectFile(name: string): string {
  return `${CONFIG}/projects/${name}/project.yml`;
}

/** The name of a task, checked. */
export function refOf(id: string, project: string = DEMO): TaskRef {
  return { project: parseProjectId(project), id: parseTaskId(id) };
}

/** Makes a task that has never run. */
export async function newTask(carrel: Carrel, request: NewTaskRequest = {}): Promise<TaskRef> {
  const { ref } = await createTask(carrel, DEMO, request);
  assert(ref !== null);
  return ref;
}

/** Makes a task and starts it. */
export async function runTask(
  carrel: Carrel,
  request: NewTaskRequest & LaunchRequest = { command: ["work"] },
  project: ProjectId = DEMO,
): Promise<TaskRef> {
  const { ref } = await runNewTask(carrel, project, request);
  assert(ref !== null);
  return ref;
}

/** Registers an agent that tasks can run as. */
export async function newAgent(carrel: Carrel, name = "codex"): Promise<void> {
  await registerAgent(carrel, name, { version: "1.0", contract: {}, priority: 0 });
}

/** The only archive of the project. */
export async function onlyArchive(carrel: Carrel, project: ProjectId = DEMO): Promise<Archive> {
  const { archives: [archive, ...others] } = await listArchives(carrel, project);
  assert(archive !== undefined && others.length === 0, "one archive");
  return archive;
}

/** What there is to see of a task. */
export async function look(carrel: Carrel, ref: TaskRef): Promise<TaskMeta> {
  return (await loadTask(carrel, ref)).meta;
}

/** Paths of a task's files. */
export interface TaskPlaces {
  readonly dossier: string;
  readonly bookkeeping: string;
  readonly env: string;
  readonly dir: string;
}

/** Where a task's files are. */
export function placesOf({ project, id }: TaskRef): TaskPlaces {
  const meta = `${ROOT}/core/projects/${project}/tasks`;
  return {
    dossier: `${meta}/${id}_dossier.json`,
    bookkeeping: `${meta}/${id}_meta.yml`,
    env: `${meta}/${id}_env`,
    dir: `${ROOT}/sandbox-live/tasks/${project}/${id}`,
  };
}

/** Everything below `prefix`, with paths relative to it. */
export function treeAt({ files }: MemoryHost, prefix: string): Record<string, string> {
  const entries = Object.entries(files.snapshot())
    .filter(([path]) => path.startsWith(`${prefix}/`) && path !== `${prefix}/`);
  return Object.fromEntries(entries.map(([path, text]) => [path.slice(prefix.length + 1), text]));
}

/** Everything on disk but locks and reserve, which verbs leave also when they change nothing. */
export function dataOf({ files }: MemoryHost): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files.snapshot()).filter(([path]) =>
      !path.startsWith(`${ROOT}/core/locks/`) && path !== `${ROOT}/core/reserve`
    ),
  );
}

/** The runtime `fake` with some methods replaced. */
export function fakeWith(replace: (inner: Runtime) => Partial<Runtime>): RuntimePlugin {
  return {
    ...fakePlugin,
    open: async (context) => {
      const inner = await fakePlugin.open(context);
      return {
        name: inner.name,
        create: (spec) => inner.create(spec),
        start: (name) => inner.start(name),
        stop: (name, options) => inner.stop(name, options),
        remove: (names) => inner.remove(names),
        states: (query) => inner.states(query),
        wait: (name, options) => inner.wait(name, options),
        logs: (name, options) => inner.logs(name, options),
        exec: (name, argv, options) => inner.exec(name, argv, options),
        loginArgv: (name, argv) => inner.loginArgv(name, argv),
        events: (query, options) => inner.events(query, options),
        ...replace(inner),
      };
    },
  };
}

/** A runtime `fake` that keeps what it was asked to do. */
export interface Recorder {
  readonly plugin: RuntimePlugin;
  readonly specs: ContainerSpec[];
  /** `create NAME`, `start NAME`, `stop NAME GRACE_MS`, `remove NAME...`. */
  readonly calls: string[];
}

/** Makes one. */
export function newRecorder(): Recorder {
  const specs: ContainerSpec[] = [];
  const calls: string[] = [];
  const plugin = fakeWith((inner) => ({
    create: (spec) => {
      calls.push(`create ${spec.name}`);
      specs.push(spec);
      return inner.create(spec);
    },
    start: (name) => {
      calls.push(`start ${name}`);
      return inner.start(name);
    },
    stop: (name, options) => {
      calls.push(`stop ${name} ${options.graceMs}`);
      return inner.stop(name, options);
    },
    remove: (names) => {
      calls.push(`remove ${names.join(" ")}`);
      return inner.remove(names);
    },
  }));
  return { plugin, specs, calls };
}
