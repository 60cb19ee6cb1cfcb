/**
 * A machine on which processes have died in the middle of their operations.
 *
 * @module
 */
import { deleteTask } from "../../../core/engine/delete_task.ts";
import { newProject } from "../../../core/engine/new_project.ts";
import { stopTask } from "../../../core/engine/stop_task.ts";
import type { TaskRef } from "../../../core/query/find_task.ts";
import { interrupt } from "../../support/interrupt.ts";
import {
  CONFIG,
  ENDLESS,
  fakeProject,
  newWorld,
  placesOf,
  ROOT,
  runTask,
  type World,
} from "../../support/world.ts";

/** The machine and its tasks. */
export interface InterruptedScene {
  readonly world: World;
  /** Its deletion was interrupted after the move into the archive. */
  readonly deleted: TaskRef;
  /** Its stop was interrupted before the runtime heard of it. */
  readonly stopped: TaskRef;
  /** Its stop was interrupted before the first step. */
  readonly untouched: TaskRef;
}

/** Makes one; `other` is a project that was not made whole. */
export async function newInterruptedScene(): Promise<InterruptedScene> {
  const world = await newWorld({ projects: { demo: fakeProject(ENDLESS) } });
  const [deleted, stopped, untouched] = [
    await runTask(world.carrel, { name: "deleted", command: ["work"] }),
    await runTask(world.carrel, { name: "stopped", command: ["work"] }),
    await runTask(world.carrel, { name: "untouched", command: ["work"] }),
  ];
  const move = { at: `rename ${placesOf(deleted).dir} to ${ROOT}/archive`, leaving: "all" } as const;
  await interrupt(world, move, (carrel) => deleteTask(carrel, deleted));
  await interrupt(
    world,
    { at: `lock ${ROOT}/core/fake-runtime.lock` },
    (carrel) => stopTask(carrel, stopped),
  );
  await interrupt(
    world,
    { at: `lock ${ROOT}/core/locks/demo/${untouched.id}.lock` },
    (carrel) => stopTask(carrel, untouched),
  );
  await interrupt(world, { at: `create ${CONFIG}/projects/other` }, (carrel) => newProject(carrel, "other"));
  return { world, deleted, stopped, untouched };
}
