/**
 * Removes what a runtime has of a task.
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { CONTAINER_MODES, containerName } from "../query/container_name.ts";
import { isStranger } from "../query/is_stranger.ts";
import { ownContainer } from "../query/own_container.ts";
import { runtimeOf } from "../query/runtime_of.ts";
import type { HeldTask } from "./with_task.ts";

/** What became of the containers that have names of a task's. */
export interface Removal {
  /** A sentence for each that may still be there. */
  readonly failures: readonly string[];
  /** A sentence for each that was left alone because it is somebody else's. */
  readonly strangers: readonly string[];
}

/** Whether it ever came to a launch: one that died before it recorded its mode has recorded its runtime. */
export function mayHaveContainers({ record }: Pick<HeldTask, "record">): boolean {
  return record.mode !== null || record.runtime !== null;
}

/** Removes the task's containers of every mode. Throws what the runtime throws when it cannot be asked (exit 9). */
export async function removeContainers(
  carrel: Carrel,
  { project, ref, record }: Pick<HeldTask, "project" | "ref" | "record">,
): Promise<Removal> {
  const names = CONTAINER_MODES.map((mode) => containerName(ref.project, mode, ref.id));
  const opened = await runtimeOf(carrel, project, record);
  const found = await opened.runtime.states({ names, anyRoot: new Set(names) });
  const strange = names.filter((name) => isStranger(record, found.get(name)));
  const results = await opened.runtime.remove(names.filter((name) => !strange.includes(name)));
  for (const name of names) {
    const own = await ownContainer(carrel, opened, { project, record }, found.get(name));
    if (own?.isMoved === true) results.push(...await own.runtime.remove([name]));
  }
  return {
    failures: results.filter(({ removed }) => !removed)
      .map(({ name, error }) => `container ${name} may still be there: ${error ?? "not removed"}`),
    strangers: strange.map((name) =>
      `container ${name} has a name of this task's, but the task never ran: it was left alone`
    ),
  };
}
