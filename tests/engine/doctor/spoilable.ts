/**
 * A sound machine that can be spoilt, and hands to spoil its engine.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { deleteTask } from "../../../core/engine/delete_task.ts";
import { stopTask } from "../../../core/engine/stop_task.ts";
import type { TaskRef } from "../../../core/query/find_task.ts";
import {
  DEMO,
  ENDLESS,
  fakeProject,
  look,
  newTask,
  newWorld,
  placesOf,
  ROOT,
  runTask,
  treeAt,
  type World,
} from "../../support/world.ts";

/** A machine with a running, a stopped, an idle and an archived task. */
export interface Scene {
  readonly world: World;
  readonly running: TaskRef;
  readonly stopped: TaskRef;
  readonly idle: TaskRef;
  readonly archived: TaskRef;
}

/** A trouble of a sound machine. */
export interface Spoil {
  readonly name: string;
  spoil(scene: Scene): Promise<void> | void;
  /** What is found: code, and whether it can be put right. */
  readonly finds: readonly (readonly [code: string, fixable: boolean])[];
  /** Checks what became of it once it was treated. */
  check?(scene: Scene): Promise<void> | void;
}

/** The copies of damaged files below a directory. */
export function copiesBelow({ world: { host } }: Scene, dir: string): string[] {
  return Object.entries(treeAt(host, dir)).filter(([path]) => /\.damaged-[0-9a-f]{16}$/.test(path)).map((
    [, text],
  ) => text);
}

/** Where archives are. */
export const ARCHIVES = `${ROOT}/archive/demo/tasks`;

/** Makes the machine. */
export async function newSpoilable(): Promise<Scene> {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const { carrel } = world;
  const running = await runTask(carrel, { name: "running", command: ["work"], env: { KEY: "value" } });
  const stopped = await runTask(carrel, { name: "stopped", command: ["work"], labels: { team: "web" } });
  await stopTask(carrel, stopped);
  const idle = await newTask(carrel, { name: "idle" });
  const archived = await runTask(carrel, { name: "archived", command: ["work"], env: { KEY: "value" } });
  await deleteTask(carrel, archived);
  return { world, running, stopped, idle, archived };
}

const ENGINE = `${ROOT}/core/fake-runtime.json`;

/** A container as the simulated engine keeps it. */
type EngineContainer = { id: string; name: string; labels: Record<string, string>; [key: string]: unknown };

/** Changes what the simulated engine has. */
export async function editEngine(
  { host }: World,
  edit: (containers: EngineContainer[]) => EngineContainer[],
): Promise<void> {
  const engine = JSON.parse(await host.files.readText(ENGINE));
  host.files.put(ENGINE, JSON.stringify({ ...engine, containers: edit(engine.containers) }));
}

/** Names of the containers that there are. */
export async function containerNames(world: World): Promise<string[]> {
  const { runtime } = await (await world.open()).openRuntime("fake", await world.carrel.config(DEMO));
  return [...(await runtime.states({})).keys()].sort();
}

/** A container like that of the stopped task, of another name and with other labels. */
export async function addContainer(
  { world, stopped }: Scene,
  name: string,
  labels: Record<string, string>,
): Promise<void> {
  await editEngine(world, (containers) => {
    const model = containers.find((each) => each.labels["carrel.task"] === stopped.id);
    assert(model !== undefined);
    return [...containers, { ...model, id: `id-of-${name}`, name, labels: { ...model.labels, ...labels } }];
  });
}

/** The task is there again, as far as that can be known. */
export async function checkAdopted(
  { world }: Scene,
  ref: TaskRef,
  expected: readonly unknown[],
): Promise<void> {
  const { mode, status, runtime, workspace, created_at } = await look(await world.open(), ref);
  assertEquals([mode, status, runtime], expected);
  assertEquals([workspace, created_at !== null], [placesOf(ref).dir, true]);
}
