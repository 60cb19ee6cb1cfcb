/**
 * A carrel in memory with one project, `demo`, on the fake runtime.
 *
 * @module
 */
import type { Carrel, Notice } from "../../core/carrel.ts";
import type { LaunchRequest } from "../../core/engine/launch_settings.ts";
import { runNewTask } from "../../core/engine/run_task.ts";
import { type MemoryHost, newMemoryHost } from "../../core/host/memory_host.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { invariant } from "../../core/invariant.ts";
import { openCarrel } from "../../core/open_carrel.ts";
import type { RuntimePlugin } from "../../core/port/plugin.ts";
import type { Runtime } from "../../core/port/runtime.ts";
import { fakePlugin } from "../../plugins/fake.ts";

/** What the world is like. */
export interface DemoOptions {
  /** A machine that is there already, e.g. with tasks that another carrel made. */
  readonly host?: MemoryHost;
  /** What containers do: `run.fake`. */
  readonly fake?: Readonly<Record<string, unknown>>;
  /** The rest of project.yml. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly plugins?: readonly RuntimePlugin[];
}

/** A world, and what carrel had to say in it. */
export interface DemoWorld {
  readonly host: MemoryHost;
  readonly carrel: Carrel;
  readonly notices: Notice[];
}

/** Containers that run until they are stopped. */
export const LASTING = { duration_ms: 1e9 };

/** Opens the world. */
export async function openDemo(options: DemoOptions = {}): Promise<DemoWorld> {
  const host = options.host ?? newMemoryHost();
  const settings = { run: { runtime: "fake", fake: options.fake ?? {} }, ...options.config };
  host.files.put("/c/projects/demo/project.yml", JSON.stringify(settings));
  const notices: Notice[] = [];
  const carrel = await openCarrel({
    root: "/r",
    configDir: "/c",
    host,
    lockTimeoutMs: 100,
    notify: (notice) => notices.push(notice),
    ...(options.plugins === undefined ? {} : { plugins: options.plugins }),
  });
  return { host, carrel, notices };
}

/** Makes a task and starts it; its id. Mode `run` unless the request says otherwise. */
export async function runTask(
  { carrel }: DemoWorld,
  request: LaunchRequest & { readonly name?: string } = { command: ["true"] },
): Promise<string> {
  const { ref } = await runNewTask(carrel, parseProjectId("demo"), request);
  invariant(ref !== null, "a task that was made has an id");
  return ref.id;
}

/** The fake runtime with some of its methods replaced. */
export function fakeWith(replace: (runtime: Runtime) => Partial<Runtime>): RuntimePlugin {
  return {
    ...fakePlugin,
    async open(context) {
      const runtime = await fakePlugin.open(context);
      const own = replace(runtime);
      return new Proxy(runtime, {
        get(target, key) {
          const value = Reflect.get(Object.hasOwn(own, key) ? own : target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}
